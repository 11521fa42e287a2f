import { describe, expect, it } from 'vitest';

import { signatures } from '../../../../sandbox/easypost/webhooks/signatures.ts';
import { serialize } from '../../../../sandbox/easypost/json.ts';
import type { EasyPostClient } from '../../../../src/carriers/easypost/client.ts';
import { createWebhookApi } from '../../../../src/carriers/easypost/tracking/webhooks.ts';
import type { Environment } from '../../../../src/carriers/provider.ts';
import { InvalidSignature } from '../../../../src/carriers/webhooks.ts';
import { readWebhook } from '../../../support/read-webhook.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const path = '/webhooks/easypost/word';
const secret = 'sécret';

/** Reading a webhook makes no call, so the client is empty. */
const webhooksOf = (own = secret, environment: Environment = 'TEST') =>
  createWebhookApi({} as EasyPostClient, own, environment);

const tracker = {
  id: 'trk_1',
  object: 'Tracker',
  mode: 'test',
  tracking_code: 'EZ2000000002',
  status: 'in_transit',
  status_detail: 'arrived_at_facility',
  updated_at: '2026-11-18T17:59:58Z',
  weight: 136,
  carrier: 'UPSDAP',
  tracking_details: [
    { message: 'Picked up', status: 'in_transit', datetime: '2026-11-18T17:00:00Z', tracking_location: { city: 'ORLANDO' } },
  ],
}; // prettier-ignore
const event = {
  description: 'tracker.updated',
  mode: 'test',
  previous_attributes: { status: 'pre_transit' },
  created_at: '2026-11-18T17:59:59.000Z',
  id: 'evt_1',
  result: tracker,
};

/** A delivery as EasyPost makes it, with both signatures. */
function delivery(body: unknown = event, { at = now, signedWith = secret, to = path } = {}) {
  const text = typeof body === 'string' ? body : serialize(body);
  return { method: 'POST', path, headers: signatures(signedWith, at, to, text) as Record<string, string | undefined>, body: Buffer.from(text) }; // prettier-ignore
}
const without = (names: readonly string[], from = delivery()) => ({
  ...from,
  headers: Object.fromEntries(Object.entries(from.headers).filter(([name]) => !names.includes(name))),
});
const second = ['x-hmac-signature-v2', 'x-timestamp', 'x-path'];

describe('a webhook of EasyPost', () => {
  it('is read as a tracker of a response is', () => {
    expect(delivery().body.toString()).toContain('"weight":136.0');
    const event = readWebhook(webhooksOf(), delivery(), now);
    expect(event).toMatchObject({ type: 'tracker.updated', at: now - 1000 });
    expect(event.trackings).toMatchObject([
      {
        parcel: { trackingNumber: 'EZ2000000002', carrier: 'UPS' },
        tracking: {
          status: 'IN_TRANSIT',
          carrier: 'UPS',
          reference: 'trk_1',
          changedAt: '2026-11-18T17:59:58.000Z',
          events: [{ description: 'Picked up', occurredAt: '2026-11-18T17:00:00Z' }],
        },
      },
    ]);
  });

  it('is accepted with the first signature alone', () => {
    expect(readWebhook(webhooksOf(), without(second), now).trackings).toHaveLength(1);
  });

  it('is accepted with the second signature alone', () => {
    expect(readWebhook(webhooksOf(), without(['x-hmac-signature']), now).trackings).toHaveLength(1);
  });

  it('is accepted with a digest without prefix and in capitals', () => {
    const { headers, ...rest } = delivery();
    const bare = { 'x-hmac-signature': headers['x-hmac-signature']!.slice('hmac-sha256-hex='.length).toUpperCase() }; // prettier-ignore
    expect(readWebhook(webhooksOf(), { ...rest, headers: bare }, now).trackings).toHaveLength(1);
  });

  it('is accepted with the secret in another Unicode normalisation', () => {
    expect(readWebhook(webhooksOf(secret.normalize('NFC')), delivery(event, { signedWith: secret.normalize('NFD') }), now).trackings).toHaveLength(1); // prettier-ignore
  });

  it.each([
    ['without any signature', without([...second, 'x-hmac-signature'])],
    ['without the second signature but with its timestamp', without(['x-hmac-signature-v2'])],
    ['with a second signature without its timestamp', without(['x-timestamp'])],
    ['with a second signature without its path', without(['x-path'])],
    ['signed with another secret', delivery(event, { signedWith: 'another' })],
    ['with a wrong second signature and a right first one', { ...delivery(), headers: { ...delivery().headers, 'x-hmac-signature-v2': signatures('another', now, path, '')['x-hmac-signature-v2'] } }],
    ['with another body', { ...delivery(), body: Buffer.from(serialize({ ...event, id: 'evt_2' })) }],
    ['with its JSON printed again', { ...without(second), body: Buffer.from(JSON.stringify(event)) }],
    ['for another address', delivery(event, { to: '/webhooks/easypost/other' })],
    ['from six minutes ago', delivery(event, { at: now - 6 * 60_000 })],
    ['from six minutes ahead', delivery(event, { at: now + 6 * 60_000 })],
    ['with another method', { ...delivery(), method: 'PUT' }],
    ['with a signature that is not a digest', { ...without(second), headers: { 'x-hmac-signature': 'hmac-sha256-hex=é' } }],
  ])('is rejected %s', (_, forged) => {
    expect(() => readWebhook(webhooksOf(), forged, now)).toThrow(InvalidSignature);
  }); // prettier-ignore

  it('is accepted for five minutes', () => {
    expect(readWebhook(webhooksOf(), delivery(event, { at: now - 299_000 }), now).trackings).toHaveLength(1);
  });

  it.each([
    ['an event of another object', { ...event, description: 'batch.created', result: {} }],
    ['an event of the other mode', { ...event, mode: 'production' }],
    ['an event without its result', { ...event, result: undefined }],
    ['a number that EasyPost can’t track', { ...event, result: { ...tracker, status: 'error' } }],
  ])('has no update for %s', (_, body) => {
    expect(readWebhook(webhooksOf(), delivery(body), now).trackings).toEqual([]);
  });

  it('has updates of production parcels for a production account', () => {
    const body = { ...event, mode: 'production' };
    expect(readWebhook(webhooksOf(secret, 'PRODUCTION'), delivery(body), now).trackings).toHaveLength(1);
  });

  it('is read with a list as previous_attributes, and without a time of its own', () => {
    const body = { ...event, previous_attributes: [], created_at: null };
    expect(readWebhook(webhooksOf(), delivery(body), now)).toMatchObject({ at: now, trackings: [{}] });
  });

  it('is never dated in the future', () => {
    expect(
      readWebhook(webhooksOf(), delivery({ ...event, created_at: '2027-01-01T00:00:00Z' }), now).at,
    ).toBe(now);
  });

  it.each(['', 'hello', '[]', '{"description":7}', serialize({ ...event, result: { id: 7 } })])(
    'throws UNREADABLE where its signature is valid and its body is not: %s',
    (body) => {
      expect(() => readWebhook(webhooksOf(), delivery(body), now)).toThrow(
        expect.objectContaining({ code: 'UNREADABLE' }),
      );
    },
  );
});
