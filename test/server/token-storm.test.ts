import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import { startApp, type RunningApp } from '../support/start-app.ts';
import { ask, sender } from '../support/test-server.ts';
import { openLedgerTestServer, type LedgerTestServer } from '../support/ledger-server.ts';

const verify = `query ($address: AddressInput!) {
  addressVerification(address: $address, accountId: "usps") { status failures { code } } }`;
const listJobs = '{ mailJobs(first: 1) { nodes { id } } }';
const tenantKeys = Array.from({ length: 10 }, (_, index) => `tenant-${index}`);

// Two replicas can share a ledger on a server only.
describe.runIf(process.env.DATABASE_URL)(
  'two replicas of ten tenants whose 20 credentials have no token',
  () => {
    let one: LedgerTestServer;
    let other: RunningApp;
    beforeAll(async () => {
      let tenants: TenantConfig[] = [];
      one = await openLedgerTestServer('server', {
        tenants: ({ tenant }) =>
          (tenants = tenantKeys.map((id) => ({ ...tenant, id, apiKeys: [toApiKeyConfig(id)] }))),
      });
      const { storage, folder: dataDir, clock } = one;
      other = await startApp(
        { logLevel: 'info', host: '127.0.0.1', port: 0, storage, dataDir, secret: 'a secret of more than thirty-two characters', tenants }, // prettier-ignore
        { log: pino({ level: 'silent' }), clock },
      );
    });
    afterAll(async () => {
      await other.close();
      await one.close();
    });

    /** Asks every tenant's two providers through both replicas, five times each, all at once. */
    const askAll = (round: number) =>
      Promise.all(
        tenantKeys.flatMap((key) =>
          Array.from({ length: 5 }, (_, number) => `${number + 1} Elm Street, ${round}`).flatMap((street2) =>
            [one.url, other.url].flatMap((url) => [
              ask<any>(url, verify, { address: { ...sender, street2 } }, key),
              ask<any>(url, listJobs, {}, key),
            ]),
          ),
        ),
      );
    const tokenCalls = () => {
      const { usps, easypostConnect } = one.sandbox;
      return [usps.count('POST', /\/token$/), easypostConnect.oauth.count('POST', /\/token$/)];
    };
    const expectAnswers = (answers: Awaited<ReturnType<typeof askAll>>) => {
      expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
      const verified = answers.flatMap(({ data }) => data.addressVerification ?? []);
      expect(verified.flatMap(({ failures }) => failures)).toEqual([]);
      expect(verified).toHaveLength(100);
    };

    it('fetch each token once for all concurrent requests', async () => {
      expectAnswers(await askAll(1));
      expect(tokenCalls()).toEqual([10, 10]);
    });

    it('fetch each token once more after all of them were revoked', async () => {
      await one.sandbox.usps.revokeTokens();
      one.sandbox.easypostConnect.revokeTokens();
      expectAnswers(await askAll(2));
      expect(tokenCalls()).toEqual([20, 20]);
    });
  },
);
