import type { RegisteredWebhook } from '../carriers/webhooks.ts';
import type { Account, Caller } from '../accounts/account.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import { webhookPaths } from '../accounts/webhook-paths.ts';
import { isLoopback } from '../transport/networks.ts';

export const webhookActions = ['register', 'list', 'remove'] as const;
export type WebhookAction = (typeof webhookActions)[number];

/** The result of an action for one account. */
export interface WebhookReport {
  readonly tenant: string;
  readonly account: string;
  readonly provider: string;
  /** The URL of this server that receives the account's webhook events. */
  readonly url: string;
  /** The outcome of `register` or `remove`. */
  readonly done?: string;
  /** Every webhook at the provider, those of other systems included. */
  readonly webhooks?: readonly RegisteredWebhook[];
  readonly fault?: string;
}

const timeoutMs = 60_000;

/** Runs an action for every account that has a webhook secret, and whose provider registers webhooks on request. */
export function runWebhookAction(
  action: WebhookAction,
  callers: readonly Caller[],
  sealer: Sealer,
  publicUrl: string,
): Promise<WebhookReport[]> {
  const accounts = callers.flatMap((caller) =>
    caller.accounts
      .filter(({ adapter }) => adapter.webhooks?.registration)
      .map((account) => ({ caller, account })),
  );
  return Promise.all(
    accounts.map(async ({ caller, account }) => {
      const url = publicUrl + webhookPaths(sealer, caller, account)[0];
      const summary = { tenant: caller.tenant.id, account: account.id, provider: account.provider, url };
      const result = await outcome(() => runForAccount(action, account, url));
      if (!(result instanceof ProviderError)) return { ...summary, ...result };
      return { ...summary, fault: [result.message, result.hint].filter(Boolean).join('. ') };
    }),
  );
}

async function runForAccount(
  action: WebhookAction,
  { adapter, host }: Account,
  url: string,
): Promise<Pick<WebhookReport, 'done' | 'webhooks' | 'fault'>> {
  const webhooks = adapter.webhooks!.registration!;
  const call = { signal: AbortSignal.timeout(timeoutMs) };
  switch (action) {
    case 'list':
      return { webhooks: await webhooks.list(call) };
    case 'remove': {
      const removed = await webhooks.remove(url, call);
      return { done: removed > 0 ? 'removed' : 'was not registered' };
    }
    case 'register': {
      const { hostname } = new URL(url);
      if (isLoopback(hostname) && !isLoopback(new URL(`http://${host?.name}`).hostname)) {
        return {
          fault:
            `${hostname} is a loopback address, which ${host?.name} cannot reach. ` +
            'Set PUBLIC_URL to a URL at which the provider reaches this server',
        };
      }
      return { done: await webhooks.register(url, call) };
    }
  }
}
