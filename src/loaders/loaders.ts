import DataLoader from 'dataloader';

import type { Account, Caller } from '../context.ts';
import type { Address, Verification } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import type { Quote, RateRequest } from '../domain/rate.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredShipment } from '../ledger/shipments.ts';
import { InFlight } from './in-flight.ts';
import { trackerLoader } from './trackers.ts';

/** What all requests of the process share: what is being asked right now. */
export interface Shared {
  readonly tracking: InFlight<Outcome<Tracking>>;
  readonly verification: InFlight<Outcome<Verification>>;
}

export const createShared = (): Shared => ({ tracking: new InFlight(), verification: new InFlight() });

/** What one request's loaders are bound to; credentials are bound already, in the caller's accounts. */
export interface LoaderScope {
  readonly caller: Caller | undefined;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly shared: Shared;
}

export type Loaders = ReturnType<typeof createLoaders>;

/** Fresh loaders for one request: many questions of one operation become the fewest calls. */
export function createLoaders(scope: LoaderScope) {
  const { caller, ledger, signal, shared } = scope;
  const tenantId = caller?.tenant.id ?? '';
  return {
    verification: new DataLoader<{ account: Account; address: Address }, Outcome<Verification>, string>(
      (questions) =>
        byAccount(questions, (account, group) => {
          const { verify } = account.carrier;
          if (!verify) return unable(account, group, 'verify addresses');
          const keys = group.map(({ address }) => JSON.stringify([tenantId, account.id, address]));
          return shared.verification.answers(
            keys,
            signal,
            (indices, shared) =>
            verify(indices.map((index) => group[index]!.address), { signal: shared }), // prettier-ignore
          );
        }),
      { cacheKeyFn: ({ account, address }) => JSON.stringify([account.id, address]) },
    ),

    // A quote may create something at its provider, so it is shared within one operation only.
    quote: new DataLoader<{ account: Account; request: RateRequest }, Outcome<Quote>, string>(
      (questions) =>
        byAccount(questions, (account, group) => {
          const { quote } = account.carrier;
          if (!quote) return unable(account, group, 'quote rates');
          return quote(group.map(({ request }) => request), { signal }); // prettier-ignore
        }),
      { cacheKeyFn: ({ account, request }) => JSON.stringify([account.id, request]) },
    ),

    tracker: trackerLoader(scope),

    shipment: new DataLoader<string, StoredShipment | undefined>((ids) =>
      ledger.shipments.byIds(tenantId, ids),
    ),

    shipmentByNumber: new DataLoader<string, StoredShipment | undefined>((numbers) =>
      ledger.shipments.byNumbers(tenantId, numbers),
    ),
  };
}

/** Asks each account once for all of its questions, and puts the answers back in the order asked. */
async function byAccount<Q extends { account: Account }, A>(
  questions: readonly Q[],
  ask: (account: Account, group: readonly Q[]) => Promise<readonly A[]> | readonly A[],
): Promise<A[]> {
  const groups = Map.groupBy(questions.keys(), (index) => questions[index]!.account);
  const answers: A[] = new Array<A>(questions.length);
  await Promise.all(
    [...groups].map(async ([account, indices]) => {
      const group = await ask(account, indices.map((index) => questions[index]!)); // prettier-ignore
      indices.forEach((index, at) => void (answers[index] = group[at]!));
    }),
  );
  return answers;
}

function unable(account: Account, group: readonly unknown[], what: string): ProviderError[] {
  const can = account.operations.join(', ').toLowerCase().replaceAll('_', ' ');
  return group.map(
    () => new ProviderError('NOT_SUPPORTED', `${account.name} does not ${what}; it can ${can}`),
  );
}
