import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import type { CallOptions, Environment } from '../../adapter.ts';
import {
  InvalidSignature,
  type WebhookRequest,
  type WebhookEvent,
  type RegisteredWebhook,
  type WebhookApi,
} from '../../webhooks.ts';
import type { EasyPost } from '../client.ts';
import { unreadable } from '../errors.ts';
import { toTrackingUpdate } from '../import/import.ts';

/** `previous_attributes` is left unread: it was sent as a list once, and says nothing that `result` does not. */
const event = z.object({
  description: z.string(),
  mode: z.string().nullish(),
  created_at: z.string().nullish(),
  result: z.unknown().optional(),
});
const refund = z.object({ tracking_code: z.string().nullish() }).catch({});
const hook = z.object({ id: z.string(), url: z.string(), disabled_at: z.string().nullish() });
const hooks = z.object({ webhooks: z.array(hook) });

/** Guess: EasyPost says that old timestamps are to be refused, and not how old. */
const toleranceMs = 5 * 60_000;

/**
 * EasyPost delivers at least once and in no order, so nothing here counts on either: the ledger keeps the newer state.
 */
export function createWebhookApi(easypost: EasyPost, secret: string, environment: Environment): WebhookApi {
  // Recorded of the first generation of signatures; a guess for the second.
  const key = secret.normalize('NFKD');
  const mode = environment === 'PRODUCTION' ? 'production' : 'test';
  const json = { webhook_secret: secret };
  const registered = async (url: string, call: CallOptions) =>
    (await easypost.list(hooks, '/webhooks', call.signal)).webhooks.filter((each) => sameUrl(each.url, url));
  return {
    read(delivery, now) {
      verify(delivery, key, now);
      return fromEvent(delivery.body, mode, now);
    },
    async register(url, call) {
      const known = await registered(url, call);
      // Changing one also wakes it where EasyPost has given up on it.
      for (const { id } of known) {
        await easypost.ask(hook, { method: 'PATCH', path: `/webhooks/${id}`, json }, call.signal);
      }
      if (known.length > 0) return 'renewed';
      const request = { method: 'POST', path: '/webhooks', json: { webhook: { url, ...json } } } as const;
      await easypost.ask(hook, request, call.signal);
      return 'registered';
    },
    list: async (call) => (await easypost.list(hooks, '/webhooks', call.signal)).webhooks.map(fromHook),
    async remove(url, call) {
      const known = await registered(url, call);
      for (const { id } of known) {
        await easypost.ask(z.unknown(), { method: 'DELETE', path: `/webhooks/${id}` }, call.signal);
      }
      return known.length;
    },
  };
}

/** Both generations of signatures: over the body alone, and over time, method, path and body. */
function verify({ headers, method, path, body }: WebhookRequest, key: string, now: number): void {
  const header = (name: string) => [headers[name]].flat()[0];
  const second = header('x-hmac-signature-v2');
  const timestamp = header('x-timestamp');
  if (second === undefined && timestamp === undefined) {
    if (!isSigned(header('x-hmac-signature'), key, body))
      throw new InvalidSignature('the signature is not ours');
    return;
  }
  const signedPath = header('x-path') ?? '';
  const text = Buffer.concat([Buffer.from(`${timestamp}${method.toUpperCase()}${signedPath}`), body]);
  if (!isSigned(second, key, text)) throw new InvalidSignature('the second signature is not ours');
  if (!(Math.abs(now - Date.parse(timestamp ?? '')) <= toleranceMs))
    throw new InvalidSignature('it is not of now');
  // What was signed for another address is not for this one. Guess: it is a path, perhaps with a query.
  if (!URL.canParse(signedPath, 'http://any') || new URL(signedPath, 'http://any').pathname !== path) {
    throw new InvalidSignature('it is for another address');
  }
}

/** `hmac-sha256-hex=` and the digest; EasyPost's guides show the digest alone too. Takes as long whatever is wrong. */
function isSigned(signature: string | undefined, key: string, text: Buffer): boolean {
  const told = Buffer.from((signature ?? '').replace(/^hmac-sha256-hex=/i, '').toLowerCase());
  const right = Buffer.from(createHmac('sha256', key).update(text).digest('hex'));
  return told.length === right.length && timingSafeEqual(told, right);
}

/** Read after it was verified: who prints it again changes it (`"weight":136.0`). */
function fromEvent(body: Buffer, mode: string, now: number): WebhookEvent {
  const parsed = event.safeParse(parseJson(body.toString('utf8')));
  if (!parsed.success) throw unreadable('an event', parsed.error);
  const { description, created_at, result } = parsed.data;
  const told = Date.parse(created_at ?? '');
  const about = { type: description.slice(0, 60), at: told < now ? told : now };
  // One secret may serve both modes, and their parcels have nothing to do with each other.
  const isOurs = (parsed.data.mode ?? mode) === mode;
  if (isOurs && description === 'refund.successful') {
    const { tracking_code } = refund.parse(result);
    return { ...about, trackings: [], refunds: tracking_code ? [tracking_code] : [] };
  }
  if (!isOurs || !/^tracker\.(created|updated)$/.test(description)) {
    return { ...about, trackings: [], refunds: [] };
  }
  const heard = toTrackingUpdate(result);
  if (heard === 'unreadable') throw unreadable('an event of a tracker');
  return { ...about, trackings: heard ? [heard] : [], refunds: [] };
}

const sameUrl = (theirs: string, ours: string) =>
  URL.canParse(theirs) && new URL(theirs).href === new URL(ours).href;

function fromHook({ url, disabled_at }: z.infer<typeof hook>): RegisteredWebhook {
  const { origin, pathname } = URL.canParse(url) ? new URL(url) : { origin: '', pathname: '(not a URL)' };
  return { url: origin + pathname, active: !disabled_at };
}
