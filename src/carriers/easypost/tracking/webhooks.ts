import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import type { CallOptions } from '../../adapter.ts';
import type { Environment } from '../../provider.ts';
import {
  InvalidSignature,
  type RegisteredWebhook,
  type WebhookApi,
  type WebhookEvent,
  type WebhookRequest,
} from '../../webhooks.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { toTrackingUpdate } from './tracking-update.ts';

/** `previous_attributes` is not read: it was once sent as a list, and adds nothing to `result`. */
const eventSchema = z.object({
  description: z.string(),
  mode: z.string().nullish(),
  created_at: z.string().nullish(),
  result: z.unknown().optional(),
});
const refundResult = z.object({ tracking_code: z.string().nullish() }).catch({});
const webhookSchema = z.object({ id: z.string(), url: z.string(), disabled_at: z.string().nullish() });
type Webhook = z.infer<typeof webhookSchema>;
const webhookList = z.object({ webhooks: z.array(webhookSchema) });

/** Guess: EasyPost advises to reject old timestamps without giving an age. */
const timestampToleranceMs = 5 * 60_000;

/** Reads and registers webhooks. EasyPost delivers events at least once and in any order. */
export function createWebhookApi(
  client: EasyPostClient,
  secret: string,
  environment: Environment,
): WebhookApi {
  // Recorded for the first version of signatures. Guess: the second normalises the secret the same way.
  const key = secret.normalize('NFKD');
  const mode = environment === 'PRODUCTION' ? 'production' : 'test';
  const list = async (call: CallOptions) =>
    (await client.list(webhookList, '/webhooks', call.signal)).webhooks;
  const listOf = async (url: string, call: CallOptions) =>
    (await list(call)).filter((webhook) => isSameUrl(webhook.url, url));

  return {
    verify: (request, now) => verifySignature(request, key, now),
    parse: (body, receivedAt) => fromEvent(body, mode, receivedAt),
    registration: {
      async register(url, call) {
        const existing = await listOf(url, call);
        const json = { webhook_secret: secret };
        // An update also enables a webhook that EasyPost has disabled.
        for (const { id } of existing) {
          await client.request(
            webhookSchema,
            { method: 'PATCH', path: `/webhooks/${id}`, json },
            call.signal,
          );
        }
        if (existing.length > 0) return 'renewed';
        const request = { method: 'POST', path: '/webhooks', json: { webhook: { url, ...json } } } as const;
        await client.request(webhookSchema, request, call.signal);
        return 'registered';
      },
      list: async (call) => (await list(call)).map(fromWebhook),
      async remove(url, call) {
        const existing = await listOf(url, call);
        for (const { id } of existing) {
          await client.request(z.unknown(), { method: 'DELETE', path: `/webhooks/${id}` }, call.signal);
        }
        return existing.length;
      },
    },
  };
}

/** Verifies the second version of the signature, over timestamp, method, path and body, or else the first, over the body. */
function verifySignature({ headers, method, path, body }: WebhookRequest, key: string, now: number): void {
  const header = (name: string) => [headers[name]].flat()[0];
  const signature = header('x-hmac-signature-v2');
  const timestamp = header('x-timestamp');
  if (signature === undefined && timestamp === undefined) {
    if (!isSignedWith(key, header('x-hmac-signature'), body))
      throw new InvalidSignature('the signature does not match the secret');
    return;
  }
  const signedPath = header('x-path') ?? '';
  const text = Buffer.concat([Buffer.from(`${timestamp}${method.toUpperCase()}${signedPath}`), body]);
  if (!isSignedWith(key, signature, text))
    throw new InvalidSignature('the second signature does not match the secret');
  if (!(Math.abs(now - Date.parse(timestamp ?? '')) <= timestampToleranceMs))
    throw new InvalidSignature('the timestamp is more than five minutes off');
  // Guess: `x-path` is a path, perhaps with a query.
  if (!URL.canParse(signedPath, 'http://any') || new URL(signedPath, 'http://any').pathname !== path) {
    throw new InvalidSignature('the signature is for another address');
  }
}

/** Accepts `hmac-sha256-hex=` with the digest, or the digest alone as in EasyPost's guides. Compares in constant time. */
function isSignedWith(key: string, signature: string | undefined, text: Buffer): boolean {
  const digest = Buffer.from((signature ?? '').replace(/^hmac-sha256-hex=/i, '').toLowerCase());
  const expected = Buffer.from(createHmac('sha256', key).update(text).digest('hex'));
  return digest.length === expected.length && timingSafeEqual(digest, expected);
}

/** Maps the body of a verified request, which is parsed after the verification: printing it again would change it (`136.0`). */
function fromEvent(body: Buffer, mode: string, now: number): WebhookEvent {
  const parsed = eventSchema.safeParse(parseJson(body.toString('utf8')));
  if (!parsed.success) throw unreadable('an event', parsed.error);
  const { description, created_at, result } = parsed.data;
  const createdAt = Date.parse(created_at ?? '');
  const event = { type: description.slice(0, 60), at: createdAt < now ? createdAt : now };
  // Test and production may share a secret, while their parcels are separate.
  const isSameMode = (parsed.data.mode ?? mode) === mode;
  if (isSameMode && description === 'refund.successful') {
    const { tracking_code } = refundResult.parse(result);
    return { ...event, trackings: [], refunds: tracking_code ? [tracking_code] : [] };
  }
  if (!isSameMode || !/^tracker\.(created|updated)$/.test(description)) {
    return { ...event, trackings: [], refunds: [] };
  }
  const update = toTrackingUpdate(result);
  if (update === 'unreadable') throw unreadable('an event of a tracker');
  return { ...event, trackings: update ? [update] : [], refunds: [] };
}

const isSameUrl = (theirs: string, ours: string) =>
  URL.canParse(theirs) && new URL(theirs).href === new URL(ours).href;

function fromWebhook({ url, disabled_at }: Webhook): RegisteredWebhook {
  const { origin, pathname } = URL.canParse(url) ? new URL(url) : { origin: '', pathname: '(not a URL)' };
  return { url: origin + pathname, active: !disabled_at };
}
