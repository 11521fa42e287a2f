import DataLoader from 'dataloader';

import type { Account } from '../context.ts';
import { carriersByForm } from '../domain/carriers.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import { defaultMaxAge, type ParcelNumber, type Tracking } from '../domain/tracking.ts';
import type { KnownTracking } from '../ledger/trackers.ts';
import type { LoaderScope } from './loaders.ts';

export interface TrackerQuestion {
  readonly parcel: ParcelNumber;
  /** Which account is asked; chosen when left out. */
  readonly account?: Account;
  readonly maxAgeSeconds?: number;
}

/** A parcel with the best that is known of it, and why that is not better. */
export interface KnownTracker {
  readonly parcel: ParcelNumber;
  readonly tracking?: Tracking;
  readonly account?: Account;
  /** Epoch milliseconds. */
  readonly asOf?: number;
  readonly stale: boolean;
  readonly failure?: { readonly error: ProviderError; readonly account?: Account };
}

/** One that must be asked about, and whom to ask in turn. */
interface Pending {
  readonly question: TrackerQuestion;
  readonly known?: KnownTracking;
  readonly candidates: Account[];
  answer?: { tracking: Tracking; account: Account; asOf: number };
  failure?: { error: ProviderError; account?: Account };
}

/** Asks the ledger once for all, then each account once for all that is not fresh enough there. */
export function trackerLoader(scope: LoaderScope) {
  return new DataLoader<TrackerQuestion, KnownTracker, string>(
    (questions) => loadTrackers(questions, scope),
    {
      cacheKeyFn: ({ parcel, account, maxAgeSeconds }) =>
        [parcel.trackingNumber, parcel.carrier, account?.id, maxAgeSeconds].join(' '),
    },
  );
}

async function loadTrackers(
  questions: readonly TrackerQuestion[],
  scope: LoaderScope,
): Promise<KnownTracker[]> {
  const { caller, ledger, clock } = scope;
  if (caller === undefined) throw new Error('trackers were asked for by nobody');
  const now = clock.now();
  const known = await ledger.trackers.read(caller.tenant.id, questions.map((each) => each.parcel)); // prettier-ignore
  const old = questions.map((question, index) => !isFresh(question, known[index], now));
  const sold = await ledger.shipments.byNumbers(
    caller.tenant.id,
    questions.flatMap(({ parcel }, index) => (old[index] ? [parcel.trackingNumber] : [])),
  );
  const sellers = new Map(
    sold.flatMap((shipment) =>
      (shipment?.parcels ?? []).map(
        ({ tracking_number }) => [tracking_number, shipment!.account_id] as const,
      ),
    ),
  );

  // One parcel is asked about once, however many ways it was asked for.
  const pending = new Map<string, Pending>();
  questions.forEach((question, index) => {
    if (!old[index]) return;
    const { trackingNumber, carrier } = question.parcel;
    const key = [trackingNumber, carrier, question.account?.id].join(' ');
    const seller = sellers.get(trackingNumber);
    const candidates = question.account
      ? [question.account]
      : whoTracks(question.parcel, caller.accounts, seller);
    if (!pending.has(key)) pending.set(key, { question, known: known[index], candidates });
  });
  const asked = [...pending.values()];
  for (
    let turn = asked;
    turn.length > 0;
    turn = turn.filter((each) => !each.answer && each.candidates.length > 0)
  ) {
    const byAccount = Map.groupBy(turn.filter((each) => each.candidates.length > 0), (each) => each.candidates.shift()!); // prettier-ignore
    await Promise.all([...byAccount].map(([account, group]) => askAccount(account, group, scope)));
  }
  await ledger.trackers.save(
    caller.tenant.id,
    asked.flatMap(({ question, answer }) =>
      answer
        ? [
            {
              trackingNumber: question.parcel.trackingNumber,
              carrier: question.parcel.carrier ?? answer.tracking.carrier,
              accountId: answer.account.id,
              state: answer.tracking,
              asOf: answer.asOf,
            },
          ]
        : [],
    ),
  );

  return questions.map((question, index) => {
    const { trackingNumber, carrier } = question.parcel;
    const found = pending.get([trackingNumber, carrier, question.account?.id].join(' '));
    if (found?.answer) {
      const parcel = { trackingNumber, carrier: carrier ?? found.answer.tracking.carrier };
      return { parcel, ...found.answer, stale: false };
    }
    const last = known[index];
    const failure = old[index] ? (found?.failure ?? { error: nobodyTracks(question.parcel) }) : undefined;
    return {
      parcel: { trackingNumber, carrier: carrier ?? last?.carrier },
      tracking: last?.state,
      asOf: last?.asOf,
      account: caller.accounts.find((account) => account.id === last?.accountId),
      stale: old[index]! && last !== undefined,
      failure,
    };
  });
}

