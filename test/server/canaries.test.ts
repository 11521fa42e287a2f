import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRedaction } from '../../src/domain/redaction.ts';
import { createLog } from '../../src/log.ts';
import { box, openTestServer, type TestServer } from '../support/test-server.ts';

/** What must never be seen outside: each text stands for a person's data, or is a secret. */
const person = (side: string) => ({
  name: `Canary ${side} Name`,
  company: `Canary ${side} Company`,
  street1: `1 Canary ${side} Street`,
  street2: `Canary ${side} Floor`,
  city: `Canary${side}ville`,
  phone: side === 'From' ? '202-555-0177' : '415-555-0188',
  email: `canary.${side.toLowerCase()}@example.com`,
});
const from = { ...person('From'), state: 'DC', postalCode: '20260', country: 'US' };
const to = { ...person('To'), state: 'CA', postalCode: '94107', country: 'US' };
/** Persons that are verified and collected from. */
const verified = { ...to, ...person('Verified') };
const collected = { ...from, ...person('Collected') };
const personal = ['From', 'To', 'Verified', 'Collected'].flatMap((side) => Object.values(person(side)));
const customs = {
  contents: 'MERCHANDISE',
  signer: 'Canary Signer',
  items: [{ description: 'Canary Socks', quantity: 1, totalValue: { amount: '40', currencyCode: 'USD' }, totalWeight: { value: 1, unit: 'OUNCE' }, hsTariffNumber: '610910', originCountry: 'US' }], // prettier-ignore
  explanation: 'Canary Explanation',
  receiverTaxIds: [{ type: 'VAT', number: 'CANARYVAT1', issuingCountry: 'CA' }],
};
const words = ['Canary Signer', 'Canary Socks', 'Canary Explanation', 'CANARYVAT1', 'Canary Reference', 'Canary Location', 'Canary Instructions', 'canary-file.pdf', 'Canary Metadata']; // prettier-ignore
const wrongKeys = ['canary-key-that-is-wrong', 'EZAKcanary1234567890', 'eyJcanary.eyJzdWIiOiJ4In0.c2ln'];

let server: TestServer;
/** The credentials that calls to providers carry, and the tokens of labels, which are known once they are used. */
const carried = new Set(['a secret of more than thirty-two characters']);
const responses: string[] = [];

/** The headers by which calls carry credentials. */
const credentialHeaders = ['authorization', 'x-payment-authorization-token', 'x-api-key'];

beforeAll(async () => {
  server = await openTestServer();
  const { accounts, usps, easypost, easypostConnect } = server.sandbox;
  for (const { variables } of accounts)
    for (const [name, value] of Object.entries(variables)) {
      if (/(SECRET|API_KEY)$/.test(name)) carried.add(value);
      // A line of the key itself.
      if (name.endsWith('_KEY_FILE')) carried.add(readFileSync(value, 'utf8').split('\n')[1]!);
    }
  for (const provider of [usps, easypost, easypostConnect])
    provider.onRequest(({ headers }) => {
      for (const name of credentialHeaders) {
        const value = headers[name];
        if (typeof value === 'string') carried.add(value.replace(/^(Bearer|Basic) /, ''));
      }
    });
  await ordinaryRequests();
  for (const fault of faults) {
    const stops = [server.sandbox.usps, server.sandbox.easypost].map((provider) =>
      provider.injectFault(fault),
    );
    await ordinaryRequests();
    for (const stop of stops) stop();
    server.clock.advance(3_600_000);
  }
  for (const key of wrongKeys)
    responses.push(JSON.stringify(await server.ask('{ providerAccounts { id } }', {}, key)));
});
afterAll(() => server.close());

