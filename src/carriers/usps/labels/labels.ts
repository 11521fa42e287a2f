import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { dateAt } from '../../../domain/calendar.ts';
import { outcome, ProviderError } from '../../../domain/errors.ts';
import { compareMoney } from '../../../domain/money.ts';
import type { Offer } from '../../../domain/rate.ts';
import type { Refund } from '../../../domain/shipment.ts';
import type { CallOptions, LabelApi, LabelRequest, PreparedRequest, LabelReference } from '../../adapter.ts';
import { isOk, type Usps } from '../client.ts';
import { failureOf, unreadable } from '../errors.ts';
import { fromLabel, fromReprint, fromReprintSource, reprintSource } from './label-response.ts';
import { imageTypes, toLabelRequests } from './label-request.ts';
import { parcelFields } from '../rates/packaging.ts';
import type { AskRates } from '../rates/rates.ts';
import type { Direction } from '../rates/direction.ts';

/** Where labels of each way are bought, cancelled and printed again. */
const desks = {
  outbound: {
    api: 'labels',
    buy: '/labels/v3/label',
    cancel: '/labels/v3/label',
    reprint: '/labels/v3/label-reprint',
  },
  return: {
    api: 'labels',
    buy: '/labels/v3/return-label',
    cancel: '/labels/v3/label',
    reprint: '/labels/v3/label-reprint',
  },
  international: {
    api: 'international-labels',
    buy: '/international-labels/v3/international-label',
    cancel: '/international-labels/v3/international-label',
    reprint: '/international-labels/v3/international-label-reprint',
  },
} as const satisfies Record<Direction, object>;

/** The exact bytes are prepared once; sent again under the same key, they answer with the same label for no charge. */
const preparedRequest = z.object({
  body: z.string(),
  format: z.enum(['PDF', 'PNG', 'ZPL']).default('PDF'),
  way: z.enum(['outbound', 'return', 'international']).default('outbound'),
  /** Of the parcel in its order. */
  position: z.number().default(0),
});

/** Labels, one a call. `usps` here shows both tokens. */
export function createLabelApi(usps: Usps, ask: AskRates): LabelApi {
  const buy = async (prepared: PreparedRequest, call: CallOptions) => {
    const { body, format, way, position } = preparedRequest.parse(prepared.request);
    const answer = await usps.send(
      {
        api: desks[way].api,
        method: 'POST',
        path: desks[way].buy,
        body,
        headers: { 'content-type': 'application/json', 'x-idempotency-key': prepared.attemptId },
        timeoutMs: 60_000,
      },
      call.signal,
    );
    if (!isOk(answer)) throw failureOf(answer, usps.clock.now(), parcelFields(position));
    return [await fromLabel(answer, format)];
  };
  return {
    async prepare(order, call) {
      let requests = toLabelRequests(order);
      if (usps.clock.now() - order.quotedAt > quoteLifeMs) {
        requests = toLabelRequests({ ...order, offer: await askAgain(ask, order, call) });
      }
      return requests.map(({ way, json }, position) => ({
        attemptId: randomUUID(),
        request: { body: JSON.stringify(json), format: order.format, way, position },
      }));
    },
    buy,
    // The same bytes under the same key: the existing label, or the one that was never made. A refusal tells that
    // there is none, since an existing one would have been the answer; but only while the mailing date is good.
    // Guess: after that USPS may refuse the date before it looks for the key, so a refusal says nothing.
    reconcile: (prepared, call) =>
      buy(prepared, call).catch((error: unknown) => {
        const refused = error instanceof ProviderError && error.code === 'REJECTED' && error.refused;
        if (refused && mayStillBeMailed(prepared, usps.clock.now())) return undefined;
        throw error;
      }),
    void: (sold, call) => cancel(usps, sold, call),
    cancelAttempt: (prepared, call) => cancel(usps, { prepared }, call),
    fetchDocument: (source, call) => reprint(usps, source, call),
    labelSource: ({ trackingNumber }, format) => reprintSource(trackingNumber, format),
    // The body holds the addresses; cancelling wants to know the way alone.
    redact: (request) => ({ ...preparedRequest.parse(request), body: '' }),
  };
}

/** A quote is taken at its word for so long; an older one is asked again before it is bought. */
const quoteLifeMs = 15 * 60 * 1000;