function isFresh(
  { account, maxAgeSeconds }: TrackerQuestion,
  known: KnownTracking | undefined,
  now: number,
): boolean {
  if (known === undefined || (account !== undefined && known.accountId !== account.id)) return false;
  const maxAge = maxAgeSeconds ?? defaultMaxAge(known.state.status);
  return now - known.asOf <= maxAge * 1000;
}

/** Who sold the label, then whoever hauls it, then whoever knows those who do; a form that fits several fits none. */
function whoTracks(
  parcel: ParcelNumber,
  accounts: readonly Account[],
  seller: string | undefined,
): Account[] {
  if (parcel.carrier === undefined && carriersByForm(parcel.trackingNumber).length > 1) return [];
  const can = accounts.filter((account) => account.carrier.track && account.tracks?.(parcel) !== undefined);
  const nearness = (account: Account) =>
    account.id === seller ? 0 : account.tracks?.(parcel) === 'directly' ? 1 : 2;
  return can.sort((a, b) => nearness(a) - nearness(b));
}

/** An account that may not see a parcel leaves it to the next; any other failure is the answer. */
async function askAccount(account: Account, group: readonly Pending[], scope: LoaderScope): Promise<void> {
  const { caller, clock, shared, signal } = scope;
  const track = account.carrier.track;
  const keys = group.map(({ question: { parcel } }) =>
    [caller!.tenant.id, account.id, parcel.trackingNumber, parcel.carrier].join(' '),
  );
  const answers: Outcome<Tracking>[] = track
    ? await shared.tracking.answers(keys, signal, (indices, shared) =>
        track(
          indices.map((index) => ({
            ...group[index]!.question.parcel,
            reference: referenceOf(group[index]!, account),
          })),
          { signal: shared },
        ),
      )
    : group.map(() => new ProviderError('NOT_SUPPORTED', `${account.name} does not track parcels`));
  const asOf = clock.now();
  group.forEach((each, index) => {
    const answer = answers[index]!;
    if (!(answer instanceof ProviderError)) {
      each.answer = { tracking: answer, account, asOf };
      each.failure = undefined;
      return;
    }
    each.failure ??= { error: answer, account };
    const next = answer.code === 'ACCOUNT_NOT_AUTHORIZED' || answer.code === 'NOT_SUPPORTED';
    if (!next) each.candidates.length = 0;
  });
}

const referenceOf = ({ known }: Pending, account: Account) =>
  known?.accountId === account.id ? known.state.reference : undefined;

function nobodyTracks(parcel: ParcelNumber): ProviderError {
  const fitting = carriersByForm(parcel.trackingNumber);
  if (parcel.carrier === undefined && fitting.length > 1) {
    return new ProviderError('NOT_FOUND', `the number fits ${fitting.join(' and ')}`, {
      hint: 'Name the carrier.',
    });
  }
  return new ProviderError(
    'CREDENTIALS_MISSING',
    `no account of yours tracks ${parcel.carrier ?? 'this number'}`,
    {
      hint: 'Add an account of a provider that does.',
    },
  );
}
