import DataLoader from 'dataloader';

import type { Account, AccountFailure, Caller } from '../accounts/account.ts';
import {
  findAccount,
  hasTrackingChoice,
  noAccountTracks,
  selectForTracking,
  withCheckDigitHint,
} from '../accounts/select-account.ts';
import { unsupported } from '../accounts/unsupported.ts';
import { ProviderError, type Outcome } from '../domain/errors.ts';
import { defaultMaxAge, type ParcelNumber, type Tracking } from '../domain/tracking.ts';
import { NotSent, possibly } from '../transport/call-plan.ts';
import type { StoredTracking } from '../storage/trackers.ts';
import { withFallback } from '../storage/unavailable.ts';
import { countFromLedger } from './count-answers.ts';
import type { LoaderScope } from './scope.ts';

/** The key of the tracker loader. */
export interface TrackerRequest {
  readonly parcel: ParcelNumber;
  /** The account to ask. Default: selected by rule. */
  readonly account?: Account;
  /** Default: by the status of the stored state, see `defaultMaxAge`. */
  readonly maxAgeSeconds?: number;
}

/** The latest known state of a parcel, and the reason if it is missing or stale. */
export interface KnownTracker {
  readonly parcel: ParcelNumber;
  readonly tracking?: Tracking;
  /** The account that returned `tracking`. */
  readonly account?: Account;
  /** The time at which `tracking` was returned, in epoch milliseconds. */
  readonly asOf?: number;
  /** `StoredTracking.version` of the state; undefined while none is stored. */
  readonly version?: number;
  readonly stale: boolean;
  readonly failure?: AccountFailure;
}

/** A parcel whose stored state is missing or too old, while its accounts are asked one after the other. */
interface Refresh {
  readonly request: TrackerRequest;
  readonly stored?: StoredTracking;
  /** The accounts that are still to be asked, best first. */
  readonly candidates: Account[];
  result?: { tracking: Tracking; account: Account; asOf: number; version?: number };
  failure?: AccountFailure;
}

/** Creates a loader that reads all stored states at once, then asks each account once for all parcels to refresh. */
export function trackerLoader(scope: LoaderScope) {
  return new DataLoader<TrackerRequest, KnownTracker, string>((requests) => loadTrackers(requests, scope), {
    cacheKeyFn: ({ parcel, account, maxAgeSeconds }) =>
      [parcel.trackingNumber, parcel.carrier, account?.id, maxAgeSeconds].join(' '),
  });
}

async function loadTrackers(
  requests: readonly TrackerRequest[],
  scope: LoaderScope,
): Promise<KnownTracker[]> {
  const { caller, storage, clock, planned } = scope;
  if (caller === undefined) throw new Error('trackers cannot be loaded without a caller');
  const tenantId = caller.tenant.id;
  const parcels = requests.map(({ parcel }) => parcel);
  // While the storage is unavailable, accounts are asked for every parcel, and nothing is stored.
  const stored = await withFallback(() => storage.trackers.read(tenantId, parcels), () => []); // prettier-ignore
  const now = clock.now();
  const outdated = requests.map(
    (request, index) => !isFresh(request, stored[index], now) && !planned?.has(planKey(request)),
  );

  stored.forEach((tracking, index) => {
    if (tracking && !outdated[index]) countFromLedger(findAccount(caller, tracking.accountId), 'track');
  });
  const refreshes = await planRefreshes(requests, stored, outdated, caller, scope);
  await askInTurn([...refreshes.values()], scope);
  for (const { request } of refreshes.values()) {
    planned?.add(planKey(request)).add(planKey({ parcel: request.parcel }));
  }
  await withFallback(
    () => store([...refreshes.values()], tenantId, storage),
    () => {},
  );

  return requests.map((request, index) =>
    toKnownTracker(request, stored[index], outdated[index]!, refreshes.get(refreshKey(request)), caller),
  );
}

