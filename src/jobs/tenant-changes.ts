import type { Logger } from 'pino';

import type { LedgerTenants } from '../accounts/ledger-tenants.ts';
import type { Notifications } from '../storage/notifications.ts';
import { tenantChannel } from '../storage/records/tenants.ts';

const retryMs = 1_000;

export interface FollowOptions {
  readonly notifications: Notifications;
  readonly ledgerTenants: Pick<LedgerTenants, 'refresh'>;
  readonly log: Logger;
}

/** Follows the changes of tenants by other replicas, until the returned function is called. */
export function followTenants({ notifications, ledgerTenants, log }: FollowOptions): () => Promise<void> {
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;
  let last: Promise<void> | undefined;
  const refresh = (tenantId?: string) => {
    last = ledgerTenants.refresh(tenantId).catch((err: unknown) => {
      if (isStopped) return;
      log.warn({ err }, 'changed tenants could not be read; trying again');
      retry ??= setTimeout(() => {
        retry = undefined;
        refresh();
      }, retryMs);
    });
  };
  const stop = notifications.listen(tenantChannel, refresh, () => refresh());
  return async () => {
    isStopped = true;
    await stop();
    clearTimeout(retry);
    await last;
  };
}
