import type { Diagnostic } from '../carriers/adapter.ts';
import type { Account } from './account.ts';

/** Limit for the checks of one account; the other accounts do not wait for it. */
const timeoutMs = 60_000;

/** Checks an account: here what applies to all providers, then what its adapter checks. */
export async function diagnoseAccount({ adapter, name, environment, host }: Account): Promise<Diagnostic[]> {
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
    const hint = 'Run the checks again later. If it fails again, report a bug.';
    return [...diagnostics, { check: 'diagnostics', status: 'failed', message, hint }];
  }
}
