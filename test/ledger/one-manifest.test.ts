import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';

import type { TenantConfig } from '../../src/config.ts';
import { start, type Running } from '../../src/start.ts';
import { ask } from '../support/house.ts';
import { openLedgerHouse, type LedgerHouse } from '../support/ledger.ts';

const manifestCreate = `mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) {
  manifest { id status } userErrors { code message } failure { message } } }`;

// Without DATABASE_URL there is no ledger that two replicas could share.
describe.runIf(process.env.DATABASE_URL)('two replicas that are asked for one manifest at once', () => {
  let one: LedgerHouse;
  let other: Running;
  beforeAll(async () => {
    let tenant: TenantConfig;
    one = await openLedgerHouse('server', { tenants: (sandbox) => [(tenant = sandbox.tenant)] });
    const { storage, folder: dataDir, clock } = one;
    other = await start(
      { host: '127.0.0.1', port: 0, storage, dataDir, secret: 'a secret of more than thirty-two characters', tenants: [tenant!] }, // prettier-ignore
      { log: pino({ level: 'silent' }), clock },
    );
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  it('make it once, and neither takes the other’s for somebody else’s', async () => {
    for (const round of [1, 2, 3]) {
      const { shipment } = (await one.buy(`label ${round}`, await one.rate('usps'))).data.shipmentPurchase;
      const input = { idempotencyKey: `manifest ${round}`, shipmentIds: [shipment.id] };
      const urls = [one.url, other.url, one.url, other.url];
      const answers = await Promise.all(
        urls.map((url) => ask<any>(url, manifestCreate, { input }, 'sandbox')),
      );
      const told = answers.map(({ data }) => data.manifestCreate);
      const { id } = told[0].manifest ?? {};
      expect(told).toEqual(urls.map(() => ({ manifest: { id, status: 'CREATED' }, userErrors: [], failure: null }))); // prettier-ignore
      expect(one.sandbox.usps.count('POST', /\/scan-form$/)).toBe(round);
    }
  });
});
