import type { Environment, Finding } from './carriers/carrier.ts';
import type { Account, Caller } from './context.ts';

/** What was found about every account. */
export interface Diagnosis {
  /** Nothing failed; a warning is something to know and stops nothing. */
  readonly well: boolean;
  readonly accounts: readonly Examined[];
  /** What is wrong with a configuration that can't be read, by path; no account was looked at then. */
  readonly faults?: readonly string[];
}

export interface Examined {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  readonly environment: Environment;
  readonly findings: readonly Finding[];
}

/** A provider that hangs ends its account's examination, and no other's. */
const patienceMs = 60_000;

/** Examines every account of every tenant: what is true of all providers here, the rest by its own adapter. */
export async function examine(callers: readonly Caller[]): Promise<Diagnosis> {
  const accounts = await Promise.all(
    callers.flatMap(({ tenant, accounts }) =>
      accounts.map(async (account) => ({
        tenant: tenant.id,
        account: account.id,
        provider: account.provider,
        environment: account.environment,
        findings: await findingsOf(account),
      })),
    ),
  );
  const well = accounts.every(({ findings }) => findings.every(({ status }) => status !== 'failed'));
  return { well, accounts };
}

async function findingsOf({ carrier, name, environment, host }: Account): Promise<Finding[]> {
  const findings: Finding[] = [
    { check: 'configuration', status: 'ok', message: `reads as ${name}, ${environment.toLowerCase()}` },
  ];
  if (host?.instead !== undefined) {
    const message = `${host.name} is an old host that its provider has switched off, so no call is made`;
    const hint = `Set the account's base URL to ${host.instead}, without a path.`;
    return [...findings, { check: 'host', status: 'failed', message, hint }];
  }
  findings.push({ check: 'host', status: 'ok', message: `${host?.name} is in use` });
  try {
    const own = await carrier.checkup?.({ signal: AbortSignal.timeout(patienceMs) });
    return [...findings, ...(own ?? [])];
  } catch {
    // An adapter reports what its provider does; what it throws is a fault of ours, or its patience has ended.
    const message = `the checkup did not end within ${patienceMs / 1000} s, or failed`;
    const hint = 'Ask again later; if it stays so, report it.';
    return [...findings, { check: 'checkup', status: 'failed', message, hint }];
  }
}
