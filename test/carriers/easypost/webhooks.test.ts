import { describe, expect, it } from 'vitest';

import { signatures } from '../../../sandbox/easypost/tracking/webhooks.ts';
import { toJson } from '../../../sandbox/easypost/http.ts';
import type { EasyPost } from '../../../src/carriers/easypost/client.ts';
import { createWebhookApi } from '../../../src/carriers/easypost/tracking/webhooks.ts';
import type { Environment } from '../../../src/carriers/adapter.ts';
import { InvalidSignature } from '../../../src/carriers/webhooks.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const path = '/webhooks/easypost/word';
const secret = 'sécret';

/** Reading asks EasyPost nothing. */
const desk = (own = secret, environment: Environment = 'TEST') =>
  createWebhookApi({} as EasyPost, own, environment);

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
function delivery(body: unknown = event, { at = now, by = secret, to = path } = {}) {
  const text = typeof body === 'string' ? body : toJson(body);
  return { method: 'POST', path, headers: signatures(by, at, to, text) as Record<string, string | undefined>, body: Buffer.from(text) }; // prettier-ignore
}
const without = (names: readonly string[], from = delivery()) => ({
  ...from,
  headers: Object.fromEntries(Object.entries(from.headers).filter(([name]) => !names.includes(name))),
});
const second = ['x-hmac-signature-v2', 'x-timestamp', 'x-path'];

describe('a webhook of EasyPost', () => {
  it('tells a parcel by the same reading as an answer does', () => {
    expect(delivery().body.toString()).toContain('"weight":136.0');
    const news = desk().read(delivery(), now);
    expect(news).toMatchObject({ type: 'tracker.updated', at: now - 1000 });
    expect(news.trackings).toMatchObject([
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

  it('is believed by the first signature alone where the second is not sent', () => {
    expect(desk().read(without(second), now).trackings).toHaveLength(1);
  });

  it('is believed by the second signature alone', () => {
    expect(desk().read(without(['x-hmac-signature']), now).trackings).toHaveLength(1);
  });

  it('is believed with a bare digest, and with one in capitals', () => {
    const { headers, ...rest } = delivery();
    const bare = { 'x-hmac-signature': headers['x-hmac-signature']!.slice('hmac-sha256-hex='.length).toUpperCase() }; // prettier-ignore
    expect(desk().read({ ...rest, headers: bare }, now).trackings).toHaveLength(1);
  });

  it('is believed whichever way the secret is typed', () => {
    expect(desk(secret.normalize('NFC')).read(delivery(event, { by: secret.normalize('NFD') }), now).trackings).toHaveLength(1); // prettier-ignore
  });

  it.each([
    ['without any signature', without([...second, 'x-hmac-signature'])],
    ['with the second signature taken away, and its time left', without(['x-hmac-signature-v2'])],
    ['with a second signature without its time', without(['x-timestamp'])],
    ['with a second signature without its path', without(['x-path'])],
    ['that another secret signed', delivery(event, { by: 'another' })],
    ['that the second signature is wrong of, though the first is right', { ...delivery(), headers: { ...delivery().headers, 'x-hmac-signature-v2': signatures('another', now, path, '')['x-hmac-signature-v2'] } }],
    ['with another body', { ...delivery(), body: Buffer.from(toJson({ ...event, id: 'evt_2' })) }],
    ['that was printed again', { ...without(second), body: Buffer.from(JSON.stringify(event)) }],
    ['for another address', delivery(event, { to: '/webhooks/easypost/other' })],
    ['from six minutes ago', delivery(event, { at: now - 6 * 60_000 })],
    ['from six minutes ahead', delivery(event, { at: now + 6 * 60_000 })],
    ['by another method', { ...delivery(), method: 'PUT' }],
    ['with a signature that is no digest', { ...without(second), headers: { 'x-hmac-signature': 'hmac-sha256-hex=é' } }],
  ])('is refused %s', (_, forged) => {
    expect(() => desk().read(forged, now)).toThrow(InvalidSignature);
  }); // prettier-ignore

  it('is believed for five minutes', () => {
    expect(desk().read(delivery(event, { at: now - 299_000 }), now).trackings).toHaveLength(1);
  });

  it.each([
    ['an event about something that we do not keep', { ...event, description: 'batch.created', result: {} }],
    ['an event of the other mode', { ...event, mode: 'production' }],
    ['an event without its result', { ...event, result: undefined }],
    ['a number that EasyPost can not track', { ...event, result: { ...tracker, status: 'error' } }],
  ])('tells nothing by %s', (_, body) => {
    expect(desk().read(delivery(body), now).trackings).toEqual([]);
  });

  it('tells the parcels of its own mode to a production account', () => {
    const body = { ...event, mode: 'production' };
    expect(desk(secret, 'PRODUCTION').read(delivery(body), now).trackings).toHaveLength(1);
  });

  it('is read with a list for previous_attributes, and with no time of its own', () => {
    const body = { ...event, previous_attributes: [], created_at: null };
    expect(desk().read(delivery(body), now)).toMatchObject({ at: now, trackings: [{}] });
  });

  it('is never of the future', () => {
    expect(desk().read(delivery({ ...event, created_at: '2027-01-01T00:00:00Z' }), now).at).toBe(now);
  });

  it.each(['', 'hello', '[]', '{"description":7}', toJson({ ...event, result: { id: 7 } })])(
    'that is genuine and can not be read says so: %s',
    (body) => {
      expect(() => desk().read(delivery(body), now)).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
    },
  );
});
