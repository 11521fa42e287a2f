import { buildASTSchema, getNamedType, isObjectType, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { permissions, type Permission } from '../../src/domain/permission.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

/** An API key that has one permission alone. */
const keyOf = (permission: Permission) => `only-${permission}`;
const everything = `{ providerAccounts { id } shipments { nodes { id } } pickups { nodes { id } } }`;
const rates = `query ($input: RatesInput!) { rates(input: $input) { rates { id } } }`;
const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
const buy = `mutation { shipmentPurchase(input: { idempotencyKey: "k", rateId: "r" }) { userErrors { code } } }`;

describe('permissions of an API key', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer({
      tenants: ({ tenant }) => [
        {
          ...tenant,
          apiKeys: [
            toApiKeyConfig('full-key'),
            ...permissions.map((name) => toApiKeyConfig({ key: keyOf(name), permissions: [name] })),
            toApiKeyConfig({ key: 'short-lived', expiresAt: '2026-11-18T18:00:01Z' }),
          ],
        },
      ],
    });
  });
  afterAll(() => server.close());
  const calls = () => server.sandbox.usps.calls.length;

  it('let a storefront quote, and not buy', async () => {
    expect((await server.ask(rates, { input }, keyOf('rates:read'))).data.rates.rates).not.toEqual([]);
    const before = calls();
    const { status, data, errors } = await server.ask(buy, {}, keyOf('rates:read'));
    expect([status, data ?? null]).toEqual([403, null]);
    expect(errors).toEqual([
      {
        message:
          'a permission is missing: labels:write for Mutation.shipmentPurchase. Use an API key or a token that has it.',
        extensions: { code: 'FORBIDDEN', permissions: ['labels:write'] },
      },
    ]);
    expect(calls()).toBe(before);
  });

  it('are all but admin where the key stands alone', async () => {
    expect((await server.ask(everything, {}, 'full-key')).errors).toBeUndefined();
  });

  it('are all named where several are missing, and no field is resolved', async () => {
    const { data, errors } = await server.ask(everything, {}, keyOf('rates:read'));
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { permissions: ['labels:write', 'pickups:write'] } }]);
  });

  it('hold below the root: a tracker of a shipment', async () => {
    const query = `{ shipments { nodes { parcels { tracker { status } } } } }`;
    const { errors } = await server.ask(query, {}, keyOf('labels:write'));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permissions: ['tracking:read'] } }]);
  });

  it('hold in fragments, under aliases, and in fields that @skip leaves out', async () => {
    const query = `query ($no: Boolean = true) { ...Some } fragment Some on Query { t: tracker(trackingNumber: "x") @skip(if: $no) { status } }`;
    const { errors } = await server.ask(query, {}, keyOf('rates:read'));
    expect(errors).toMatchObject([{ extensions: { permissions: ['tracking:read'] } }]);
  });

  it('are those of the operation that runs, not of its neighbours in the document', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('rates:read')}` },
      body: JSON.stringify({
        query: `query Mine { providerAccounts { id } } query Other { shipments { nodes { id } } }`,
        operationName: 'Mine',
      }),
    });
    expect(((await response.json()) as { errors?: unknown }).errors).toBeUndefined();
  });

  it('hold for entities, whether a fragment or only the representation names their type', async () => {
    const ask = (selection: string, key: string) =>
      server.ask(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) ${selection} }`,
        {
          representations: [
            { __typename: 'Tracker', trackingNumber: '9400100000000000000000', carrier: 'USPS' },
          ],
        },
        key,
      );
    const before = calls();
    for (const selection of ['{ ... on Tracker { status } }', '{ __typename }']) {
      const { errors } = await ask(selection, keyOf('rates:read'));
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permissions: ['tracking:read'] } }]);
    }
    expect(calls()).toBe(before);
    const { errors, data } = await ask('{ ... on Tracker { id } }', keyOf('tracking:read'));
    expect([errors, data._entities[0].id]).toEqual([undefined, expect.any(String)]);
  });

  it('end with the key', async () => {
    expect((await server.ask('{ providerAccounts { id } }', {}, 'short-lived')).errors).toBeUndefined();
    server.clock.advance(1000);
    const { status, errors } = await server.ask('{ providerAccounts { id } }', {}, 'short-lived');
    expect(status).toBe(401);
    expect(errors).toEqual([
      {
        message: 'the API key expired at 2026-11-18T18:00:01.000Z: use a newer one',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
  });
});

describe('the schema', () => {
  const sdl = readFileSync(new URL('../../src/generated/subgraph.graphql', import.meta.url), 'utf8');
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });

  it('demands a key or a permission for each field of Query, Mutation and Subscription', () => {
    const open = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap(
      (type) =>
        Object.values(type.getFields()).filter(
          ({ astNode }) =>
            !astNode!.directives!.some(({ name }) =>
              ['authenticated', 'requiresScopes'].includes(name.value),
            ),
        ),
    );
    // What a router asks for: `_entities` demands the permission of each entity's type.
    expect(open.map(({ name }) => name)).toEqual(['_entities', '_service']);
  });

  it('knows each permission that it demands', () => {
    const demanded = [...sdl.matchAll(/scopes: (\[\[.*?\]\])/g)].flatMap(([, list]) =>
      JSON.parse(list!).flat(),
    );
    expect(demanded.length).toBeGreaterThan(20);
    expect(demanded.filter((name) => !permissions.includes(name))).toEqual([]);
    expect(isObjectType(getNamedType(schema.getType('Rate')))).toBe(true);
  });
});
