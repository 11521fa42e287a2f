import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, storages, type TestServer } from '../support/test-server.ts';

const createKey = `mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) {
  key apiKey { id prefix permissions spendLimitPerDay { amount currencyCode } expiresAt lastUsedAt createdAt }
  userErrors { code field message } } }`;
const rotateKey = `mutation ($input: ApiKeyRotateInput!) { apiKeyRotate(input: $input) { key apiKey { id prefix } userErrors { code field } } }`;
const deleteKey = `mutation ($input: ApiKeyDeleteInput!) { apiKeyDelete(input: $input) { apiKey { id } userErrors { code field } } }`;
const listKeys = `query ($id: ID!) { tenant(id: $id) { id name accounts { id } apiKeys { id prefix lastUsedAt } } }`;
const accounts = '{ providerAccounts { id } }';

describe.each(storages)('API keys at run time, in the %s ledger', (storage) => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer({ storage })));
  afterAll(() => server.close());

  const create = async (more: object = {}) => {
    const input = { tenantId: 'sandbox', permissions: ['RATES_READ'], ...more };
    return (await server.ask(createKey, { input })).data.apiKeyCreate;
  };
  const codeOf = async (key: string, query = accounts) =>
    (await server.ask(query, {}, key)).errors?.[0]?.extensions.code;

  it('are created for a tenant, shown once, and work at once', async () => {
    const expiresAt = '2026-12-01T00:00:00Z';
    const spendLimitPerDay = { amount: '20.00', currencyCode: 'USD' };
    const { key, apiKey, userErrors } = await create({ expiresAt, spendLimitPerDay });
    expect(userErrors).toEqual([]);
    expect(key).toMatch(/^pg_live_[0-9a-f]{40}$/);
    expect(apiKey).toEqual({
      id: expect.stringMatching(/^key_/),
      prefix: key.slice(0, 16),
      permissions: ['RATES_READ'],
      spendLimitPerDay,
      expiresAt: '2026-12-01T00:00:00.000Z',
      lastUsedAt: null,
      createdAt: expect.any(String),
    });
    expect(await codeOf(key)).toBeUndefined();
    expect(await codeOf(key, '{ shipments { nodes { id } } }')).toBe('FORBIDDEN');
    expect(await codeOf(key, '{ tenants { id } }')).toBe('FORBIDDEN');
  });

  it('are listed with their last use', async () => {
    const { key, apiKey } = await create();
    await server.ask(accounts, {}, key);
    await expect
      .poll(async () => {
        const { data } = await server.ask(listKeys, { id: 'sandbox' });
        return data.tenant.apiKeys.find(({ id }: { id: string }) => id === apiKey.id);
      })
      .toEqual({
        id: apiKey.id,
        prefix: apiKey.prefix,
        lastUsedAt: new Date(server.clock.now()).toISOString(),
      });
  });

  it('work beside the new one for a while after a rotation', async () => {
    const { key: old, apiKey } = await create();
    const rotated = await server.ask(rotateKey, { input: { id: apiKey.id, overlapSeconds: 60 } });
    const { key } = rotated.data.apiKeyRotate;
    expect(rotated.data.apiKeyRotate.apiKey).toEqual({ id: apiKey.id, prefix: key.slice(0, 16) });
    expect([await codeOf(old), await codeOf(key)]).toEqual([undefined, undefined]);
    server.clock.advance(60_000);
    expect([await codeOf(old), await codeOf(key)]).toEqual(['UNAUTHENTICATED', undefined]);
  });

  it('end within a second when they are deleted', async () => {
    const { key, apiKey } = await create();
    expect(await codeOf(key)).toBeUndefined();
    await server.ask(deleteKey, { input: { id: apiKey.id } });
    server.clock.advance(1000);
    expect(await codeOf(key)).toBe('UNAUTHENTICATED');
    const again = await server.ask(deleteKey, { input: { id: apiKey.id } });
    expect(again.data.apiKeyDelete.userErrors).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  });

  it('are created by an admin alone, and for a tenant that exists', async () => {
    const { key } = await create({ permissions: ['LABELS_WRITE'] });
    const input = { tenantId: 'sandbox', permissions: ['ADMIN'] };
    const { errors } = await server.ask(createKey, { input }, key);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permissions: ['admin'] } }]);
    const wrong = await create({
      tenantId: 'nobody',
      permissions: [],
      expiresAt: '2020-01-01T00:00:00Z',
      spendLimitPerDay: { amount: '-1', currencyCode: 'USD' },
    });
    expect([wrong.apiKey, wrong.key]).toEqual([null, null]);
    expect(wrong.userErrors.map(({ code, field }: any) => `${code} ${field.join('.')}`)).toEqual([
      'NOT_FOUND input.tenantId',
      'REQUIRED input.permissions',
      'INVALID input.expiresAt',
      'INVALID input.spendLimitPerDay',
    ]);
  });

  it('are not created by a plan', async () => {
    const count = async () => (await server.ask(listKeys, { id: 'sandbox' })).data.tenant.apiKeys.length;
    const before = await count();
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sandbox',
        'x-parcelgraph-plan': 'true',
      },
      body: JSON.stringify({
        query: createKey,
        variables: { input: { tenantId: 'sandbox', permissions: ['ADMIN'] } },
      }),
    });
    expect(((await response.json()) as { data: unknown }).data).toBeNull();
    expect(await count()).toBe(before);
  });

  it('stand neither in the log nor in the files of the ledger', async () => {
    const { key } = await create();
    await server.ask(accounts, {}, key);
    expect(server.log.join('\n')).not.toContain(key);
    await server.restart();
    const files = readdirSync(server.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(server.folder, name))
      .filter((file) => statSync(file).isFile());
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => readFileSync(file, 'latin1').includes(key))).toEqual([]);
    expect(await codeOf(key)).toBeUndefined();
  });
});