/** Lists the parcels to refresh, each once, however many requests there are for it. */
async function planRefreshes(
  requests: readonly TrackerRequest[],
  stored: readonly (StoredTracking | undefined)[],
  outdated: readonly boolean[],
  caller: Caller,
  { storage }: LoaderScope,
): Promise<Map<string, Refresh>> {
  const numbers = requests
    .filter(({ parcel, account }, index) => outdated[index] && !account && hasTrackingChoice(caller, parcel))
    .map(({ parcel }) => parcel.trackingNumber);
  const purchasedWith = await withFallback(
    () => storage.shipments.accountIdsByNumber(caller.tenant.id, numbers),
    () => new Map<string, string>(),
  );
  const refreshes = new Map<string, Refresh>();
  requests.forEach((request, index) => {
    if (!outdated[index] || refreshes.has(refreshKey(request))) return;
    const { parcel, account } = request;
    const candidates = account
      ? [account]
      : selectForTracking(caller, parcel, purchasedWith.get(parcel.trackingNumber));
    refreshes.set(refreshKey(request), { request, stored: stored[index], candidates });
  });
  return refreshes;
}

/** Asks each account once for all parcels that it is the next candidate of, until none has candidates left. */
async function askInTurn(refreshes: readonly Refresh[], scope: LoaderScope): Promise<void> {
  const open = refreshes.filter(({ result, candidates }) => result === undefined && candidates.length > 0);
  if (open.length === 0) return;
  const byAccount = Map.groupBy(open, ({ candidates }) => candidates.shift()!);
  await Promise.all([...byAccount].map(([account, group]) => askAccount(account, group, scope)));
  const askNext = () => askInTurn(open, scope);
  await (open.some(isPlanned)
    ? possibly('the account that is asked first may not see a parcel', askNext)
    : askNext());
}

/** In a plan, an account has no answer, and the next one is asked in case that it may not see the parcel. */
const isPlanned = ({ failure }: Refresh) => failure?.error instanceof NotSent;

/** Only a parcel that the account may not see, or does not support, is left to the next candidate. */
async function askAccount(account: Account, all: readonly Refresh[], scope: LoaderScope): Promise<void> {
  const group = (await isQuotaLow(account)) ? all.filter((refresh) => !keepStale(refresh, account)) : all;
  if (group.length === 0) return;
  const { clock, log, shared, signal } = scope;
  const outcomes: Outcome<Tracking>[] = account.adapter.track
    ? await shared.tracking(account).load(
        group.map((refresh) => toAsked(refresh, account)),
        { signal, log },
      )
    : group.map(() => unsupported(account, 'track parcels'));
  const asOf = clock.now();
  group.forEach((refresh, index) => {
    const outcome = outcomes[index]!;
    if (!(outcome instanceof ProviderError)) {
      refresh.result = { tracking: outcome, account, asOf };
      refresh.failure = undefined;
      return;
    }
    refresh.failure ??= { error: outcome, account };
    const tryNext =
      outcome instanceof NotSent ||
      outcome.code === 'ACCOUNT_NOT_AUTHORIZED' ||
      outcome.code === 'NOT_SUPPORTED';
    if (!tryNext) refresh.candidates.length = 0;
  });
}

/** Tells whether the account's policy leaves known trackers as they are, since its quota runs low. */
async function isQuotaLow({ policy, adapter }: Account): Promise<boolean> {
  const { staleTrackers, below } = policy?.whenQuotaLow ?? {};
  if (!staleTrackers || !adapter.trackBatching?.quotaLeft) return false;
  // A count that can't be read is not low.
  return (await withFallback(adapter.trackBatching.quotaLeft, () => 1)) < below!;
}

/** Leaves a parcel with its stored state; false where there is none. */
function keepStale(refresh: Refresh, account: Account): boolean {
  if (refresh.stored === undefined) return false;
  const message = `the calls of ${account.name} run low, and are kept for parcels whose state is not known`;
  const hint = 'Wait, or ask the provider for a larger quota; policy.whenQuotaLow of the account decides it.';
  refresh.failure ??= { error: new ProviderError('QUOTA_EXHAUSTED', message, { hint }), account };
  refresh.candidates.length = 0;
  return true;
}

