import type { RegisteredWebhook } from '../carriers/webhooks.ts';
import type { Account, Caller } from '../accounts/account.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import { webhookPaths } from '../server/webhooks.ts';
import { isLoopback } from '../transport/networks.ts';

export const webhookActions = ['register', 'list', 'remove'] as const;
export type WebhookAction = (typeof webhookActions)[number];

/** What was done, or found, at the provider of one account. */
export interface WebhookReport {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** Where we take its news. */
  readonly url: string;
  readonly done?: string;
  /** All addresses that the provider sends to; ours among them, where it is registered. */
  readonly webhooks?: readonly RegisteredWebhook[];
  readonly fault?: string;
}

const patienceMs = 60_000;

/** Does so for every account that takes news, which is one that has a secret for it. */
export function runWebhookAction(
  action: WebhookAction,
  callers: readonly Caller[],
  sealer: Sealer,
  publicUrl: string,
): Promise<WebhookReport[]> {
  const accounts = callers.flatMap((caller) =>
    caller.accounts.filter(({ adapter }) => adapter.webhooks).map((account) => ({ caller, account })),
  );
  return Promise.all(
    accounts.map(async ({ caller, account }) => {
      const url = publicUrl + webhookPaths(sealer, caller, account)[0];
      const about = { tenant: caller.tenant.id, account: account.id, provider: account.provider, url };
      const told = await outcome(() => tend(action, account, url));
      if (!(told instanceof ProviderError)) return { ...about, ...told };
      return { ...about, fault: [told.message, told.hint].filter(Boolean).join('. ') };
    }),
  );
}

async function tend(
  action: WebhookAction,
  { adapter, host }: Account,
  url: string,
): Promise<Pick<WebhookReport, 'done' | 'webhooks' | 'fault'>> {
  const desk = adapter.webhooks!;
  const call = { signal: AbortSignal.timeout(patienceMs) };
  switch (action) {
    case 'list':
      return { webhooks: await desk.list(call) };
    case 'remove': {
      const removed = await desk.remove(url, call);
      return { done: removed > 0 ? 'removed' : 'was not registered' };
    }
    case 'register': {
      const here = new URL(url).hostname;
      if (isLoopback(here) && !isLoopback(new URL(`http://${host?.name}`).hostname)) {
        return {
          fault:
            `${here} is this machine's own name for itself: ${host?.name} would send the news to itself. ` +
            'Set PUBLIC_URL to an address at which it can reach this server',
        };
      }
      return { done: await desk.register(url, call) };
    }
  }
}
