import { expect } from 'vitest';

import type { Address } from '../../../src/domain/address.ts';
import { receiver } from '../../support/test-server.ts';
import { call, resultOf } from './requests.ts';
import type { Rules } from './subject.ts';

const missingAddress: Address = {
  street1: '000 Nowhere Lane',
  city: 'Not A City',
  state: 'CA',
  postalCode: '00001',
  country: 'US',
};

export const addressRules: Rules = (rule) => {
  rule('standardises and completes an address, or reports it as undeliverable', async ({ adapter }) => {
    const [found, missing] = (await adapter.verify!([receiver, missingAddress], call)).map(resultOf);
    expect(found).toMatchObject({
      status: 'VERIFIED',
      address: { city: 'SAN FRANCISCO', state: 'CA', postalCode: expect.stringMatching(/^94107-\d{4}$/) },
    });
    expect(missing).toMatchObject({
      status: 'UNDELIVERABLE',
      messages: [{ message: expect.any(String) }],
    });
    expect(missing!.address).toBeUndefined();
  });
};
