import type { Sealer } from '../domain/seal.ts';
import type { Account, Caller } from './account.ts';

/**
 * Returns the paths at which an account receives webhooks; the first is the one to register. Its last segment is derived
 * from the secret, tenant and account, so that it can't be guessed and is stored nowhere; for the single tenant of the
 * environment it is the account's alias. After a change of secret, the path derived from the previous secret follows.
 */
export function webhookPaths(
  sealer: Sealer,
  { tenant }: Caller,
  { id, provider }: Account,
): readonly [string, ...string[]] {
  const toPath = (endpoint: string) => `/webhooks/${provider}/${endpoint}`;
  if (tenant.single) return [toPath(id)];
  const [current, ...older] = sealer.deriveNames('webhook', JSON.stringify([tenant.id, id]));
  return [toPath(current), ...older.map(toPath)];
}
