import { describe, expect, test } from 'vitest';
import { easypostFaults, easypostSandboxKey } from '../../../sandbox/easypost/index.ts';
import { basic, call, easypost, domesticShipment, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('a response', () => {
  test('has a request id, also where a fault replaces it', async () => {
    easypost.injectFault({ path: /parcels/, response: easypostFaults.rateLimited() });
    for (const path of ['/v2/addresses', '/v2/addresses/adr_123', '/v2/parcels/prcl_1']) {
      const { headers } = await call('GET', path);
      expect(headers.get('x-ep-request-uuid')).toMatch(/^[0-9a-f]{32}$/);
      expect(headers.get('cache-control')).toBe('private, no-cache, no-store');
    }
  });

  test('has a code of its own for a missing wrapper, for a wrong type and for invalid JSON', async () => {
    const blank = await call('POST', '/v2/shipments', { shipment: {} });
    expect(blank.status).toBe(422);
    expect(blank.body.error).toEqual({
      code: 'PARAMETER.REQUIRED',
      message: 'Missing required parameter.',
      errors: [{ field: 'shipment', message: 'cannot be blank' }],
    });
    const wrong = await call('POST', '/v2/shipments', { shipment: { ...domesticShipment, options: 'PDF' } });
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'PARAMETER.INVALID_TYPE']);
    const broken = await fetch(`${easypost.url}/v2/parcels`, {
      method: 'POST',
      headers: { authorization: basic(easypostSandboxKey), 'content-type': 'application/json' },
      body: '{"parcel":',
    });
    expect(broken.status).toBe(400);
  });

  test('can have every form of an error that a client must accept', async () => {
    for (const [name, fault] of Object.entries(easypostFaults.variants)) {
      const stop = easypost.injectFault({ times: 1, response: fault });
      const { status, body } = await call('GET', '/v2/addresses');
      stop();
      expect(status, name).toBe(fault.status);
      expect(body, name).toEqual(fault.body);
    }
    easypost.injectFault({ times: 1, response: easypostFaults.rateLimited(7) });
    const limited = await call('GET', '/v2/addresses');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('writes whole measures with a decimal', async () => {
    const { text } = await call('POST', '/v2/parcels', { parcel: { weight: 136 } });
    expect(text).toContain('"weight":136.0');
  });
});
