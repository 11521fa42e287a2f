import { ProviderError } from '../../../domain/errors.ts';
import type { CallOptions, LabelApi } from '../../adapter.ts';
import type { PreparedRequest } from '../../../domain/prepared-request.ts';
import { isOk, type Usps } from '../client.ts';
import { failureOf } from '../errors.ts';
import { parcelPaths } from '../rates/packaging.ts';
import type { QuoteRates } from '../rates/rates.ts';
import { endpoints, labelTimeoutMs } from './endpoints.ts';
import { toLabelRequests } from './label-request.ts';
import { fromLabelResponse } from './label-response.ts';
import { isMailable, prepareLabel, readPrepared, redactPrepared } from './prepared-label.ts';
import { reprintSource } from './reprint-source.ts';
import { fetchReprint, reprintLabel } from './reprint.ts';
import { isQuoteExpired, requote } from './requote.ts';
import { voidLabel } from './void-label.ts';

/** Buys, voids and reprints labels, one a call. `usps` sends the payment token with each call. */
export function createLabelApi(usps: Usps, quoteRates: QuoteRates): LabelApi {
  const buy = async (prepared: PreparedRequest, call: CallOptions) => {
    const { body, format, direction, position } = readPrepared(prepared.request);
    const response = await usps.send(
      {
        api: endpoints[direction].api,
        method: 'POST',
        path: endpoints[direction].create,
        body,
        headers: { 'content-type': 'application/json', 'x-idempotency-key': prepared.attemptId },
        timeoutMs: labelTimeoutMs,
      },
      call.signal,
    );
    if (!isOk(response)) throw failureOf(response, usps.clock.now(), parcelPaths(position));
    return [await fromLabelResponse(response, format)];
  };
  return {
    async prepare(label, call) {
      let requests = toLabelRequests(label);
      if (label.offer.estimated || isQuoteExpired(label.quotedAt, usps.clock.now())) {
        requests = toLabelRequests({ ...label, offer: await requote(quoteRates, label, call) });
      }
      return requests.map(({ direction, json }, position) =>
        prepareLabel({ body: JSON.stringify(json), format: label.format, direction, position }),
      );
    },
    buy,
    // The same bytes under the same key return the existing label, or create the one that is missing, without a second
    // charge. A refusal proves that no label exists, but only while the mailing date is valid.
    // Guess: after that USPS may refuse the date before it looks up the key, so a refusal proves nothing.
    reconcile: (prepared, call) =>
      buy(prepared, call).catch((error: unknown) => {
        const refused = error instanceof ProviderError && error.code === 'REJECTED' && error.refused;
        if (refused && isMailable(prepared.request, usps.clock.now())) return undefined;
        throw error;
      }),
    void: (label, call) => voidLabel(usps, label, call),
    cancelAttempt: (prepared, call) => voidLabel(usps, { prepared }, call),
    fetchDocument: (source, call) => fetchReprint(usps, source, call),
    reprint: (label, format, call) => reprintLabel(usps, label, format, call),
    labelSource: ({ trackingNumber }, format) => trackingNumber && reprintSource(trackingNumber, format),
    redact: redactPrepared,
  };
}
