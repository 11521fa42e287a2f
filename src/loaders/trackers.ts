import DataLoader from 'dataloader';

import type { Account, Caller } from '../accounts/account.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import { matchingCarriers } from '../domain/tracking-number.ts';
import { defaultMaxAge, type ParcelNumber, type Tracking } from '../domain/tracking.ts';
import type { Ledger } from '../workflows/ledger.ts';
import type { KnownTracking } from '../storage/trackers.ts';
import { withFallback } from '../storage/unavailable.ts';
import { unsupported } from '../accounts/unsupported.ts';
import type { LoaderScope } from './loaders.ts';

export interface TrackerRequest {
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
  readonly question: TrackerRequest;
  readonly known?: KnownTracking;
  readonly candidates: Account[];
  answer?: { tracking: Tracking; account: Account; asOf: number };
  failure?: { error: ProviderError; account?: Account };
}

/** Asks the ledger once for all, then each account once for all that is not fresh enough there. */
export function trackerLoader(scope: LoaderScope) {
  return new DataLoader<TrackerRequest, KnownTracker, string>((questions) => loadTrackers(questions, scope), {
    cacheKeyFn: ({ parcel, account, maxAgeSeconds }) =>
      [parcel.trackingNumber, parcel.carrier, account?.id, maxAgeSeconds].join(' '),
  });
}

async function loadTrackers(
  questions: readonly TrackerRequest[],
  scope: LoaderScope,
): Promise<KnownTracker[]> {
  const { caller, ledger, clock } = scope;
  if (caller === undefined) throw new Error('trackers were asked for by nobody');
  const parcels = questions.map((each) => each.parcel);
  // Without the ledger, whoever tracks is asked, and the answer is not kept.
  const known = await withFallback(() => ledger.trackers.read(caller.tenant.id, parcels), () => []); // prettier-ignore
  const now = clock.now();
  const old = questions.map((question, index) => !isFresh(question, known[index], now));
  const sellers = await sellersOf(
    parcels.filter((_, index) => old[index]),
    caller,
    ledger,
  );

  // One parcel is asked about once, however many ways it was asked for.
  const pending = new Map<string, Pending>();
  questions.forEach((question, index) => {
    if (!old[index] || pending.has(keyOf(question))) return;
    const { parcel, account } = question;
    const candidates = account
      ? [account]
      : accountsForTracking(parcel, caller.accounts, sellers.get(parcel.trackingNumber));
    pending.set(keyOf(question), { question, known: known[index], candidates });
  });
  await askInTurn([...pending.values()], scope);
  await withFallback(
    () => ledger.trackers.save(caller.tenant.id, [...pending.values()].flatMap(heard)),
    () => {},
  );

  return questions.map((question, index) => {
    const { trackingNumber, carrier } = question.parcel;
    const found = pending.get(keyOf(question));
    const last = known[index];
    const best = found?.answer ?? (last && remembered(last, caller));
    const failed = old[index] === true && found?.answer === undefined;
    return {
      parcel: { trackingNumber, carrier: carrier ?? best?.tracking.carrier ?? last?.carrier },
      ...best,
      stale: failed && last !== undefined,
      failure: failed
        ? (found?.failure ?? { error: nobodyTracks(question.parcel) })
        : best?.tracking.status === 'UNKNOWN'
          ? { error: notSeenYet(best.tracking), account: best.account }
          : undefined,
    };
  });
}

/** Which account sold a parcel's label, by the parcel's number. */
async function sellersOf(
  parcels: readonly ParcelNumber[],
  caller: Caller,
  ledger: Ledger,
): Promise<Map<string, string>> {
  const numbers = parcels.map((parcel) => parcel.trackingNumber);
  const shipments = await withFallback(() => ledger.shipments.byNumbers(caller.tenant.id, numbers), () => []); // prettier-ignore
  return new Map(
    numbers.flatMap((number, index) => (shipments[index] ? [[number, shipments[index].account_id]] : [])),
  );
}

/** Each account once for all that it is the first choice for, then the next choice for those that it may not see. */
async function askInTurn(asked: readonly Pending[], scope: LoaderScope): Promise<void> {
  const open = asked.filter((each) => each.answer === undefined && each.candidates.length > 0);
  if (open.length === 0) return;
  const byAccount = Map.groupBy(open, (each) => each.candidates.shift()!);
  await Promise.all([...byAccount].map(([account, group]) => askAccount(account, group, scope)));
  await askInTurn(open, scope);
}

const heard = ({ question: { parcel }, answer }: Pending) =>
  answer
    ? [
        {
          trackingNumber: parcel.trackingNumber,
          carrier: parcel.carrier ?? answer.tracking.carrier,
          accountId: answer.account.id,
          state: answer.tracking,
          asOf: answer.asOf,
        },
      ]
    : [];

const keyOf = ({ parcel, account }: TrackerRequest) =>
  [parcel.trackingNumber, parcel.carrier, account?.id].join(' ');

const remembered = ({ state, asOf, accountId }: KnownTracking, caller: Caller) => ({
  tracking: state,
  asOf,
  account: caller.accounts.find((account) => account.id === accountId),
});

function isFresh(
  { account, maxAgeSeconds }: TrackerRequest,
  known: KnownTracking | undefined,
  now: number,
): boolean {
  if (known === undefined || (account !== undefined && known.accountId !== account.id)) return false;
  const maxAge = maxAgeSeconds ?? defaultMaxAge(known.state.status);
  return now - known.asOf <= maxAge * 1000;
}

/** Who sold the label, then whoever hauls it, then whoever knows those who do; a form that fits several fits none. */
function accountsForTracking(
  parcel: ParcelNumber,
  accounts: readonly Account[],
  seller: string | undefined,
): Account[] {
  if (parcel.carrier === undefined && matchingCarriers(parcel.trackingNumber).length > 1) return [];
  const can = accounts.filter((account) => account.adapter.track && account.tracks?.(parcel) !== undefined);
  const nearness = (account: Account) =>
    account.id === seller ? 0 : account.tracks?.(parcel) === 'directly' ? 1 : 2;
  return can.sort((a, b) => nearness(a) - nearness(b));
}

/** An account that may not see a parcel leaves it to the next; any other failure is the answer. */
async function askAccount(account: Account, group: readonly Pending[], scope: LoaderScope): Promise<void> {
  const { caller, clock, shared, signal } = scope;
  const track = account.adapter.track;
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
    : group.map(() => unsupported(account, 'track parcels'));
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

function notSeenYet({ statusText }: Tracking): ProviderError {
  return new ProviderError('NOT_FOUND', 'nothing is known of this number yet', {
    hint: 'A fresh label shows up after its first scan, often hours later. If it is older, check the number.',
    providerMessage: statusText,
  });
}

function nobodyTracks(parcel: ParcelNumber): ProviderError {
  const fitting = matchingCarriers(parcel.trackingNumber);
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
