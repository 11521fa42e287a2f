import { z } from 'zod';

import { carrierWord } from '../../../domain/carriers.ts';
import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { EasyPost } from '../client.ts';

/** "DhlEcsAccount", and "DHL eCommerce" as people call it. */
const carrierAccountList = z.array(
  z.object({ id: z.string(), type: z.string(), readable: z.string().nullish() }),
);
type CarrierAccount = z.infer<typeof carrierAccountList>[number];

const freshForMs = 60 * 60 * 1000;
/** A price can wait so long for the listing, and be had without it. */
const patienceMs = 5_000;

/** Asks about no more carrier accounts than those that are passed on; about all of them where none are. */
type Ask<T> = (accounts: readonly string[] | undefined) => Promise<T>;

/**
 * Has only those carrier accounts asked that are of the carriers: nobody waits for the others, and EasyPost rates no more
 * than sixty. They are listed once an hour at most, and not at all where all carriers are asked for; where they can't be
 * listed, or none is known to be of the carriers, all are asked.
 */
export function carrierAccounts(easypost: EasyPost) {
  let listing: Promise<readonly CarrierAccount[]> = Promise.resolve([]);
  let listedUntil = -Infinity;

  async function list(): Promise<readonly CarrierAccount[]> {
    // Many may wait for it: it outlives whoever came first.
    const late = AbortSignal.timeout(patienceMs);
    try {
      return await easypost.list(carrierAccountList, '/carrier_accounts', late);
    } catch (error) {
      if (late.aborted || error instanceof ProviderError) return [];
      throw error;
    }
  }

  return async <T>(carriers: readonly string[] | undefined, ask: Ask<T>): Promise<T> => {
    if (carriers === undefined) return ask(undefined);
    if (easypost.clock.now() >= listedUntil) {
      listedUntil = easypost.clock.now() + freshForMs;
      listing = list();
    }
    const wanted = (await listing).filter((account) => mayBeOf(account, carriers));
    if (wanted.length === 0) return ask(undefined);
    const answer = await outcome(() => ask(wanted.map(({ id }) => id)));
    if (!(answer instanceof ProviderError)) return answer;
    if (answer.providerCode !== 'SHIPMENT.CARRIER_ACCOUNTS.INVALID') throw answer;
    // One was removed since: the listing is of no use until it is read again.
    listing = Promise.resolve([]);
    return ask(undefined);
  };
}

/** One that we have no word for may be anybody's. */
function mayBeOf({ type, readable }: CarrierAccount, carriers: readonly string[]): boolean {
  const carrier = carrierWord(type.replace(/Account$/, '')) ?? carrierWord(readable ?? '');
  return carrier === undefined || carriers.includes(carrier);
}
