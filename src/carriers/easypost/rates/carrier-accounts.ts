import { z } from 'zod';

import { findCarrier } from '../carrier-names.ts';
import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { EasyPostClient } from '../client.ts';
import { currentPlan, followedBy } from '../../../transport/call-plan.ts';

/** `type` is like "DhlEcsAccount", `readable` its name for people, like "DHL eCommerce". */
const carrierAccountList = z.array(
  z.object({ id: z.string(), type: z.string(), readable: z.string().nullish() }),
);
type CarrierAccount = z.infer<typeof carrierAccountList>[number];

const freshForMs = 60 * 60 * 1000;
/** The longest that a quote waits for the list before it asks all carrier accounts. */
const listTimeoutMs = 5_000;

const askAgain = { calls: 1, when: 'a carrier account was removed within the last hour' };

/** Asks for rates with these carrier accounts, or with all of them where undefined. */
type AskWith<T> = (carrierAccounts: readonly string[] | undefined) => Promise<T>;

/**
 * Restricts requests for rates to the carrier accounts of the requested carriers: other accounts only delay the
 * response, and EasyPost rates with at most sixty. Accounts are listed at most once an hour, and not at all for requests
 * of all carriers. All accounts are asked where the list fails or has none of the carriers.
 */
export function createCarrierAccountFilter(client: EasyPostClient) {
  let listing: Promise<readonly CarrierAccount[]> = Promise.resolve([]);
  let listedUntil = -Infinity;

  async function list(): Promise<readonly CarrierAccount[]> {
    // A signal of its own, since several requests share the list.
    const timeout = AbortSignal.timeout(listTimeoutMs);
    try {
      return await client.list(carrierAccountList, '/carrier_accounts', timeout);
    } catch (error) {
      if (timeout.aborted || error instanceof ProviderError) return [];
      throw error;
    }
  }

  return async <T>(carriers: readonly string[] | undefined, ask: AskWith<T>): Promise<T> => {
    if (carriers === undefined) return ask(undefined);
    const isDue = client.clock.now() >= listedUntil;
    const plan = currentPlan();
    if (isDue && plan) {
      // A plan counts the list, and leaves it to be read.
      await plan.once(client, list);
      return followedBy(ask(undefined), askAgain);
    }
    if (isDue) {
      listedUntil = client.clock.now() + freshForMs;
      listing = list();
    }
    const accounts = (await listing).filter((account) => mayBelongTo(account, carriers));
    if (accounts.length === 0) return ask(undefined);
    const result = await outcome(() => followedBy(ask(accounts.map(({ id }) => id)), askAgain));
    if (!(result instanceof ProviderError)) return result;
    if (result.providerCode !== 'SHIPMENT.CARRIER_ACCOUNTS.INVALID') throw result;
    // An account was removed since: drop the list until the next one is due.
    listing = Promise.resolve([]);
    return ask(undefined);
  };
}

/** An account whose carrier is unknown to us may belong to any of them. */
function mayBelongTo({ type, readable }: CarrierAccount, carriers: readonly string[]): boolean {
  const carrier = findCarrier(type.replace(/Account$/, '')) ?? findCarrier(readable ?? '');
  return carrier === undefined || carriers.includes(carrier);
}
