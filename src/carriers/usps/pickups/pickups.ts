import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { ScheduledPickup } from '../../../domain/pickup.ts';
import { money } from '../../../domain/money.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { CallOptions, PickupApi } from '../../adapter.ts';
import { isOk, parseBody, type Usps } from '../client.ts';
import { failureOf } from '../errors.ts';
import { toPickupRequest } from './pickup-request.ts';
import { followedBy } from '../../../transport/call-plan.ts';

const path = '/pickup/v3/carrier-pickup';
const eligibilityResponse = z.object({ pickupAddress: z.object({}) });
/** The document wraps the echoed request and the guide does not; both have number and date at the top. */
const pickupResponse = z.object({
  confirmationNumber: z.string().min(1),
  // A missing date must not lose the number: a pickup is found by its number alone.
  pickupDate: z.iso.date().optional().catch(undefined),
});
const preparedSchema = z.object({ body: z.string(), date: z.string() });
/** `ScheduledPickup.providerRef`. */
const pickupRefSchema = z.object({
  confirmationNumber: z.string(),
  etag: z.string().optional(),
  /** Receipt of the etag, epoch milliseconds. */
  taggedAt: z.number(),
});

/** An etag is valid for one hour, or until it is used. */
const etagLifetimeMs = 60 * 60 * 1000;

/**
 * Schedules and cancels carrier pickups, which are free. There is no `reconcile`: a pickup is found by its confirmation
 * number alone, and there is no idempotency key. Sending the request again would schedule a pickup where there is none,
 * and a refusal with 020001 (the address has a pickup) does not tell who scheduled it.
 */
export function createPickupApi(usps: Usps): PickupApi {
  return {
    async prepare(pickup, call) {
      const json = toPickupRequest(pickup, usps.clock.now());
      const request = {
        api: 'pickup',
        path: `${path}/eligibility`,
        query: json.pickupAddress.address,
      } as const;
      await followedBy(usps.fetchJson(eligibilityResponse, request, call.signal, inputPaths), {
        calls: 1,
        when: 'USPS picks up at the address',
      });
      return { attemptId: randomUUID(), request: { body: JSON.stringify(json), date: pickup.date } };
    },
    async perform(prepared, call) {
      const { body, date } = preparedSchema.parse(prepared.request);
      const headers = { 'content-type': 'application/json' };
      const response = await usps.send({ api: 'pickup', method: 'POST', path, body, headers }, call.signal);
      if (!isOk(response)) throw failureOf(response, usps.clock.now(), inputPaths);
      return fromPickupResponse(response, date, usps.clock.now());
    },
    cancel: (scheduled, call) => cancel(usps, scheduled, call),
  };
}

function fromPickupResponse(response: HttpResponse, requestedDate: string, now: number): ScheduledPickup {
  const { confirmationNumber, pickupDate } = parseBody(pickupResponse, response, 'a pickup');
  return {
    confirmation: confirmationNumber,
    date: pickupDate ?? requestedDate,
    price: money(0),
    providerRef: { confirmationNumber, etag: etagOf(response), taggedAt: now } satisfies z.infer<
      typeof pickupRefSchema
    >,
  };
}

async function cancel(usps: Usps, { providerRef }: ScheduledPickup, call: CallOptions): Promise<void> {
  const { confirmationNumber, etag, taggedAt } = pickupRefSchema.parse(providerRef);
  const pickupPath = `${path}/${encodeURIComponent(confirmationNumber)}`;
  const send = (method: 'GET' | 'DELETE', headers?: Record<string, string>) =>
    usps.send({ api: 'pickup', method, path: pickupPath, headers, repeatable: true }, call.signal);
  let currentEtag = usps.clock.now() < taggedAt + etagLifetimeMs ? etag : undefined;
  for (const isLastAttempt of [false, true]) {
    if (currentEtag === undefined) {
      const current = await followedBy(send('GET'), { calls: 3, when: 'the pickup is not cancelled yet' });
      if (!isOk(current)) return throwUnlessCancelled(current, usps);
      currentEtag = etagOf(current);
    }
    const response = await followedBy(
      send('DELETE', currentEtag === undefined ? undefined : { 'if-match': currentEtag }),
      { calls: 2, when: 'the etag of the pickup was used or has expired' },
    );
    if (isOk(response)) return;
    // The etag was used or has expired: it is read again, once.
    if (response.status !== 412 || isLastAttempt) return throwUnlessCancelled(response, usps);
    currentEtag = undefined;
  }
}

/**
 * Accepts a response that the pickup is unknown, since an earlier call cancelled it. Guess: the document does not define
 * the response for such a number; the workbook has "Case number not found." (020015).
 */
function throwUnlessCancelled(response: HttpResponse, { clock }: Usps): void {
  const failure = failureOf(response, clock.now());
  if (failure.code !== 'NOT_FOUND' || !failure.refused) throw failure;
}

function etagOf({ headers: { etag } }: HttpResponse): string | undefined {
  return Array.isArray(etag) ? etag[0] : etag;
}

const inputPaths = {
  streetAddress: ['address', 'street1'],
  secondaryAddress: ['address', 'street2'],
  urbanization: ['address', 'urbanization'],
  city: ['address', 'city'],
  state: ['address', 'state'],
  ZIPCode: ['address', 'postalCode'],
} as const;
