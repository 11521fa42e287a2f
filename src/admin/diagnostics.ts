import type { Diagnostic } from '../carriers/adapter.ts';
import type { Environment } from '../carriers/provider.ts';
import type { Caller } from '../accounts/account.ts';
import { diagnoseAccount } from '../accounts/diagnostics.ts';

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

/** Checks every account of every tenant. */
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