/** The provider's own reference of a parcel is meaningful at the account that returned it only. */
const toAsked = ({ request: { parcel }, stored }: Refresh, account: Account) => ({
  key: [parcel.trackingNumber, parcel.carrier].join(' '),
  question: { ...parcel, reference: stored?.accountId === account.id ? stored.state.reference : undefined },
});

/** A request whose stored state is fresh benefits from a refresh for another request, but does not show its failure. */
function toKnownTracker(
  { parcel }: TrackerRequest,
  stored: StoredTracking | undefined,
  outdated: boolean,
  refresh: Refresh | undefined,
  caller: Caller,
): KnownTracker {
  const { trackingNumber, carrier } = parcel;
  const explain = ({ error, account }: AccountFailure) => ({
    error: withCheckDigitHint(error, parcel),
    account,
  });
  const best = refresh?.result ?? (stored && fromStored(stored, caller));
  const failed = outdated && refresh?.result === undefined;
  return {
    parcel: { trackingNumber, carrier: carrier ?? best?.tracking.carrier ?? stored?.carrier },
    ...best,
    stale: failed && stored !== undefined,
    failure: failed
      ? explain(refresh?.failure ?? { error: noAccountTracks(parcel) })
      : best?.tracking.status === 'UNKNOWN'
        ? explain({ error: notScannedYet(best.tracking), account: best.account })
        : undefined,
  };
}

/** Returns what the ledger knows of a parcel, however old. */
export function fromLedger(
  parcel: ParcelNumber,
  stored: StoredTracking | undefined,
  caller: Caller,
): KnownTracker {
  if (stored) return toKnownTracker({ parcel }, stored, false, undefined, caller);
  return { parcel, stale: false, failure: { error: notAskedYet() } };
}

const fromStored = ({ state, asOf, accountId, version }: StoredTracking, caller: Caller) => ({
  tracking: state,
  asOf,
  version,
  account: findAccount(caller, accountId),
});

/** Stores what providers returned, and adds the versions under which it is stored. */
async function store(refreshes: readonly Refresh[], tenantId: string, { trackers }: LoaderScope['storage']) {
  const returned = refreshes.filter(({ result }) => result !== undefined);
  const known = returned.map(({ stored }) => stored);
  const versions = await trackers.save(tenantId, returned.flatMap(toStore), known);
  returned.forEach(({ result }, index) => (result!.version = versions[index]));
}

const toStore = ({ request: { parcel }, result }: Refresh) =>
  result
    ? [
        {
          trackingNumber: parcel.trackingNumber,
          carrier: parcel.carrier ?? result.tracking.carrier,
          accountId: result.account.id,
          state: result.tracking,
          asOf: result.asOf,
        },
      ]
    : [];

/** A parcel without an account is fresh once any account was asked for it. */
const planKey = ({ parcel, account }: TrackerRequest) => [parcel.trackingNumber, account?.id].join(' ');

const refreshKey = ({ parcel, account }: TrackerRequest) =>
  [parcel.trackingNumber, parcel.carrier, account?.id].join(' ');

function isFresh(
  { account, maxAgeSeconds }: TrackerRequest,
  stored: StoredTracking | undefined,
  now: number,
): boolean {
  if (stored === undefined || (account !== undefined && stored.accountId !== account.id)) return false;
  const maxAge = maxAgeSeconds ?? defaultMaxAge(stored.state.status);
  return now - stored.asOf <= maxAge * 1000;
}

function notScannedYet({ statusText }: Tracking): ProviderError {
  return new ProviderError('NOT_FOUND', 'the carrier does not know this number yet', {
    hint: 'A new label is known after its first scan, often hours later. If the label is older, check the number.',
    providerMessage: statusText,
  });
}

function notAskedYet(): ProviderError {
  return new ProviderError('NOT_FOUND', 'no provider was asked for this number yet', {
    hint: 'A watched parcel is asked for within seconds where the quota of its account allows it.',
    retryable: true,
  });
}
