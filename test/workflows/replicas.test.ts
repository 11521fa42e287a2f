import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';

import type { TenantConfig } from '../../src/config/tenants.ts';
import { startApp, type RunningApp } from '../support/start-app.ts';
import { ask } from '../support/test-server.ts';
import { openLedgerTestServer, type LedgerTestServer } from '../support/ledger-server.ts';

const manifestCreate = `mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) {
  manifest { id status } userErrors { code message } failure { message } } }`;

// Two replicas can share a ledger on a server only.
describe.runIf(process.env.DATABASE_URL)('two replicas with concurrent calls for one manifest', () => {
  let one: LedgerTestServer;
  let other: RunningApp;
  beforeAll(async () => {
    let tenant: TenantConfig;
    one = await openLedgerTestServer('server', { tenants: (sandbox) => [(tenant = sandbox.tenant)] });
    const { storage, folder: dataDir, clock } = one;
    other = await startApp(
      { logLevel: 'info', host: '127.0.0.1', port: 0, storage, dataDir, secret: 'a secret of more than thirty-two characters', tenants: [tenant!] }, // prettier-ignore
      { log: pino({ level: 'silent' }), clock },
    );
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  it('create it once, and both return it', async () => {
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
