import type { Environment, Diagnostic } from '../carriers/adapter.ts';
import type { Account, Caller } from '../accounts/account.ts';

/** What was found about every account. */
export interface DiagnosticReport {
  /** Nothing failed; a warning is something to know and stops nothing. */
  readonly well: boolean;
  readonly accounts: readonly AccountDiagnostics[];
  /** What is wrong with a configuration that can't be read, by path; no account was looked at then. */
  readonly faults?: readonly string[];
}

export interface AccountDiagnostics {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  readonly environment: Environment;
  readonly diagnostics: readonly Diagnostic[];
}

/** A provider that hangs ends its account's examination, and no other's. */
const patienceMs = 60_000;

/** Examines every account of every tenant: what is true of all providers here, the rest by its own adapter. */
export async function diagnoseAccounts(callers: readonly Caller[]): Promise<DiagnosticReport> {
  const accounts = await Promise.all(
    callers.flatMap(({ tenant, accounts }) =>
      accounts.map(async (account) => ({
        tenant: tenant.id,
        account: account.id,
        provider: account.provider,
        environment: account.environment,
        diagnostics: await findingsOf(account),
      })),
    ),
  );
  const well = accounts.every(({ diagnostics }) => diagnostics.every(({ status }) => status !== 'failed'));
  return { well, accounts };
}

async function findingsOf({ adapter, name, environment, host }: Account): Promise<Diagnostic[]> {
  const findings: Diagnostic[] = [
    { check: 'configuration', status: 'ok', message: `reads as ${name}, ${environment.toLowerCase()}` },
  ];
  if (host?.instead !== undefined) {
    const message = `${host.name} is an old host that its provider has switched off, so no call is made`;
    const hint = `Set the account's base URL to ${host.instead}, without a path.`;
    return [...findings, { check: 'host', status: 'failed', message, hint }];
  }
  findings.push({ check: 'host', status: 'ok', message: `${host?.name} is in use` });
  try {
    const own = await adapter.diagnose?.({ signal: AbortSignal.timeout(patienceMs) });
    return [...findings, ...(own ?? [])];
  } catch {
    // An adapter reports what its provider does; what it throws is a fault of ours, or its patience has ended.
    const message = `the checkup did not end within ${patienceMs / 1000} s, or failed`;
    const hint = 'Ask again later; if it stays so, report it.';
    return [...findings, { check: 'checkup', status: 'failed', message, hint }];
  }
}
