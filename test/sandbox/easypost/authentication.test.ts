import { describe, expect, test } from 'vitest';
import {
  easypostSandboxKey,
  easypostSandboxOtherKey,
  easypostSandboxProductionKey,
} from '../../../sandbox/easypost/index.ts';
import { basic, call, quote, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('an API key', () => {
  test('is accepted as Basic user name and as bearer token', async () => {
    expect((await call('GET', '/v2/addresses')).status).toBe(200);
    const bearer = `Bearer ${easypostSandboxKey}`;
    expect((await call('GET', '/v2/addresses', undefined, bearer)).status).toBe(200);
  });

  test('is refused with 403 where it is unknown and with 401 where it is missing', async () => {
    const inactive = await call('GET', '/v2/addresses/adr_123', undefined, basic('not-a-real-key'));
    expect(inactive.status).toBe(403);
    expect(inactive.body.error).toMatchObject({ code: 'APIKEY.INACTIVE', errors: [] });
    expect((await call('GET', '/v2/addresses', undefined, null)).status).toBe(401);
  });

  test('does not show the objects of another mode or another user', async () => {
    const { id } = await quote();
    for (const key of [easypostSandboxProductionKey, easypostSandboxOtherKey]) {
      const response = await call('GET', `/v2/shipments/${id}`, undefined, basic(key));
      expect(response.status).toBe(404);
      expect(response.body.error.code).toBe('NOT_FOUND');
    }
    expect((await call('GET', `/v2/shipments/${id}`)).status).toBe(200);
  });
});
