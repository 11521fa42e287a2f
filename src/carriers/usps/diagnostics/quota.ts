import type { Diagnostic } from '../../adapter.ts';
import { formatTime } from '../../diagnostics.ts';
import { failed, ok, warning, type DiagnosticContext } from './context.ts';

/** More token requests within an hour than restarts explain: a token lasts eight hours, so a program loops. */
const maxTokenRequests = 5;

/** Checks the remaining quota by this server's own count, without a call. */
export async function checkQuota({ quotas }: DiagnosticContext): Promise<Diagnostic> {
  const check = 'quota';
  const all = await quotas();
  const remaining = all.map((quota) => `${quota.api} ${quota.remaining}/${quota.limit}`).join(', ');
  const exhausted = all.filter((quota) => quota.remaining === 0);
  if (exhausted.length > 0) {
    const resets = exhausted.map(({ api, resetsAt = 0 }) => `${api} until ${formatTime(resetsAt)}`);
    return failed(
      check,
      `exhausted: ${resets.join(', ')}`,
      'Wait for the reset, or request a larger quota from USPS by service request and set it on the account.',
    );
  }
  const oauth = all.find(({ api }) => api === 'oauth');
  const tokenRequests = oauth ? oauth.limit - oauth.remaining : 0;
  if (tokenRequests > maxTokenRequests) {
    return warning(
      check,
      `${tokenRequests} token requests within the hour, though a token lasts eight hours; remaining: ${remaining}`,
      'Look for a program that retries after a 401: refused calls count too, and 429 follows.',
    );
  }
  return ok(check, `remaining by this server's count: ${remaining}`);
}
