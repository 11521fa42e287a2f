import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TenantConfig } from '../../src/config/tenants.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { trackingLinkMs } from '../../src/domain/tracking-link.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

const number = '9200190345678900000025';

describe('the routes of /track', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }): TenantConfig[] => [
        { ...tenant, id: 'open', apiKeys: [toApiKeyConfig('key-of-open')], trackingLinks: true },
        { ...tenant, id: 'closed', apiKeys: [toApiKeyConfig('key-of-closed')], trackingLinks: false },
      ],
    });
  });
  afterAll(() => server.close());

  const post = async (path: string, body: object, key?: string) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
    });
    return response;
  };
  /** The status, and the first state or the error. */
  const updates = async (body: object, key?: string) => {
    const response = await post('/track/updates', body, key);
    if (response.status !== 200)
      return [response.status, ((await response.json()) as { error: string }).error];
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true });
      const data = /^data: (.+)$/m.exec(text)?.[1];
      if (data) return [200, JSON.parse(data).data.trackerUpdated];
    }
    throw new Error('no state came');
  };
  const linkOf = async (key: string) => {
    const response = await post('/track/links', { trackingNumber: number }, key);
    const { url = '', error } = (await response.json()) as { url?: string; error?: string };
    return { status: response.status, link: url.split('#')[1]!, error };
  };

  it('show a parcel to who has a key, or a link of a tenant that allows links', async () => {
    expect(await updates({ trackingNumber: number }, 'key-of-closed')).toMatchObject([
      200,
      { status: 'IN_TRANSIT' },
    ]);
    const { link } = await linkOf('key-of-open');
    expect(link).not.toContain(number);
    const [status, tracker] = await updates({ link });
    expect([status, tracker]).toMatchObject([200, { trackingNumber: number, status: 'IN_TRANSIT' }]);
    expect(Object.keys(tracker)).not.toEqual(expect.arrayContaining(['account', 'shipment', 'signedBy']));
  });

  it('show nothing without a key, by a link that was altered or has expired, or where links are off', async () => {
    expect(await updates({ trackingNumber: number })).toEqual([
      401,
      'a key or a link is needed to see a parcel',
    ]);
    expect(await updates({ trackingNumber: number }, 'key-of-nobody')).toMatchObject([
      401,
      expect.anything(),
    ]);
    const { link } = await linkOf('key-of-open');
    expect(await updates({ link: `${link.slice(0, -2)}AA` })).toEqual([404, 'there is no such link']);
    expect(await linkOf('key-of-closed')).toMatchObject({
      status: 403,
      error: expect.stringMatching(/trackingLinks/),
    });
    server.clock.advance(trackingLinkMs);
    expect(await updates({ link })).toEqual([410, 'this link has expired']);
  });

  it('refuse a number that is none before any call', async () => {
    const calls = server.sandbox.usps.calls.length;
    expect(await updates({ trackingNumber: '?' }, 'key-of-open')).toEqual([
      400,
      'trackingNumber must have 4 to 40 letters and digits',
    ]);
    expect(await updates({}, 'key-of-open')).toEqual([400, 'trackingNumber is required']);
    expect(server.sandbox.usps.calls.length).toBe(calls);
  });

  it('log neither number nor link', async () => {
    const { link } = await linkOf('key-of-open');
    await updates({ link });
    expect(server.log.filter((line) => line.includes(number) || line.includes(link))).toEqual([]);
  });

  it('send a page that may load from this server only', async () => {
    const response = await fetch(`${server.url}/track`);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self';/,
    );
    expect(await response.text()).not.toMatch(/<script(?![^>]*src="\/)|<style|\son\w+=/);
  });
});
