import type { Diagnostic } from '../carriers/adapter.ts';
import type { Environment } from '../carriers/provider.ts';
import type { Account, Caller } from '../accounts/account.ts';

/** The diagnostics of every account. */
export interface DiagnosticReport {
  /** True if nothing failed. A warning does not count as a failure. */
  readonly well: boolean;
  readonly accounts: readonly AccountDiagnostics[];
  /** The errors of an invalid configuration, by path. No account is checked in this case. */
  readonly faults?: readonly string[];
}

/** The diagnostics of one account. */
export interface AccountDiagnostics {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  readonly environment: Environment;
  readonly diagnostics: readonly Diagnostic[];
}

/** Limit for the checks of one account; the other accounts do not wait for it. */
const timeoutMs = 60_000;

/** Checks every account of every tenant: here what applies to all providers, then what its adapter checks. */
export async function diagnoseAccounts(callers: readonly Caller[]): Promise<DiagnosticReport> {
  const accounts = await Promise.all(
    callers.flatMap(({ tenant, accounts }) =>
      accounts.map(async (account) => ({
        tenant: tenant.id,
        account: account.id,
        provider: account.provider,
        environment: account.environment,
        diagnostics: await diagnoseAccount(account),
      })),
    ),
  );
  const well = accounts.every(({ diagnostics }) => diagnostics.every(({ status }) => status !== 'failed'));
  return { well, accounts };
}

async function diagnoseAccount({ adapter, name, environment, host }: Account): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [
    { check: 'configuration', status: 'ok', message: `is valid: ${name}, ${environment.toLowerCase()}` },
  ];
  if (host?.instead !== undefined) {
    const message = `${host.name} is a retired host of the provider, so no request is sent`;
    const hint = `Set the account's base URL to ${host.instead}, without a path.`;
    return [...diagnostics, { check: 'host', status: 'failed', message, hint }];
  }
  diagnostics.push({ check: 'host', status: 'ok', message: `${host?.name} is in use` });
  try {
    const own = await adapter.diagnose?.({ signal: AbortSignal.timeout(timeoutMs) });
    return [...diagnostics, ...(own ?? [])];
  } catch {
    // An adapter returns the provider's errors as diagnostics. It throws only on a time-out or a bug.
    const message = `the checks failed, or did not finish within ${timeoutMs / 1000} s`;
    const hint = 'Run the command again later. If it fails again, report a bug.';
    return [...diagnostics, { check: 'checkup', status: 'failed', message, hint }];
  }
}
