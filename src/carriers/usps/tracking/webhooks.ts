import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import { parcelNumber } from '../../../domain/tracking.ts';
import {
  InvalidSignature,
  type TrackingUpdate,
  type WebhookApi,
  type WebhookRequest,
} from '../../webhooks.ts';
import { unreadable } from '../errors.ts';
import { fromPushedTracking } from './tracking-response.ts';

/** A push of a subscription to tracking: `payload` is JSON in a string. */
const envelopeSchema = z.object({
  subscriptionType: z.string().nullish(),
  timestamp: z.string(),
  payload: z.string(),
});
/** Guess: no document has the request by which USPS checks a new listener. */
const challengeSchema = z.object({ challenge: z.string().max(1000), payload: z.undefined().optional() });

/** Reads the pushes of USPS's Subscriptions-Tracking API. Subscriptions are made at USPS, with the account's secret. */
export function createWebhookApi(secret: string): WebhookApi {
  return {
    verify(request) {
      const json = parseJson(request.body.toString('utf8'));
      const challenge = challengeSchema.safeParse(json);
      if (challenge.success) return { answer: { challenge: challenge.data.challenge } };
      verifySignature(request, json, secret);
      return undefined;
    },
    parse(body, receivedAt) {
      const envelope = envelopeSchema.safeParse(parseJson(body.toString('utf8')));
      if (!envelope.success) throw unreadable('a push', envelope.error);
      const { subscriptionType, timestamp, payload } = envelope.data;
      const pushedAt = Date.parse(timestamp);
      return {
        type: (subscriptionType ?? 'without a type').slice(0, 60),
        at: pushedAt < receivedAt ? pushedAt : receivedAt,
        // Guess: a list has several parcels.
        trackings: [parseJson(payload)].flat().map(toTrackingUpdate),
        refunds: [],
      };
    },
  };
}

/** `X-HMAC` is the HMAC-SHA256, in Base64, of timestamp and payload as they stand in the envelope; `hmac-header` is its older name. */
function verifySignature({ headers }: WebhookRequest, json: unknown, secret: string): void {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) throw new InvalidSignature('there is neither timestamp nor payload to verify');
  const { timestamp, payload } = envelope.data;
  const [header = ''] = [headers['x-hmac'] ?? headers['hmac-header']].flat();
  const digest = Buffer.from(header, 'base64');
  const expected = createHmac('sha256', secret)
    .update(timestamp + payload)
    .digest();
  if (digest.length !== expected.length || !timingSafeEqual(digest, expected))
    throw new InvalidSignature('the signature does not match the secret');
}

function toTrackingUpdate(value: unknown): TrackingUpdate {
  const pushed = fromPushedTracking(value);
  if (pushed === undefined) throw unreadable('a pushed tracking detail');
  return { parcel: parcelNumber(pushed.trackingNumber, 'USPS'), tracking: pushed.tracking };
}
