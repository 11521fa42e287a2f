import { outcome, ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { Tracking } from '../../../domain/tracking.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { CallOptions, TrackingRequest } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import { isOk, type Usps } from '../client.ts';
import type { UspsOptions } from '../credentials.ts';
import { batchPath, lacksBatch } from './batch-fallback.ts';
import { trackingFailureOf } from './tracking-errors.ts';
import { fromBatchResponse, fromTrackingResponse } from './tracking-response.ts';
import { followedBy } from '../../../transport/call-plan.ts';

/** Numbers that one call of the v3r2 product accepts. */
export const batchSize = 35;
/** The most further calls that single out the numbers for which USPS refuses a batch: enough for one of them. */
const maxRepeats = 12;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Tracks numbers by the v3r2 product, 35 a call, or by the v3 product, one a call, where the app lacks v3r2. That is
 * remembered for a day. `mids` are the mailer ids of the account.
 */
export function track(usps: Usps, options: UspsOptions, mids: readonly string[]) {
  const isOwn = ({ trackingNumber }: TrackingRequest) => mids.some((mid) => trackingNumber.includes(mid));
  let batchKnownUntil = 0;
  /** Returns true for a refusal that one of the numbers may have caused. One of own numbers (403) concerns the account. */
  const mayConcernOne = ({ status }: HttpResponse, batch: readonly TrackingRequest[]) =>
    status === 400 || (status === 403 && !batch.every(isOwn));
  let withoutBatchUntil = options.tracking === 'v3' ? Infinity : 0;

  return async (
    requests: readonly TrackingRequest[],
    call: CallOptions,
  ): Promise<readonly Outcome<Tracking>[]> => {
    if (usps.clock.now() < withoutBatchUntil) return trackEach(usps, requests, call);
    const outcomes = await Promise.all(
      inBatches(requests).map(async (batch) => {
        const tracked = await outcome(() => trackBatch(batch, call, { left: maxRepeats }));
        return tracked instanceof ProviderError ? batch.map(() => tracked) : tracked;
      }),
    );
    return outcomes.flat();
  };

  /** Without v3r2, which an app that used it within a day is taken to have, each number is a call; a refused batch is divided. */
  function callsAfter({ length }: readonly TrackingRequest[]) {
    const mayLackBatch = options.tracking === 'auto' && usps.clock.now() >= batchKnownUntil;
    const repeats = Math.min(maxRepeats, 2 * (length - 1));
    return { calls: (mayLackBatch ? length : 0) + repeats, when: 'USPS refuses v3r2, or one of the numbers' };
  }

  async function trackBatch(
    batch: readonly TrackingRequest[],
    call: CallOptions,
    repeats: { left: number },
  ): Promise<Outcome<Tracking>[]> {
    const response = await followedBy(usps.send(toBatchRequest(batch), call.signal), callsAfter(batch));
    if (isOk(response)) {
      batchKnownUntil = usps.clock.now() + dayMs;
      return fromBatchResponse(response, batch, usps.clock.now());
    }
    if (lacksBatch(response, options)) {
      withoutBatchUntil = usps.clock.now() + dayMs;
      return trackEach(usps, batch, call);
    }
    const failure = trackingFailureOf(response, usps.clock.now());
    // A background number that fails the batch must not fail the numbers that a caller requested.
    const requested = batch.filter((request) => !request.watched);
    if (requested.length > 0 && requested.length < batch.length && isRefusal(response)) {
      const outcomes = await trackBatch(requested, call, repeats);
      return batch.map((request) => (request.watched ? failure : outcomes[requested.indexOf(request)]!));
    }
    // A number for which USPS refuses the batch must not fail the others, which other callers may have requested.
    if (batch.length === 1 || repeats.left < 2 || !mayConcernOne(response, batch))
      return batch.map(() => failure);
    repeats.left -= 2;
    const isFirst = divide(batch);
    const [first, rest] = await Promise.all(
      [true, false].map((part) =>
        trackBatch(
          batch.filter((_, index) => isFirst[index] === part),
          call,
          repeats,
        ),
      ),
    );
    return isFirst.map((part) => (part ? first! : rest!).shift()!);
  }

  /** Divides a batch into the account's own numbers, which contain its MID, and others; or else into halves. */
  function divide(batch: readonly TrackingRequest[]): boolean[] {
    const own = batch.map(isOwn);
    return own.includes(true) && own.includes(false)
      ? own
      : batch.map((_, index) => index < batch.length / 2);
  }
}

const trackEach = (usps: Usps, requests: readonly TrackingRequest[], call: CallOptions) =>
  mapOutcomes(requests, (request) => trackOne(usps, request, call));

async function trackOne(
  usps: Usps,
  { trackingNumber }: TrackingRequest,
  call: CallOptions,
): Promise<Tracking> {
  const path = `/tracking/v3/tracking/${encodeURIComponent(trackingNumber)}`;
  const response = await usps.send({ api: 'tracking', path, query: { expand: 'DETAIL' } }, call.signal);
  if (isOk(response)) return fromTrackingResponse(response);
  throw trackingFailureOf(response, usps.clock.now());
}

function toBatchRequest(batch: readonly TrackingRequest[]) {
  return {
    api: 'tracking',
    method: 'POST',
    path: batchPath,
    json: batch.map(({ trackingNumber }) => ({ trackingNumber })),
    repeatable: true,
  } as const;
}

function inBatches(requests: readonly TrackingRequest[]): TrackingRequest[][] {
  return Array.from({ length: Math.ceil(requests.length / batchSize) }, (_, index) =>
    requests.slice(index * batchSize, (index + 1) * batchSize),
  );
}

const isRefusal = ({ status }: HttpResponse) => status === 400 || status === 403 || status === 404;
