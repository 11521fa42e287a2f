import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import { account, acme, faultsOf, onlyAccount, withTenants, setUpFolder } from './setup.ts';

setUpFolder();

const configured = (over: object) =>
  withTenants({ tenants: [{ ...acme, accounts: [{ ...account, ...over }] }] });

describe('what an account does with few calls', () => {
  it('has defaults for what is left out', () => {
    expect(onlyAccount(readConfig(configured({}))).policy).toBeUndefined();
    const { policy } = onlyAccount(readConfig(configured({ policy: { whenQuotaLow: {} } })));
    expect(policy).toEqual({ whenQuotaLow: { below: 0.2, staleTrackers: false, batchWaitMs: 250 } });
    expect(onlyAccount(readConfig(configured({ rateCard: {} }))).options).toMatchObject({
      rateCard: { spotCheckShare: 0.1 },
    });
  });

  it.each([
    ['policy.whenQuotaLow.below', { policy: { whenQuotaLow: { below: 0 } } }],
    ['policy.whenQuotaLow.below', { policy: { whenQuotaLow: { below: 1.1 } } }],
    ['policy.whenQuotaLow.batchWaitMs', { policy: { whenQuotaLow: { batchWaitMs: -1 } } }],
    ['policy.whenQuotaLow.staleTrackers', { policy: { whenQuotaLow: { staleTrackers: 'yes' } } }],
    ['rateCard.spotCheckShare', { rateCard: { spotCheckShare: 0 } }],
    ['rateCard.spotCheckShare', { rateCard: { spotCheckShare: -0.1 } }],
  ])('refuses a wrong %s: %j', (path, over) => {
    const [fault, ...others] = faultsOf(configured(over));
    expect(others).toEqual([]);
    expect(fault).toMatch(`tenants.0.accounts.0.${path}: `);
  });

  it('has no rate card at a provider whose answers tell no other prices', () => {
    const [fault] = faultsOf(
      configured({
        provider: 'easypost',
        credentials: { apiKey: 'EZTKhidden' },
        environment: 'TEST',
        rateCard: {},
      }),
    );
    expect(fault).toContain('rateCard');
  });
});