/** The same service by the same question, for no more than the buyer's limit. */
async function askAgain(
  ask: AskRates,
  { request, offer, maxPrice }: LabelRequest,
  call: CallOptions,
): Promise<Offer> {
  const [quote] = await ask([request], call);
  if (quote instanceof ProviderError) throw quote;
  const now = quote!.offers.find(({ service }) => service.code === offer.service.code);
  if (!now) {
    throw new ProviderError('REJECTED', `USPS does not offer ${offer.service.name} for this any more`, {
      hint: 'Ask for rates again.',
    });
  }
  if (compareMoney(now.price, maxPrice) > 0) {
    const told = ({ amount, currencyCode }: typeof maxPrice) => `${amount} ${currencyCode}`;
    throw new ProviderError(
      'PRICE_CHANGED',
      `${offer.service.name} costs ${told(now.price)} now; it was quoted at ${told(offer.price)}`,
      { hint: 'Ask for rates again, or allow the price with maxPrice.' },
    );
  }
  return now;
}

/** A return has no mailing date. */
const mailing = z.object({
  fromAddress: z.object({ ZIPCode: z.string() }),
  packageDescription: z.object({ mailingDate: z.string().optional() }),
});

function mayStillBeMailed(prepared: PreparedRequest, now: number): boolean {
  const sent = mailing.parse(JSON.parse(preparedRequest.parse(prepared.request).body));
  const { mailingDate } = sent.packageDescription;
  const today = dateAt({ country: 'US', postalCode: sent.fromAddress.ZIPCode }, now);
  return mailingDate === undefined || mailingDate >= today;
}

const cancelled = z.object({ status: z.string(), disputeId: z.coerce.string().optional() });

/**
 * Before the label is manifested it is cancelled for no charge; after that USPS takes a request and decides later.
 * Where its number never came, it is named by the key that it was bought under.
 */
async function cancel(
  usps: Usps,
  { trackingNumber, prepared }: Partial<LabelReference> & Pick<LabelReference, 'prepared'>,
  call: CallOptions,
): Promise<Refund> {
  const { api, cancel: path } = desks[preparedRequest.parse(prepared.request).way];
  const named =
    trackingNumber === undefined
      ? { path, headers: { 'x-idempotency-key': prepared.attemptId } }
      : { path: `${path}/${encodeURIComponent(trackingNumber)}` };
  const request = { api, method: 'DELETE', ...named, repeatable: true } as const;
  const answer = await outcome(() => usps.ask(cancelled, request, call.signal));
  if (answer instanceof ProviderError) {
    // Cancelled by an earlier call whose answer was lost.
    if (answer.providerCode === '160186') return { status: 'REFUNDED', voided: true };
    // Asked for by such a call, whose dispute has no number for us; the document leaves the code of this open.
    if (/refund request .*already been submitted/i.test(answer.providerMessage ?? ''))
      return { status: 'REQUESTED', voided: false };
    if (answer.providerCode !== '160187') throw answer;
    const hint = 'Let it lie: a return label is charged when it is used.';
    throw new ProviderError(answer.code, answer.message, { ...answer, hint, cause: answer });
  }
  if (answer.status === 'CANCELED') return { status: 'REFUNDED', voided: true };
  // No endpoint tells how a dispute ends.
  if (answer.status === 'DISPUTED')
    return { status: 'REQUESTED', voided: false, reference: answer.disputeId };
  throw unreadable('a cancellation');
}

/** Three times at most, and until the mailing date: whoever fetches it keeps it. */
async function reprint(usps: Usps, source: string, call: CallOptions): Promise<Uint8Array> {
  const { trackingNumber, format } = fromReprintSource(source);
  // Numbers of labels within the country have digits alone.
  const { api, reprint: path } = desks[/^\d+$/.test(trackingNumber) ? 'outbound' : 'international'];
  const json = { imageInfo: { imageType: imageTypes[format], labelType: '4X6LABEL' } };
  const answer = await usps.send(
    { api, method: 'POST', path: `${path}/${encodeURIComponent(trackingNumber)}`, json, timeoutMs: 60_000 },
    call.signal,
  );
  if (!isOk(answer)) throw failureOf(answer, usps.clock.now());
  return fromReprint(answer);
}
