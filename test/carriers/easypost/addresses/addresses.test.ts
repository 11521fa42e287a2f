import { describe, expect, it } from 'vitest';

import { receiver } from '../../../support/test-server.ts';
import { call, openAdapter } from '../open-adapter.ts';

describe('address verification by EasyPost', () => {
  it('maps the refusal of a strict verification to UNDELIVERABLE', async () => {
    const { adapter, emulator } = await openAdapter();
    const body = {
      error: {
        code: 'ADDRESS.VERIFY.FAILURE',
        message: 'Unable to verify address.',
        errors: [{ code: 'E.ADDRESS.NOT_FOUND', field: 'address', message: 'Address not found' }],
      },
    };
    emulator.injectFault({ path: /\/addresses$/, response: { status: 422, body } });
    expect(await adapter.verify!([receiver], call)).toMatchObject([
      {
        status: 'UNDELIVERABLE',
        messages: [{ code: 'E.ADDRESS.NOT_FOUND', message: 'Address not found' }],
      },
    ]);
  });

  it('reports an inactive key as CREDENTIALS_REJECTED', async () => {
    const { adapter } = await openAdapter({ apiKey: 'not-a-real-key' });
    expect(await adapter.verify!([receiver], call)).toMatchObject([
      { code: 'CREDENTIALS_REJECTED', providerCode: 'APIKEY.INACTIVE' },
    ]);
  });
});