const echo = JSON.stringify({ from, to, customs });
/** Providers that fail, and repeat what they were sent: as their own words, and as what is no JSON. */
const faults = [
  { response: { status: 400, body: { error: { code: 'ADDRESS.VERIFY.FAILURE', message: echo, errors: [{ field: 'x', message: echo, detail: echo, title: echo }] } } } }, // prettier-ignore
  { response: { status: 500, body: echo } },
  {
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `${from.name} ${from.street1}`,
    },
  },
  { response: { status: 200, headers: { 'content-type': 'application/json' }, body: { unexpected: echo } } },
  { drop: 'after' as const },
];

/** Sends operations of every kind: several succeed, and several are wrong. */
async function ordinaryRequests(): Promise<void> {
  const send = async (query: string, variables: object) => {
    const answer = await server.ask(query, variables);
    responses.push(JSON.stringify(answer.errors ?? []));
    return answer.data;
  };
  const input = { from, to, parcels: [box], customs };
  const quoted = await send('query Rate($input: RatesInput!) { rates(input: $input) { rates { id account { id } } failures { code message } } }', { input }); // prettier-ignore
  const rateId = quoted?.rates?.rates?.[0]?.id ?? 'canary-rate';
  const bought = await send('mutation Buy($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id label { url } } failure { code } userErrors { message } } }', { input: { idempotencyKey: `canary-${responses.length}`, rateId, reference: 'Canary Reference', from, to } }); // prettier-ignore
  const shipment = bought?.shipmentPurchase?.shipment;
  if (shipment?.label) {
    carried.add(shipment.label.url.split('/').at(-1));
    await fetch(shipment.label.url);
  }
  const shipmentIds = [shipment?.id ?? 'shp_none'];
  await send('mutation Pick($input: PickupScheduleInput!) { pickupSchedule(input: $input) { failure { code } userErrors { message } } }', { input: { idempotencyKey: `canary-p${responses.length}`, shipmentIds, date: '2026-11-20', address: collected, packageLocation: 'OTHER', instructions: 'Canary Instructions' } }); // prettier-ignore
  await send('query Verify($address: AddressInput!) { addressVerification(address: $address) { status } }', { address: verified }); // prettier-ignore
  await send('mutation Mail($input: MailJobCreateInput!) { mailJobCreate(input: $input) { failure { code } } }', { input: { idempotencyKey: `canary-m${responses.length}`, workflowId: 'Canary Location', fileName: 'canary-file.pdf', metadata: [{ key: 'k', value: 'Canary Metadata' }] } }); // prettier-ignore
  await send(`{ addressVerification(address: { country: "XX", street1: "${to.street1}" }) { status } }`, {});
  await send('query ($address: AddressInput!) { addressVerification(address: $address) { status } }', { address: { ...to, country: to.name } }); // prettier-ignore
  await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'apollographql-client-name': `${to.email} ${to.phone}` },
    body: `{"query": "${to.name}`,
  });
}

describe('the canaries', () => {
  const canaries = () => [...personal, ...words, ...wrongKeys, ...carried];
  const sightings = (text: string, sought: readonly string[]) =>
    sought.filter((canary) => text.includes(canary));

  it('are the data of persons, and the secrets that requests and calls carried', () => {
    expect(canaries().length).toBeGreaterThanOrEqual(50);
    expect(canaries().filter((canary) => canary.length < 8)).toEqual([]);
  });

  it('are not seen in the log', () => {
    expect(server.log.length).toBeGreaterThan(50);
    expect(sightings(server.log.join('\n'), canaries())).toEqual([]);
  });

  it('are not seen in the metrics', async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('parcelgraph_provider_calls_total');
    expect(sightings(metrics, canaries())).toEqual([]);
  });

  it('are not seen in the console', async () => {
    const headers = { authorization: 'Bearer sandbox' };
    const data = await (await fetch(`${server.url}/console/data`, { headers })).text();
    expect(data).toContain('ADDRESS.VERIFY.FAILURE');
    expect(sightings(data, canaries())).toEqual([]);
  });

  it('are not seen in errors, as far as they are secrets', () => {
    expect(sightings(responses.join('\n'), [...carried, ...wrongKeys])).toEqual([]);
  });

  it('are not seen in the history of shipments', async () => {
    const { data } = await server.ask('{ shipments(first: 100) { nodes { history { event by detail } } } }');
    expect(data.shipments.nodes.length).toBeGreaterThan(0);
    expect(sightings(JSON.stringify(data), canaries())).toEqual([]);
  });
});

