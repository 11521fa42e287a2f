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

/** Numbers that one call of the v3r2 product accepts. */
const batchSize = 35;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Tracks numbers by the v3r2 product, 35 a call, or by the v3 product, one a call, where the app lacks v3r2. That is
 * remembered for a day. `mids` are the mailer ids of the account.
 */
export function track(usps: Usps, options: UspsOptions, mids: readonly string[]) {
  const isOwn = ({ trackingNumber }: TrackingRequest) => mids.some((mid) => trackingNumber.includes(mid));
  let withoutBatchUntil = options.tracking === 'v3' ? Infinity : 0;

  return async (
    requests: readonly TrackingRequest[],
    call: CallOptions,
  ): Promise<readonly Outcome<Tracking>[]> => {
    if (usps.clock.now() < withoutBatchUntil) return trackEach(usps, requests, call);
    const outcomes = await Promise.all(
      inBatches(requests).map(async (batch) => {
        const tracked = await outcome(() => trackBatch(batch, call));
        return tracked instanceof ProviderError ? batch.map(() => tracked) : tracked;
      }),
    );
    return outcomes.flat();
  };

  async function trackBatch(
    batch: readonly TrackingRequest[],
    call: CallOptions,
  ): Promise<Outcome<Tracking>[]> {
    const response = await usps.send(toBatchRequest(batch), call.signal);
    if (isOk(response)) return fromBatchResponse(response, batch, usps.clock.now());
    if (lacksBatch(response, options)) {
      withoutBatchUntil = usps.clock.now() + dayMs;
      return trackEach(usps, batch, call);
    }
    const failure = trackingFailureOf(response, usps.clock.now());
    // A background number that fails the batch must not fail the numbers that a caller requested.
    const requested = batch.filter((request) => !request.watched);
    if (requested.length > 0 && requested.length < batch.length && isRefusal(response)) {
      const outcomes = await trackBatch(requested, call);
      return batch.map((request) => (request.watched ? failure : outcomes[requested.indexOf(request)]!));
    }
    // Another mailer's number must not fail the account's own numbers, which contain its MID.
    const own = batch.filter(isOwn);
    if (response.status === 403 && own.length > 0 && own.length < batch.length) {
      const others = batch.filter((request) => !isOwn(request));
      const [ofOwn, ofOthers] = await Promise.all([trackBatch(own, call), trackBatch(others, call)]);
      return batch.map((request) => (isOwn(request) ? ofOwn.shift()! : ofOthers.shift()!));
    }
    return batch.map(() => failure);
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
