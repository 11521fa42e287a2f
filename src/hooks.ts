import type { Webhook } from './carriers/news.ts';
import type { Account, Caller } from './context.ts';
import { outcome, ProviderError } from './domain/errors.ts';
import type { Sealer } from './domain/seal.ts';
import { webhookPaths } from './server/webhooks.ts';
import { isLoopback } from './transport/networks.ts';

export const hookActions = ['register', 'list', 'remove'] as const;
export type HookAction = (typeof hookActions)[number];

/** What was done, or found, at the provider of one account. */
export interface HookReport {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** Where we take its news. */
  readonly url: string;
  readonly done?: string;
  /** All addresses that the provider sends to; ours among them, where it is registered. */
  readonly webhooks?: readonly Webhook[];
  readonly fault?: string;
}

const patienceMs = 60_000;

/** Does so for every account that takes news, which is one that has a secret for it. */
export function tendHooks(
  action: HookAction,
  callers: readonly Caller[],
  sealer: Sealer,
  publicUrl: string,
): Promise<HookReport[]> {
  const accounts = callers.flatMap((caller) =>
    caller.accounts.filter(({ carrier }) => carrier.webhooks).map((account) => ({ caller, account })),
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
  action: HookAction,
  { carrier, host }: Account,
  url: string,
): Promise<Pick<HookReport, 'done' | 'webhooks' | 'fault'>> {
  const desk = carrier.webhooks!;
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
