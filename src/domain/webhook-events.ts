import { createHmac, randomBytes } from 'node:crypto';

export const webhookEventNames = [
  'TRACKER_UPDATED',
  'SHIPMENT_PURCHASED',
  'SHIPMENT_VOIDED',
  'REFUND_UPDATED',
] as const;
export type WebhookEventName = (typeof webhookEventNames)[number];

export type WebhookDeliveryStatus = 'PENDING' | 'DELIVERED' | 'RETRYING' | 'DEAD';

/** Seconds before each repetition of a delivery that failed: a day in all. After the last one the delivery is DEAD. */
const retryDelays = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 8 * 3600, 8 * 3600] as const;

/** Returns the milliseconds until the next attempt; undefined after the last one. */
export function retryDelayMs(attempts: number): number | undefined {
  const seconds = retryDelays[attempts - 1];
  return seconds === undefined ? undefined : seconds * 1000;
}

/** For how long requests are signed with the previous secret too, after a rotation. */
export const secretOverlapMs = 24 * 60 * 60 * 1000;

/** The purpose under which secrets are sealed, bound to their endpoint. */
export const webhookSecretPurpose = 'webhook secret';

/** Creates a secret as Standard Webhooks writes them: `whsec_` and 32 random bytes in base64. */
export const createWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** A body as Standard Webhooks recommends it: `type`, `timestamp`, `data`. */
export function webhookPayload(event: WebhookEventName, at: Date, data: object): string {
  return JSON.stringify({ type: event.toLowerCase().replace('_', '.'), timestamp: at.toISOString(), data });
}

/** Signs a request as Standard Webhooks 1.0 defines it, with each secret. `at` is epoch milliseconds. */
export function signWebhook(
  id: string,
  payload: string,
  secrets: readonly string[],
  at: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