describe('redaction', () => {
  const { redact, addSecrets } = createRedaction();
  addSecrets(['a-client-secret', '-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY-----\n']);

  it.each([
    ['a credential that the process knows', 'refused a-client-secret here'],
    [
      'a key in several lines',
      JSON.stringify({ err: '-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY-----\n' }),
    ],
    ['a key that it does not know', '-----BEGIN EC PRIVATE KEY-----\nMIIcanary'],
    ['a bearer token', 'authorization: Bearer canary-token'],
    ['a basic credential', 'Basic Y2FuYXJ5OmNhbmFyeQ=='],
    ['a JWT', 'token eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.canary'],
    ['an API key that this server created', `refused pg_live_${'5ec2e7'.padEnd(40, '0')}`],
    ['an EasyPost key', 'EZTKcanary0123'],
    ['a link to a label', 'https://parcels.example/labels/canary-abcdefghijklmnop'],
    ['a connection string', 'connect to postgres://canary:canary@db.example/ledger'],
    ['an email address', 'no mailbox canary@example.com'],
    ['a phone number', 'called (202) 555-0100 canary'.replace(' canary', '')],
    [
      'a field of a person',
      JSON.stringify({ to: { name: 'canary', Street1: 'canary "quoted" canary', 'postal-code': 'canary' } }),
    ],
    ['a value of a statement', JSON.stringify({ detail: 'Key (name)=(canary) exists' })],
    [
      'text that is no JSON',
      JSON.stringify({ message: `Unexpected token 'c', "canary 12"... is not valid JSON` }),
    ],
  ])('removes %s', (_, text) => {
    const redacted = redact(text);
    expect(redacted).toContain('[redacted]');
    expect(redacted).not.toMatch(/canary|a-client-secret|Y2Fu|555-0100|5ec2e7/);
  });

  it('reaches every line of the log: also that of an error which nobody expected', () => {
    const lines: string[] = [];
    const config = {
      logLevel: 'info',
      host: '',
      port: 0,
      storage: { folder: '' },
      dataDir: '',
      tenants: [],
    } as const;
    const log = createLog(
      { ...config, secret: 'a secret of the canary' },
      { write: (line) => void lines.push(line) },
    );
    const err = Object.assign(
      new Error('refused by postgres://canary@db/ledger with a secret of the canary'),
      {
        detail: 'Failing row contains (canary)',
        parameters: ['canary ]', 'canary "2"'],
        address: { name: 'canary {', lines: 2 },
      },
    );
    log.error({ err, to: { phone: 'canary' } }, 'a resolver failed for Bearer canary');
    expect(lines.join('')).not.toContain('canary');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      err: { type: 'Error', parameters: '[redacted]', address: '[redacted]' },
    });
  });

  it('keeps what a line of the log needs, and its form', () => {
    const line = JSON.stringify({ level: 30, time: 1_763_488_860_000, requestId: '6f0f8c0e-0000-4000-8000-000000000000', tenant: 'acme', operation: 'Quote', path: '/labels/:token', err: { type: 'TypeError', code: 'ECONNRESET', message: 'the connection to apis.usps.com was closed' }, trackingNumber: '9400100000000000000000' }); // prettier-ignore
    expect(redact(line)).toBe(line);
    expect(JSON.parse(redact(JSON.stringify({ name: 'x', text: 'a "b" Bearer c' })))).toEqual({ name: '[redacted]', text: 'a "b" Bearer [redacted]' }); // prettier-ignore
  });
});
