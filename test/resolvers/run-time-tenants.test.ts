import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { easypostSandboxOtherKey } from '../../sandbox/easypost/index.ts';
import { uspsSandboxClient } from '../../sandbox/usps/index.ts';
import type { Caller } from '../../src/accounts/account.ts';
import { webhookPaths } from '../../src/accounts/webhook-paths.ts';
import { createSealer } from '../../src/domain/seal.ts';
import type { Database } from '../../src/storage/database.ts';
import { administer } from '../support/run-time-tenants.ts';
import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const webhookSecret = 'canary of a webhook secret';
const easypostAccount = {
  id: 'easypost',
  provider: 'easypost',
  environment: 'SANDBOX',
  credentials: { apiKey: easypostSandboxOtherKey, webhookSecret },
};
const uspsAccount = {
  id: 'usps',
  provider: 'usps',
  environment: 'SANDBOX',
  credentials: { clientId: uspsSandboxClient.id, clientSecret: uspsSandboxClient.secret },
};
const rates = `query ($input: RatesInput!) { rates(input: $input) { rates { id account { id } } failures { code } } }`;
const buy = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status } failure { code } userErrors { message } } }`;
const parcel = { from: sender, to: receiver, parcels: [box] };

describe('tenants at run time', () => {
  let server: TestServer;
  let admin: ReturnType<typeof administer>;
  beforeAll(async () => {
    server = await openTestServer({ storage: storages.at(-1) });
    admin = administer((query, variables) => server.ask(query, variables));
  });
  afterAll(() => server.close());

  /** Creates a tenant with an account at EasyPost, and returns its key. */
  const open = async (id: string) => {
    await admin.tenantCreate({ id, name: `The tenant ${id}` });
    const { account } = await admin.accountSet({ tenantId: id, ...easypostAccount });
    expect(account).toMatchObject({ id: 'easypost', active: true });
    return admin.keyCreate(id);
  };
  const quote = async (key: string, more: object = {}) =>
    (await server.ask(rates, { input: { ...parcel, ...more } }, key)).data.rates;
  const purchase = async (key: string, idempotencyKey: string) => {
    const rateId = (await quote(key)).rates[0].id;
    return (await server.ask(buy, { input: { idempotencyKey, rateId } }, key)).data.shipmentPurchase;
  };

  it('are created with accounts and keys, and served at once', async () => {
    const { tenant, userErrors } = await admin.tenantCreate({ id: 'acme', name: 'Acme' });
    expect(userErrors).toEqual([]);
    expect(tenant).toEqual({ id: 'acme', name: 'Acme', createdAt: expect.stringMatching(/^2\d+-.*Z$/) });
    const key = await admin.keyCreate('acme');
    expect((await quote(key)).failures).toEqual([{ code: 'CREDENTIALS_MISSING' }]);
    const { account, diagnostics } = await admin.accountSet({
      tenantId: 'acme',
      ...easypostAccount,
      options: { name: 'EasyPost East' },
    });
    expect(account).toMatchObject({ id: 'easypost', name: 'EasyPost East', environment: 'SANDBOX', active: true }); // prettier-ignore
    expect(diagnostics.map(({ check, status }: any) => `${check} ${status}`)).toContain('key OK');
    expect((await purchase(key, 'first')).shipment.status).toBe('PURCHASED');
    const { data } = await server.ask('{ tenants { id createdAt accounts { id } } }');
    expect(data.tenants).toEqual([
      { id: 'sandbox', createdAt: null, accounts: [{ id: 'usps' }, { id: 'easypost' }, { id: 'easypost-connect' }] }, // prettier-ignore
      { id: 'acme', createdAt: tenant.createdAt, accounts: [{ id: 'easypost' }] },
    ]);
  });

  it('show an administrator the usage of their accounts', async () => {
    const usage = async () =>
      (await server.ask('{ tenant(id: "acme") { accounts { usage(since: "2026-11-18T00:00:00Z") { api } } } }')).data.tenant.accounts[0].usage; // prettier-ignore
    await expect.poll(usage, { timeout: 10_000 }).not.toEqual([]);
  });

  it('receive webhooks on paths of their own', async () => {
    await open('hooked');
    const sealer = createSealer('a secret of more than thirty-two characters');
    const [path] = webhookPaths(sealer, { tenant: { id: 'hooked' } } as Caller, easypostAccount as never);
    const post = async () => (await fetch(server.url + path, { method: 'POST', body: '{}' })).status;
    expect(await post()).toBe(401);
    await admin.accountRemove({ tenantId: 'hooked', id: 'easypost' });
    expect(await post()).toBe(404);
  });

  it('keep their account where a check of its new credentials fails', async () => {
    const key = await open('careful');
    const credentials = { apiKey: 'EZTKwrong0000000000000000' };
    const change = { tenantId: 'careful', ...easypostAccount, credentials };
    const { account, diagnostics, userErrors } = await admin.accountSet(change);
    expect([account, userErrors]).toEqual([null, []]);
    expect(diagnostics.at(-1)).toMatchObject({ check: 'key', status: 'FAILED' });
    expect((await quote(key)).rates.length).toBeGreaterThan(0);
    expect(server.log.join('\n')).not.toContain(credentials.apiKey);
  });

  it('keep the token of credentials that stay', async () => {
    await open('named');
    const set = (name: string) => admin.accountSet({ tenantId: 'named', ...uspsAccount, options: { name } });
    await set('East');
    const tokens = () => server.sandbox.usps.count('POST', /token$/);
    const before = tokens();
    expect((await set('West')).account.name).toBe('West');
    expect([tokens(), before > 0]).toEqual([before, true]);
  });

  it('let refunds under way end with an account that was removed, and history name it', async () => {
    const key = await open('leaving');
    const { shipment } = await purchase(key, 'first');
    const voided = await server.ask('mutation ($input: ShipmentVoidInput!) { shipmentVoid(input: $input) { shipment { refund { status } } } }', { input: { id: shipment.id } }, key); // prettier-ignore
    expect(voided.data.shipmentVoid.shipment.refund.status).toBe('REQUESTED');
    const { account } = await admin.accountRemove({ tenantId: 'leaving', id: 'easypost' });
    expect(account).toMatchObject({ id: 'easypost', active: false, operations: [] });
    expect((await quote(key)).failures).toEqual([{ code: 'CREDENTIALS_MISSING' }]);
    server.clock.advance(30 * 24 * 3_600_000);
    const read = async () =>
      (await server.ask('query ($id: ID!) { shipment(id: $id) { refund { status } account { id active } } }', { id: shipment.id }, key)).data.shipment; // prettier-ignore
    await expect.poll(read, { timeout: 10_000 }).toEqual({ refund: { status: 'REFUNDED' }, account: { id: 'easypost', active: false } }); // prettier-ignore
  });

  const uncertain = async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    return /parcelgraph_uncertain\{kind="shipmentPurchase"\} (\d+)/.exec(metrics)?.[1];
  };

  it('are deleted for good', async () => {
    const key = await open('deleted');
    server.sandbox.easypost.injectFault({ path: /\/buy$/, drop: 'after', times: 1 });
    expect((await purchase(key, 'lost')).shipment.status).toBe('UNCERTAIN');
    const { tenant } = await admin.tenantDelete({ id: 'deleted' });
    expect(tenant).toEqual({ id: 'deleted' });
    server.clock.advance(1000);
    const answer = await server.ask('{ providerAccounts { id } }', {}, key);
    expect(answer).toMatchObject({ status: 401, errors: [{ message: 'the tenant of the API key does not exist here: ask whoever runs this server', extensions: { code: 'UNAUTHENTICATED' } }] }); // prettier-ignore
    expect((await server.ask('{ tenant(id: "deleted") { id } }')).data.tenant).toBeNull();
    const again = await admin.tenantCreate({ id: 'deleted', name: 'Another' });
    expect(again.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'id'] }]);
    expect(await uncertain()).toBe('1');
  });

  describe('refuse', () => {
    beforeAll(async () => {
      await open('strict');
      await admin.accountSet({ tenantId: 'strict', ...uspsAccount });
    });
    const usps = (more: object = {}) => ({ ...uspsAccount, ...more });
    const credentials = (more: object) => ({ ...uspsAccount.credentials, ...more });

    it.each<[what: string, input: object, field: string, code?: string]>([
      ['a tenant of the configuration', { tenantId: 'sandbox' }, 'tenantId', 'NOT_ALLOWED'],
      ['an unknown tenant', { tenantId: 'nobody' }, 'tenantId', 'NOT_FOUND'],
      ['an unknown provider', { id: 'x', provider: 'karrio' }, 'provider'],
      ['an alias in another form', { id: 'USPS West' }, 'id'],
      ['another provider for an alias', { id: 'easypost' }, 'provider', 'NOT_ALLOWED'],
      ['another environment for an alias', { environment: 'TEST' }, 'environment', 'NOT_ALLOWED'],
      ['credentials that are no object', { credentials: 'secret' }, 'credentials'],
      ['a missing credential', { credentials: { clientId: 'a' } }, 'credentials.clientSecret', 'REQUIRED'],
      ['an unknown credential', { credentials: credentials({ password: 'x' }) }, 'credentials'],
      ['the name of a variable', { credentials: credentials({ clientSecret: { env: 'HOME' } }) }, 'credentials.clientSecret'], // prettier-ignore
      ['the name of a file', { credentials: credentials({ clientSecret: { file: '/etc/passwd' } }) }, 'credentials.clientSecret'], // prettier-ignore
      ['an unknown option', { options: { colour: 'red' } }, 'options'],
      ['an option that stands beside the options', { options: { id: 'x' } }, 'options.id'],
      ['an invalid quota', { options: { quota: { default: 0 } } }, 'options.quota.default'],
      ['a host that is not the provider’s', { options: { baseUrl: 'https://usps.example' } }, 'options.baseUrl'], // prettier-ignore
      ['a host of another environment', { options: { baseUrl: 'https://apis.usps.com' } }, 'environment'], // prettier-ignore
    ])('%s', async (_, input, field, code = 'INVALID') => {
      const { account, diagnostics, userErrors } = await admin.accountSet({ tenantId: 'strict', ...usps(input) }); // prettier-ignore
      expect(userErrors).toMatchObject([{ code, field: ['input', ...field.split('.')] }]);
      expect([account, diagnostics]).toEqual([null, []]);
    });

    it('PEM in a file, and a host for tokens, at EasyPost Connect', async () => {
      const account = { tenantId: 'strict', id: 'mail', provider: 'easypost-connect', environment: 'TEST' };
      const files = { certificate: { file: '/etc/hostname' }, privateKey: { file: '/etc/hostname' } };
      const secrets = { clientId: 'a', clientSecret: 'b', apiKey: 'c' };
      const { userErrors } = await admin.accountSet({ ...account, credentials: { ...secrets, ...files } });
      expect(userErrors.map(({ field }: any) => field.at(-1))).toEqual(['certificate', 'privateKey']);
      const options = { oauthUrl: 'https://tokens.example' };
      const other = await admin.accountSet({ ...account, environment: 'PRODUCTION', credentials: secrets, options }); // prettier-ignore
      expect(other.userErrors).toMatchObject([{ field: ['input', 'options', 'oauthUrl'] }]);
    });

    it.each([
      ['an id in another form', { id: 'Acme Inc', name: 'Acme' }, 'INVALID', 'id'],
      ['an id of the configuration', { id: 'sandbox', name: 'Acme' }, 'NOT_ALLOWED', 'id'],
      ['an id that is taken', { id: 'strict', name: 'Acme' }, 'NOT_ALLOWED', 'id'],
      ['a name without characters', { id: 'new', name: ' ' }, 'INVALID', 'name'],
    ])('%s for a tenant', async (_, input, code, field) => {
      expect(await admin.tenantCreate(input)).toMatchObject({ tenant: null, userErrors: [{ code, field: ['input', field] }] }); // prettier-ignore
    });

    it('to delete a tenant of the configuration, or an account that does not exist', async () => {
      expect((await admin.tenantDelete({ id: 'sandbox' })).userErrors).toMatchObject([{ code: 'NOT_ALLOWED' }]); // prettier-ignore
      const removed = await admin.accountRemove({ tenantId: 'strict', id: 'other' });
      expect(removed.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
    });
  });

  it('are diagnosed for their own callers', async () => {
    const diagnostics = '{ accountDiagnostics(accountId: "easypost") { check status account { id } } }';
    const { data } = await server.ask(diagnostics);
    expect(data.accountDiagnostics).toContainEqual({ check: 'key', status: 'OK', account: { id: 'easypost' } }); // prettier-ignore
    const key = await admin.keyCreate('strict');
    expect((await server.ask(diagnostics, {}, key)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('reveal no credential in a dump of the ledger. After a restart they are there again, and purchases of deleted ones are settled', async () => {
    const key = await open('kept');
    await admin.accountSet({ tenantId: 'kept', ...uspsAccount });
    const secrets = [easypostSandboxOtherKey, webhookSecret, uspsSandboxClient.secret, key];
    let found: string[] = [];
    await server.restart(async (db) => void (found = await findSecrets(db, secrets)));
    expect(found).toEqual([]);
    const { rates: quoted } = await quote(key);
    expect(new Set(quoted.map(({ account }: any) => account.id))).toEqual(new Set(['easypost', 'usps']));
    expect(server.log.join('\n')).not.toContain(webhookSecret);
    await expect.poll(uncertain, { timeout: 10_000 }).toBe('0');
  });
});

/** Returns the tables that hold one of the secrets: plain, in hex or in base64, whatever stands before it. */
async function findSecrets(db: Database, secrets: readonly string[]): Promise<string[]> {
  const forms = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    const shifted = [0, 1, 2].map((shift) => bytes.subarray(shift, shift + Math.floor((bytes.length - shift) / 3) * 3)); // prettier-ignore
    const base64 = shifted.flatMap((part) => [part.toString('base64'), part.toString('base64url')]);
    return [secret, bytes.toString('hex'), ...base64];
  });
  const found: string[] = [];
  const dump = async (table: string) =>
    (await sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.table(table)} as t`.execute(db)).rows; // prettier-ignore
  const tables = (await db.introspection.getTables()).map(({ name }) => name);
  for (const table of tables) {
    for (const { row } of await dump(table)) if (forms.some((form) => row.includes(form))) found.push(table);
  }
  // What is searched is what would be found.
  expect(tables).toContain('provider_accounts');
  expect(await dump('provider_accounts')).not.toEqual([]);
  return found;
}
