import { randomUUID } from 'node:crypto';

import pMap from 'p-map';

import type { Clock } from '../domain/clock.ts';
import { InputError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import {
  createWebhookSecret,
  retryDelayMs,
  secretOverlapMs,
  signWebhook,
  webhookSecretPurpose,
  type WebhookEventName,
} from '../domain/webhook-events.ts';
import type { Records } from '../storage/storage.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../storage/tables.ts';
import type { ClaimedDelivery, DeliveryAttempt } from '../storage/webhooks/deliveries.ts';
import { describeNoAnswer, type WebhookTarget } from '../transport/webhook-target.ts';

/** Webhooks that this server sends to its tenants. */
export interface Webhooks {
  /** Throws an `InputError` where the URL may not be sent to. Returns the secret, which is shown once. */
  create(tenantId: string, url: URL, events: readonly WebhookEventName[]): Promise<EndpointWithSecret>;
  rotate(endpoint: WebhookEndpointRow): Promise<EndpointWithSecret>;
  delete(endpoint: WebhookEndpointRow): Promise<void>;
  /** Sends an event without a change, and returns its delivery after the first attempt. */
  test(endpoint: WebhookEndpointRow): Promise<WebhookDeliveryRow>;
  /** Sends a delivery again, under its id, and returns it after the first attempt. */
  redeliver(delivery: WebhookDeliveryRow): Promise<WebhookDeliveryRow>;
  /** Sends what is due. */
  deliverDue(): Promise<void>;
  /** Deletes deliveries that ended 30 days ago. */
  prune(): Promise<void>;
}

export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpointRow;
  readonly secret: string;
}

export interface WebhookDependencies {
  readonly storage: Pick<Records, 'webhookEndpoints' | 'webhookDeliveries'>;
  readonly sealer: Sealer;
  readonly target: WebhookTarget;
  readonly clock: Clock;
}

/** Deliveries of one round. One round follows the other while there are more. */
const batchSize = 50;
const concurrency = 20;

export function createWebhooks(dependencies: WebhookDependencies): Webhooks {
  const { storage, sealer, target, clock } = dependencies;
  const { webhookEndpoints, webhookDeliveries } = storage;
  const read = async ({ tenant_id, id }: WebhookDeliveryRow) =>
    (await webhookDeliveries.find(tenant_id, id))!;
  const deliverDue = async () => {
    for (;;) {
      const due = await webhookDeliveries.claimDue(clock.now(), batchSize);
      await pMap(due, (delivery) => deliver(dependencies, delivery), { concurrency });
      if (due.length < batchSize) return;
    }
  };
  return {
    async create(tenantId, url, events) {
      const refusal = await target.refusal(url);
      if (refusal) throw new InputError([{ code: 'INVALID', field: ['input', 'url'], message: refusal }]);
      const id = `whe_${randomUUID()}`;
      const secret = createWebhookSecret();
      const sealed = sealer.seal(webhookSecretPurpose, id, secret);
      return { endpoint: await webhookEndpoints.create({ id, tenantId, url: url.href, events, secret: sealed }), secret }; // prettier-ignore
    },
    delete: (endpoint) => webhookEndpoints.delete(endpoint),
    async rotate(endpoint) {
      const secret = createWebhookSecret();
      const sealed = sealer.seal(webhookSecretPurpose, endpoint.id, secret);
      return {
        endpoint: await webhookEndpoints.rotate(endpoint, sealed, clock.now() + secretOverlapMs),
        secret,
      };
    },
    async test(endpoint) {
      const delivery = await webhookDeliveries.add(endpoint, { test: true });
      await deliverDue();
      return read(delivery);
    },
    async redeliver(delivery) {
      await webhookDeliveries.repeat(delivery.id, clock.now());
      await deliverDue();
      return read(delivery);
    },
    deliverDue,
    prune: webhookDeliveries.prune,
  };
}

async function deliver(dependencies: WebhookDependencies, delivery: ClaimedDelivery): Promise<void> {
  const { webhookEndpoints, webhookDeliveries } = dependencies.storage;
  const attempt = await post(dependencies, delivery);
  // 410 is a receiver's word for "I am gone" (Standard Webhooks).
  if (attempt.statusCode === 410) await webhookEndpoints.deactivate(delivery.endpoint_id);
  await webhookDeliveries.saveAttempt(delivery.id, attempt);
}

async function post(
  { sealer, target, clock }: WebhookDependencies,
  { id, payload, attempts, endpoint }: ClaimedDelivery,
): Promise<DeliveryAttempt> {
  const secrets = openSecrets(sealer, endpoint, clock.now());
  const headers = { 'content-type': 'application/json', ...signWebhook(id, payload, secrets, clock.now()) };
  const delay = retryDelayMs(attempts);
  const failed = (error: string, statusCode?: number): DeliveryAttempt =>
    delay === undefined || statusCode === 410
      ? { status: 'DEAD', statusCode, error }
      : { status: 'RETRYING', statusCode, error, nextAttemptAt: clock.now() + delay };
  if (secrets.length === 0) return failed('the secret cannot be opened with PARCELGRAPH_SECRET; rotate it');
  try {
    const statusCode = await target.post(new URL(endpoint.url), headers, payload);
    if (statusCode >= 200 && statusCode < 300) return { status: 'DELIVERED', statusCode };
    const isRedirect = statusCode >= 300 && statusCode < 400;
    return failed(isRedirect ? 'redirects are not followed' : `status ${statusCode}`, statusCode);
  } catch (error) {
    return failed(describeNoAnswer(error));
  }
}

/** The secrets that a receiver may verify with, newest first. */
function openSecrets(sealer: Sealer, endpoint: WebhookEndpointRow, now: number): string[] {
  const { id, secret, previous_secret, previous_until } = endpoint;
  const isOverlap = previous_secret !== null && previous_until !== null && previous_until.getTime() > now;
  return [secret, ...(isOverlap ? [previous_secret] : [])]
    .map((sealed) => sealer.open(webhookSecretPurpose, id, sealed))
    .filter((opened) => typeof opened === 'string');
}
