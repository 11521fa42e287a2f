import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient as client,
  uspsSandboxNumbers as numbers,
  uspsTrackingNumber,
  type UspsOptions,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';
import { checkDigit } from '../../../sandbox/usps/tracking/tracking-numbers.ts';

const hour = 3_600_000;
let clock: MovableClock;
const open: UspsSandbox[] = [];

beforeEach(() => {
  // A Thursday, eleven in the morning in New York.
  clock = movableClock('2026-05-28T15:00:00Z');
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function start(options: Partial<UspsOptions> = {}): Promise<UspsSandbox> {
  const usps = await startUsps({ clock, store: openStore(), quota: 1000, ...options });
  open.push(usps);
  return usps;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // Bodies are read field by field; every test names what it expects of them.
  body: ReturnType<typeof JSON.parse>;
}

async function send(
  usps: UspsSandbox,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(usps.url + path, { method, ...init });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

const askToken = (usps: UspsSandbox, more: Record<string, string> = {}) =>
  send(usps, 'POST', '/oauth2/v3/token', {
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
      ...more,
    }),
  });

async function bearer(usps: UspsSandbox, more: Record<string, string> = {}): Promise<Record<string, string>> {
  const { body } = await askToken(usps, more);
  return { authorization: `Bearer ${body.access_token}` };
}

const json = (body: unknown, headers: Record<string, string>): RequestInit => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

const address = (usps: UspsSandbox, headers: Record<string, string>, query: Record<string, string>) =>
  send(usps, 'GET', `/addresses/v3/address?${new URLSearchParams(query)}`, { headers });

const townsend = {
  streetAddress: '388 Townsend Street',
  secondaryAddress: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  ZIPCode: '94107',
};

const roles = (more: object = {}) => [
  { roleName: 'PAYER', CRID: client.crid, accountType: 'EPS', accountNumber: client.accountNumber },
  { roleName: 'LABEL_OWNER', CRID: client.crid, MID: client.mid, manifestMID: client.manifestMid, ...more },
];
const authorise = (usps: UspsSandbox, headers: Record<string, string>, body: unknown = { roles: roles() }) =>
  send(usps, 'POST', '/payments/v3/payment-authorization', json(body, headers));

async function bothTokens(usps: UspsSandbox) {
  const headers = await bearer(usps);
  const { body } = await authorise(usps, headers);
  return { ...headers, 'x-payment-authorization-token': String(body.paymentAuthorizationToken) };
}

const quote = (more: object = {}, piece: object = {}) => ({
  pricingOptions: [{ priceType: 'COMMERCIAL' }],
  originZIPCode: '60601',
  destinationZIPCode: '94105',
  packageDescription: { weight: 2, length: 10, width: 8, height: 4, mailClass: 'ALL_OUTBOUND', ...piece },
  ...more,
});
const options = (usps: UspsSandbox, headers: Record<string, string>, body: unknown) =>
  send(usps, 'POST', '/shipments/v3/options/search', json(body, headers));
const offers = (answer: Answer, index = 0) =>
  answer.body.pricingOptions[index].shippingOptions.flatMap(
    (each: { rateOptions: unknown[] }) => each.rateOptions,
  );

const parcel = {
  mailClass: 'USPS_GROUND_ADVANTAGE',
  rateIndicator: 'SP',
  processingCategory: 'MACHINABLE',
  destinationEntryFacilityType: 'NONE',
  mailingDate: '2026-05-28',
  weight: 0.5,
  length: 9,
  width: 6,
  height: 0.25,
};
const order = (more: object = {}, piece: object = {}) => ({
  toAddress: {
    firstName: 'Joe',
    lastName: 'Doe',
    streetAddress: '1100 Wyoming',
    secondaryAddress: 'Suite 150',
    city: 'St. Louis',
    state: 'MO',
    ZIPCode: '63118',
  },
  fromAddress: {
    firstName: 'John',
    lastName: 'Smith',
    streetAddress: '4120 Bingham Ave',
    city: 'St. Louis',
    state: 'MO',
    ZIPCode: '63116',
  },
  packageDescription: { ...parcel, ...piece },
  ...more,
});
const buy = (usps: UspsSandbox, headers: Record<string, string>, body: unknown = order()) =>
  send(usps, 'POST', '/labels/v3/label', json(body, headers));
const flat = { accept: 'application/vnd.usps.labels+json' };
const track = (usps: UspsSandbox, headers: Record<string, string>, asked: string[]) =>
  send(
    usps,
    'POST',
    '/tracking/v3r2/tracking',
    json(
      asked.map((trackingNumber) => ({ trackingNumber })),
      headers,
    ),
  );
const uuid = (digit: number) => `8be4df61-93ca-41d2-aa0d-00e09803000${digit}`;

describe('the token endpoint', () => {
  test('takes a form and answers as recorded', async () => {
    const { status, body } = await askToken(await start());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 28799,
      status: 'approved',
      client_id: client.id,
    });
    expect(body.issued_at).toBe(clock.now());
    expect(body.access_token.split('.')).toHaveLength(3);
    expect(body.scope.split(/ +/)).toEqual(client.scopes);
  });

  test('refuses JSON and a missing grant type in the words of the guide, unless it is told to take JSON', async () => {
    const usps = await start();
    const asJson = () =>
      send(
        usps,
        'POST',
        '/oauth2/v3/token',
        json({ grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }, {}),
      );
    const refused = await asJson();
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ apiVersion: 'v3', error: 'UNAUTHORIZED' });
    expect((await askToken(usps, { grant_type: '' })).body.error).toBe('UNAUTHORIZED');
    usps.switches.acceptJsonToken = true;
    expect((await asJson()).status).toBe(200);
  });

  test('tells an unknown client from a wrong secret', async () => {
    const usps = await start();
    const unknown = await askToken(usps, { client_id: 'nobody' });
    const wrong = await askToken(usps, { client_secret: 'wrong' });
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(unknown.body.error_description).toMatch(/^InvalidApiKey/);
    expect(wrong.body).toEqual({
      error: 'invalid_client',
      error_description: 'Client authentication failed.',
      error_uri: 'https://datatracker.ietf.org/doc/html/rfc6749#page-45',
    });
  });

  test('narrows the scope to what was asked, and to nothing where that was not granted', async () => {
    const usps = await start();
    expect((await askToken(usps, { scope: 'tracking companies' })).body.scope).toBe('tracking');
    const none = await askToken(usps, { scope: 'companies' });
    expect([none.status, none.body.scope]).toEqual([200, '']);
  });
});

describe('the gateway', () => {
  test('refuses a missing, a malformed and an expired token', async () => {
    const usps = await start();
    const good = await bearer(usps);
    const missing = await address(usps, {}, townsend);
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="https://api.usps.com"');
    expect(missing.body).toEqual({
      apiVersion: '/addresses/v3/',
      error: {
        code: '401',
        message: 'Missing or malformed access token.',
        errors: [
          {
            title: 'invalid_token',
            detail: 'The access token presented with the request is missing or malformed (not a JWT).',
            source: 'Access Token',
          },
        ],
      },
    });
    expect((await address(usps, { authorization: 'Bearer abc' }, townsend)).status).toBe(401);
    expect((await address(usps, good, townsend)).status).toBe(200);
    clock.advance(8 * hour);
    expect((await address(usps, good, townsend)).status).toBe(401);
  });

  test("refuses another environment's token", async () => {
    const production = { ...client, environment: 'PRODUCTION' as const };
    const foreign = await bearer(await start({ environment: 'PRODUCTION', clients: [production] }));
    expect((await address(await start(), foreign, townsend)).status).toBe(401);
  });

  test('refuses a scope that was not granted and an API that is not in the product, each in its words', async () => {
    const usps = await start({ clients: [{ ...client, products: ['addresses'] }] });
    const narrow = await bearer(usps, { scope: 'tracking' });
    const insufficient = await address(usps, narrow, townsend);
    expect([insufficient.status, insufficient.body.error.message]).toEqual([
      401,
      'Insufficient OAuth scope.',
    ]);
    const outside = await track(usps, narrow, [numbers.delivered]);
    expect([outside.status, outside.body.error.message]).toEqual([
      401,
      'The client application identifier is invalid.',
    ]);
  });

  test('gives each API its own 60 calls an hour, failed ones counted, and says when to come again', async () => {
    const usps = await start({ quota: 60 });
    const headers = await bearer(usps);
    for (let i = 0; i < 59; i++) await address(usps, headers, townsend);
    expect((await address(usps, headers, { ...townsend, state: 'ca' })).status).toBe(400);
    clock.advance(hour / 4);
    const refused = await address(usps, headers, townsend);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2700']);
    expect(refused.body.error.code).toBe('429');
    expect((await track(usps, headers, [numbers.delivered])).status).toBe(200);
    clock.advance(2_700_000);
    expect((await address(usps, headers, townsend)).status).toBe(200);
  });

  test('counts token calls as a quota of their own, refused in the OAuth shape', async () => {
    const usps = await start({ quota: 2 });
    await askToken(usps);
    await askToken(usps, { client_secret: 'wrong' });
    const refused = await askToken(usps);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3600');
    expect(refused.body.error).toBe('invalid_request');
  });

  test('answers an unknown path with 404 in the standard shape', async () => {
    const answer = await send(await start(), 'GET', '/addresses/v3/nothing');
    expect([answer.status, answer.body.error.code]).toEqual([404, '404']);
  });
});

describe('payments', () => {
  test('give a token for eight hours and echo the roles', async () => {
    const usps = await start();
    const { status, body } = await authorise(usps, await bearer(usps));
    expect(status).toBe(200);
    expect(body.roles).toEqual(roles());
    const claims = JSON.parse(
      Buffer.from(body.paymentAuthorizationToken.split('.')[1], 'base64url').toString(),
    );
    expect(claims.exp - claims.iat).toBe(28_800);
    expect(claims.aud).toEqual(['labels', 'international-labels']);
  });

  test('name what a role lacks by its code', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const codeOf = async (body: unknown) => (await authorise(usps, headers, body)).body.error.errors[0].code;
    expect(await codeOf({ roles: roles({ CRID: undefined }) })).toBe('160218');
    expect(await codeOf({ roles: roles({ MID: undefined }) })).toBe('160221');
    expect(await codeOf({ roles: roles({ manifestMID: undefined }) })).toBe('160222');
    expect(await codeOf({ roles: roles().slice(0, 1) })).toBe('160229');
    expect(await codeOf({ roles: roles().slice(1) })).toBe('160228');
    expect(await codeOf({ roles: [...roles(), ...roles()] })).toBe('160227');
    expect(await codeOf({ roles: [{ ...roles()[0], accountNumber: '42' }, roles()[1]] })).toBe('100001');
  });

  test('refuse whoever is not enrolled, in a shape without an error', async () => {
    const usps = await start({ clients: [{ ...client, enrolled: false }] });
    const { status, body } = await authorise(usps, await bearer(usps));
    expect(status).toBe(403);
    expect(body.body).toBe("CRID isn't enrolled in USPS Ship Outbound");
    expect(body.error).toBeUndefined();
  });
});

describe('addresses', () => {
  test('are standardised and corrected', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const exact = await address(usps, headers, townsend);
    expect(exact.body.address).toMatchObject({
      streetAddress: '388 TOWNSEND ST',
      secondaryAddress: 'APT 20',
      city: 'SAN FRANCISCO',
      ZIPCode: '94107',
      ZIPPlus4: '1670',
    });
    expect(exact.body.additionalInfo.DPVConfirmation).toBe('Y');
    expect(exact.body.matches).toEqual([{ code: '31', text: 'Single Response - exact match' }]);
    expect(exact.body.corrections).toEqual([{ code: '', text: '' }]);
    const guide = await address(usps, headers, {
      streetAddress: '3120 M St',
      secondaryAddress: 'NW',
      city: 'Washington',
      state: 'DC',
      ZIPCode: '20027',
    });
    expect(guide.body.address).toMatchObject({ streetAddress: '3120 M ST NW', ZIPCode: '20007' });
  });

  test('say when a unit is missing or not theirs, and when several match', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const { secondaryAddress, ...building } = townsend;
    const missing = await address(usps, headers, building);
    expect(missing.body.additionalInfo.DPVConfirmation).toBe('D');
    expect(missing.body.corrections[0].code).toBe('32');
    const wrong = await address(usps, headers, { ...townsend, secondaryAddress: `${secondaryAddress}99` });
    expect(wrong.body.additionalInfo.DPVConfirmation).toBe('S');
    const springfield = { city: 'Springfield', state: 'IL' };
    const several = await address(usps, headers, { streetAddress: '100 Main St', ...springfield });
    expect(several.body.corrections[0].code).toBe('22');
    const refused = await address(usps, headers, { streetAddress: '200 Main St', ...springfield });
    expect(refused.body).toEqual({
      apiVersion: 'v3',
      error: {
        code: '404',
        message: 'More than one address was found matching the requested address.',
        errors: [],
      },
    });
  });

  test('are taken when they look plausible, and abbreviated', async () => {
    const usps = await start();
    const { body } = await address(usps, await bearer(usps), {
      streetAddress: '1234 North Orchard Avenue Suite 5',
      state: 'TX',
      ZIPCode: '78701',
    });
    expect(body.address).toMatchObject({
      streetAddress: '1234 N ORCHARD AVE',
      secondaryAddress: 'STE 5',
      city: 'AUSTIN',
    });
    expect(body.additionalInfo.DPVConfirmation).toBe('Y');
  });

  test('that do not exist are 404 without a code, or 400 with one by switch', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const nowhere = { ...townsend, streetAddress: '5 Nowhere Rd' };
    const missed = await address(usps, headers, nowhere);
    expect([missed.status, missed.body.error.errors]).toEqual([404, []]);
    usps.switches.addressNotFound = 'workbook';
    const coded = await address(usps, headers, nowhere);
    expect([coded.status, coded.body.error.errors[0].code]).toEqual([400, '010005']);
  });

  test('have a closed query with case-sensitive names and upper-case states', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const misspelt = await address(usps, headers, { ...townsend, secondarayAddress: 'Apt 20' });
    expect(misspelt.status).toBe(400);
    expect(misspelt.body.error.message).toBe(
      "OASValidation OpenAPI-Spec-Validation-Addresses-Request with resource oas://addresses_v3.yaml: failed with reason: [IGNORE - Query parameter 'secondarayAddress' is unexpected on path /address: [], ERROR - query parameter is unexpected : secondarayAddress: []]",
    );
    expect((await address(usps, headers, { ...townsend, zipcode: '94107' })).status).toBe(400);
    expect((await address(usps, headers, { ...townsend, state: 'ca' })).body.error.message).toMatch(
      /ECMA 262 regex/,
    );
    expect((await address(usps, headers, { streetAddress: '1 Main St' })).body.error.message).toMatch(
      /'state' is required/,
    );
  });

  test('have cities', async () => {
    const usps = await start();
    const cityState = await send(usps, 'GET', '/addresses/v3/city-state?ZIPCode=30022', {
      headers: await bearer(usps),
    });
    expect(cityState.body).toMatchObject({ city: 'ALPHARETTA', state: 'GA' });
  });
});

describe('shipping options', () => {
  test('answer several classes, indicators and price types with commitments', async () => {
    const usps = await start();
    const both = { pricingOptions: [{ priceType: 'RETAIL' }, { priceType: 'COMMERCIAL' }] };
    const answer = await options(usps, await bearer(usps), quote(both));
    expect(answer.status).toBe(200);
    const [retail, commercial] = [offers(answer, 0), offers(answer, 1)];
    const indicators = retail.map(
      (each: { rates: { rateIndicator: string }[] }) => each.rates[0]?.rateIndicator,
    );
    expect(indicators).toEqual(expect.arrayContaining(['SP', 'PA', 'FB', 'PL']));
    for (const each of retail) {
      const [rate] = each.rates;
      expect(rate).toMatchObject({ priceType: 'RETAIL', zone: '08', weight: 2, dimWeight: 0 });
      expect(Math.round(each.totalBasePrice * 100)).toBeCloseTo(each.totalBasePrice * 100, 9);
      const same = commercial.find(
        (other: typeof each) =>
          other.rates[0].mailClass === rate.mailClass &&
          other.rates[0].rateIndicator === rate.rateIndicator &&
          other.rates[0].processingCategory === rate.processingCategory,
      );
      expect(same.totalBasePrice).toBeLessThan(each.totalBasePrice);
    }
    const express = retail.find((each: { rates: { mailClass: string }[] }) =>
      /EXPRESS/.test(each.rates[0]!.mailClass),
    );
    expect(express.commitment).toEqual({
      name: '2 Days',
      scheduleDeliveryDate: '2026-05-30',
      guaranteedDelivery: true,
    });
  });

  test('cost more for more pounds and for more miles', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const price = async (weight: number, destinationZIPCode: string) =>
      offers(
        await options(
          usps,
          headers,
          quote({ destinationZIPCode }, { weight, mailClass: 'USPS_GROUND_ADVANTAGE' }),
        ),
      )[0].totalBasePrice;
    const prices = [];
    for (const weight of [0.2, 0.5, 0.9, 1, 1.2, 5, 20]) {
      for (const zip of ['60602', '48201', '10001', '94105']) prices.push(await price(weight, zip));
    }
    for (let i = 0; i < prices.length; i++) {
      if (i % 4 > 0) expect(prices[i]).toBeGreaterThan(prices[i - 1]);
      if (i >= 4) expect(prices[i]).toBeGreaterThanOrEqual(prices[i - 4]);
    }
  });

  test('charge for room: dimensional weight and nonstandard fees', async () => {
    const usps = await start();
    const large = {
      weight: 4.1,
      length: 19.69,
      width: 19.69,
      height: 4.72,
      mailClass: 'USPS_GROUND_ADVANTAGE',
    };
    const headers = await bearer(usps);
    const [recorded] = offers(await options(usps, headers, quote({}, large)));
    expect(recorded.rates[0]).toMatchObject({ rateIndicator: 'DR', dimWeight: 13 });
    const [long] = offers(await options(usps, headers, quote({}, { ...large, length: 28 })));
    expect(long.rates[0].fees).toEqual([
      expect.objectContaining({ name: 'Nonstandard Length > 22', price: 4 }),
    ]);
    expect(long.totalBasePrice).toBeCloseTo(long.rates[0].price + 4, 9);
  });

  test('add extra services to the total, and can leave the total out where none was asked', async () => {
    const usps = await start({ totalPrice: 'when-asked' });
    const headers = await bearer(usps);
    const ground = { mailClass: 'USPS_GROUND_ADVANTAGE' };
    const [plain] = offers(await options(usps, headers, quote({}, ground)));
    expect(plain.totalPrice).toBeUndefined();
    const [signed] = offers(
      await options(usps, headers, quote({}, { ...ground, extraServices: [921, 930], packageValue: 600 })),
    );
    expect(signed.extraServices.map((each: { extraService: string }) => each.extraService)).toEqual([
      '921',
      '931',
    ]);
    expect(signed.totalPrice).toBeGreaterThan(signed.totalBasePrice);
  });

  test('refuse what the closed document does not know, and both kinds of destination at once', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const messageOf = async (body: unknown) => {
      const answer = await options(usps, headers, body);
      expect(answer.status).toBe(400);
      return answer.body.error.message;
    };
    expect(await messageOf(quote({ colour: 'red' }))).toContain('not allowed by the schema: [colour]');
    expect(await messageOf(quote({ destinationCountryCode: 'CA' }))).toContain(
      'Instance failed to match exactly one schema (matched 0 out of 2)',
    );
    expect(await messageOf(quote({}, { weight: '2' }))).toContain(
      "[Path '/packageDescription/weight'] Instance type (string)",
    );
    expect((await options(usps, headers, quote({}, { openHere: true }))).status).toBe(200);
  });

  test('have business errors with codes', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const codeOf = async (body: unknown) => (await options(usps, headers, body)).body.error.errors[0].code;
    expect(await codeOf(quote({ pricingOptions: [{ priceType: 'CONTRACT' }] }))).toBe('160154');
    expect(await codeOf(quote({}, { mailingDate: '2026-05-27' }))).toBe('040002');
    expect(await codeOf(quote({}, { mailingDate: '2026-06-28' }))).toBe('040002');
    expect(await codeOf(quote({ destinationZIPCode: '00001' }))).toBe('160244');
    expect(await codeOf(quote({}, { weight: 71, mailClass: 'PRIORITY_MAIL' }))).toBe('030004');
  });

  test('go abroad', async () => {
    const usps = await start();
    const abroad = quote(
      { destinationZIPCode: undefined, destinationCountryCode: 'CA' },
      { mailClass: 'ALL' },
    );
    const answer = await options(usps, await bearer(usps), abroad);
    expect(answer.body.destinationCountryCode).toBe('CA');
    expect(offers(answer)[0].rates[0]).toMatchObject({
      priceType: 'COMMERCIAL_BASE',
      destinationEntryFacilityType: 'INTERNATIONAL_SERVICE_CENTER',
    });
    expect(offers(answer)[0].commitment).toBeUndefined();
  });
});

describe('tracking v3r2', () => {
  test('answers a batch in order, and 207 with failed items where some are not known', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const good = await track(usps, headers, [numbers.delivered, numbers.inTransit]);
    expect(good.status).toBe(200);
    expect(good.body.map((each: { trackingNumber: string }) => each.trackingNumber)).toEqual([
      numbers.delivered,
      numbers.inTransit,
    ]);
    const mixed = await track(usps, headers, [numbers.unknown, numbers.delivered]);
    expect(mixed.status).toBe(207);
    expect(mixed.body[0]).toEqual({
      statusCode: '404',
      error: {
        message: expect.stringMatching(/^Tracking is not available for this item\. This may be because/),
      },
    });
    expect(mixed.body[1].statusCategory).toBe('Delivered');
    expect((await track(usps, headers, [numbers.unknown, numbers.noUpdate])).status).toBe(207);
  });

  test('answers a single unknown number with 404', async () => {
    const usps = await start();
    const { status, body } = await track(usps, await bearer(usps), [numbers.unknown]);
    expect(status).toBe(404);
    expect(body.error.message).toMatch(/^Tracking is not available for this item\./);
  });

  test('takes 35 numbers and no more, in closed items', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const many = Array.from({ length: 36 }, (_, index) => uspsTrackingNumber(100 + index));
    for (const trackingNumber of many) usps.parcel({ trackingNumber });
    expect((await track(usps, headers, many.slice(0, 35))).status).toBe(200);
    expect((await track(usps, headers, many)).body.error.message).toContain('Array is too long');
    const extra = json([{ trackingNumber: numbers.delivered, includeVeriPoint: true }], headers);
    expect((await send(usps, 'POST', '/tracking/v3r2/tracking', extra)).status).toBe(400);
  });

  test('does not show the numbers of other mailers', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const alone = await track(usps, headers, [numbers.otherMailer]);
    expect([alone.status, alone.body.error.message]).toEqual([
      403,
      expect.stringContaining('not authorized'),
    ]);
    const beside = await track(usps, headers, [numbers.otherMailer, numbers.delivered]);
    expect([beside.status, beside.body[0].statusCode]).toEqual([207, '403']);
    usps.switches.foreignInBatch = 'batch';
    expect((await track(usps, headers, [numbers.otherMailer, numbers.delivered])).status).toBe(403);
  });

  test('is not for apps that have only v3, who hear it in one of three ways', async () => {
    const usps = await start({ clients: [{ ...client, tracking: 'v3' }] });
    const headers = await bearer(usps);
    const refused = await track(usps, headers, [numbers.delivered]);
    expect([refused.status, refused.body.error.message]).toEqual([
      401,
      'The client application identifier is invalid.',
    ]);
    usps.switches.withoutV3r2 = 'gateway-fault';
    expect((await track(usps, headers, [numbers.delivered])).body.fault.detail.errorcode).toBe(
      'steps.raisefault.RaiseFault',
    );
    usps.switches.withoutV3r2 = 'not-found';
    const missing = await track(usps, headers, [numbers.delivered]);
    expect(missing.status).toBe(404);
    expect(missing.text).not.toContain('Tracking is not available');
  });

  test('tells of a parcel that travels as the clock moves', async () => {
    const usps = await start();
    const trackingNumber = uspsTrackingNumber(77);
    usps.parcel({ trackingNumber, destinationZIP: '53207', destinationCity: 'MILWAUKEE' });
    const seen: string[] = [];
    for (let i = 0; i < 80; i++) {
      const [detail] = (await track(usps, await bearer(usps), [trackingNumber])).body;
      if (seen.at(-1) !== detail.statusCategory) seen.push(detail.statusCategory);
      clock.advance(hour);
    }
    expect(seen).toEqual([
      'Accepted',
      'Moving Through Network',
      'In Transit',
      'Moving Through Network',
      'Out for Delivery',
      'Delivered',
    ]);
    const [detail] = (await track(usps, await bearer(usps), [trackingNumber])).body;
    const cities = detail.trackingEvents.map((each: { eventCity: string | null }) => each.eventCity);
    expect(cities).toContain('MILWAUKEE WI DISTRIBUTION CENTER');
    expect(cities).toContain(null);
    usps.scan(trackingNumber, '09');
    expect((await track(usps, await bearer(usps), [trackingNumber])).body[0].statusCategory).toBe(
      'Return to Sender',
    );
  });

  test('prints what recordings print: text booleans, HTML, and the local day beside the Greenwich hour', async () => {
    const usps = await start();
    const trackingNumber = uspsTrackingNumber(78);
    usps.parcel({ trackingNumber, originZIP: '53151', accepted: Date.parse('2026-05-28T00:26:14Z') });
    const headers = await bearer(usps);
    const detailOf = async () => (await track(usps, headers, [trackingNumber])).body[0];
    const recorded = await detailOf();
    expect(recorded.emailEnabled).toBe('true');
    expect(recorded.mailClass).toBe('USPS Ground Advantage<SUP>&#153;</SUP>');
    expect(recorded.trackingEvents.at(-1)).toMatchObject({
      eventTimestamp: '2026-05-27T19:26:00',
      GMTTimestamp: '2026-05-27T00:26:14Z',
      GMTOffset: '-05:00',
      eventZIPCode: '53151',
    });
    usps.switches.documentMode = true;
    const documented = await detailOf();
    expect(documented.emailEnabled).toBe(true);
    expect(documented.trackingEvents.at(-1).GMTTimestamp).toBe('2026-05-28T00:26:14Z');
  });
});

describe('tracking v3', () => {
  const get = (
    usps: UspsSandbox,
    headers: Record<string, string>,
    number: string,
    query = '?expand=DETAIL',
  ) => send(usps, 'GET', `/tracking/v3/tracking/${number}${query}`, { headers });

  test('has the old names of fields, and prose when no detail was asked', async () => {
    const usps = await start({ clients: [{ ...client, tracking: 'v3' }] });
    const headers = await bearer(usps);
    const detail = await get(usps, headers, numbers.inTransit);
    expect(detail.body).toHaveProperty('destinationZIP');
    expect(detail.body).toHaveProperty('expectedDeliveryTimeStamp');
    expect(detail.body.trackingEvents[0]).toHaveProperty('eventZIP');
    expect(detail.body.trackingEvents[0].additionalProp).toBeNull();
    const summary = await get(usps, headers, numbers.inTransit, '');
    expect(Object.keys(summary.body)).toEqual(['trackingNumber', 'expectedDeliveryDate', 'eventSummaries']);
  });

  test('answers 400 with a code for a number without an update, and 403 for that of another mailer', async () => {
    const usps = await start();
    const headers = await bearer(usps);
    const codeOf = async (number: string) => (await get(usps, headers, number)).body.error.errors[0].code;
    expect(await codeOf(numbers.noUpdate)).toBe('150001');
    expect(await codeOf(numbers.unknown)).toBe('150002');
    expect((await get(usps, headers, numbers.otherMailer)).status).toBe(403);
    expect((await get(usps, headers, numbers.delivered, '?expand=detail')).status).toBe(400);
  });
});

describe('labels', () => {
  test('come as multipart with a real PDF in Base64, and are charged', async () => {
    const usps = await start();
    const answer = await buy(
      usps,
      await bothTokens(usps),
      order({ imageInfo: { receiptOption: 'SEPARATE_PAGE' } }),
    );
    expect(answer.status).toBe(200);
    const type = answer.headers.get('content-type')!;
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(answer.text.replaceAll('\r\n', '')).not.toContain('\n');
    const mail = await PostalMime.parse(`Content-Type: ${type}\r\n\r\n${answer.text}`);
    const [metadata, image, receipt] = mail.attachments.map(({ content }): string =>
      typeof content === 'string' ? content : new TextDecoder().decode(content),
    );
    const label = JSON.parse(metadata!);
    expect(label.labelAddress).toMatchObject({
      streetAddress: '1100 WYOMING ST',
      city: 'SAINT LOUIS',
      ZIPPlus4: '2628',
    });
    expect(label.routingInformation).toBe('420631182628');
    expect(label.trackingNumber).toMatch(/^92\d{20}$/);
    expect(label.trackingNumber.slice(5, 14)).toBe(client.mid);
    expect(checkDigit(label.trackingNumber.slice(0, -1))).toBe(label.trackingNumber.at(-1));
    expect(Buffer.from(image!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(receipt!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(usps.charges()).toEqual([{ trackingNumber: label.trackingNumber, amount: label.postage }]);
  });

  test('come as one flat object for the vendor media type', async () => {
    const usps = await start();
    const { body } = await buy(
      usps,
      { ...(await bothTokens(usps)), ...flat },
      order({ imageInfo: { receiptOption: 'NONE' } }),
    );
    expect(body.weightUOM).toBe('LB');
    const pdf = Buffer.from(body.labelImage, 'base64').toString('latin1');
    expect(pdf).toContain('/MediaBox [0 0 288 432]');
    expect(body.receiptImage).toBeUndefined();
  });

  test('cost what was quoted, for the ingredients of the quote', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), ...flat };
    const piece = { weight: 3, length: 10, width: 8, height: 4, extraServices: [922] };
    const quoted = offers(
      await options(usps, headers, quote({ originZIPCode: '63116', destinationZIPCode: '63118' }, piece)),
    ).filter((each: { rates: { mailClass: string; destinationEntryFacilityType: string }[] }) =>
      /GROUND|PRIORITY|MEDIA/.test(each.rates[0]!.mailClass),
    );
    expect(quoted.length).toBeGreaterThan(5);
    for (const { rates, totalPrice } of quoted) {
      const [{ mailClass, rateIndicator, processingCategory, destinationEntryFacilityType, price }] = rates;
      const ingredients = { mailClass, rateIndicator, processingCategory, destinationEntryFacilityType };
      const { body } = await buy(usps, headers, order({}, { ...piece, ...ingredients }));
      expect([mailClass, rateIndicator, body.postage]).toEqual([mailClass, rateIndicator, price]);
      expect(usps.charges().at(-1)!.amount).toBe(totalPrice);
    }
  });

  test('are bought once for a key, also by many calls at once, and the key serves no other payload', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), ...flat, 'x-idempotency-key': uuid(1) };
    const answers = await Promise.all(Array.from({ length: 5 }, () => buy(usps, headers)));
    expect(new Set(answers.map((each) => each.text)).size).toBe(1);
    clock.advance(20 * 24 * hour);
    const later = { ...(await bothTokens(usps)), ...flat, 'x-idempotency-key': uuid(1) };
    expect((await buy(usps, later)).text).toBe(answers[0]!.text);
    expect(usps.charges()).toHaveLength(1);
    expect((await buy(usps, later, order({}, { weight: 2 }))).status).toBe(400);
    expect(usps.charges()).toHaveLength(1);
  });

  test('are sold although the answer is lost', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), 'x-idempotency-key': uuid(2) };
    usps.spoil({ method: 'POST', path: /label$/, times: 1, drop: 'after' });
    await expect(buy(usps, headers)).rejects.toThrow();
    expect(usps.charges()).toHaveLength(1);
    expect((await buy(usps, headers)).status).toBe(200);
    expect(usps.charges()).toHaveLength(1);
  });

  test('need the payment token, which runs out after eight hours in words of its own', async () => {
    const usps = await start();
    const tokens = await bothTokens(usps);
    expect((await buy(usps, await bearer(usps))).status).toBe(400);
    clock.advance(8 * hour);
    const expired = await buy(usps, { ...tokens, ...(await bearer(usps)) });
    expect([expired.status, expired.body.error.message]).toEqual([
      401,
      'The Payment Authorization Token is missing, invalid or expired.',
    ]);
    expect(usps.charges()).toEqual([]);
  });

  test('are refused with the codes of the workbook', async () => {
    const usps = await start();
    const headers = await bothTokens(usps);
    const codeOf = async (more: object, piece: object = {}) => {
      const answer = await buy(usps, headers, order(more, piece));
      expect(answer.status).toBe(400);
      return answer.body.error.errors[0].code;
    };
    const nameless = { ...order().toAddress, firstName: undefined };
    expect(await codeOf({}, { mailingDate: '2026-05-27' })).toBe('160001');
    expect(await codeOf({}, { mailingDate: '2026-06-05' })).toBe('160001');
    expect(await codeOf({ toAddress: nameless })).toBe('160075');
    expect(await codeOf({ toAddress: { ...order().toAddress, streetAddress: '5 Nowhere Rd' } })).toBe(
      '010005',
    );
    expect(await codeOf({}, { weight: 71 })).toBe('160098');
    expect(await codeOf({}, { rateIndicator: 'FB' })).toBe('030002');
    expect(await codeOf({}, { weight: 30 })).toBe('030011');
    expect(await codeOf({}, { rateIndicator: undefined })).toBe('160285');
    expect(await codeOf({}, { extraServices: [930] })).toBe('160017');
    const closed = await buy(usps, headers, order({ weight: 1 }));
    expect(closed.body.error.message).toContain('not allowed by the schema: [weight]');
    expect(usps.charges()).toEqual([]);
  });

  test('become parcels that are announced, handed over and delivered', async () => {
    const usps = await start();
    const { body } = await buy(usps, { ...(await bothTokens(usps)), ...flat });
    const category = async () =>
      (await track(usps, await bearer(usps), [body.trackingNumber])).body[0].statusCategory;
    expect(await category()).toBe('Pre-Shipment');
    clock.advance(5 * hour);
    expect(await category()).toBe('Accepted');
    clock.advance(72 * hour);
    expect(await category()).toBe('Delivered');
  });

  test('may be unknown to tracking for a while', async () => {
    const usps = await start({ labelLagMs: hour });
    const { body } = await buy(usps, { ...(await bothTokens(usps)), ...flat });
    expect((await track(usps, await bearer(usps), [body.trackingNumber])).status).toBe(404);
    clock.advance(hour);
    expect((await track(usps, await bearer(usps), [body.trackingNumber])).status).toBe(200);
  });

  test('are cancelled without a charge until half past midnight Central, and disputed afterwards', async () => {
    const usps = await start();
    const first = (await buy(usps, { ...(await bothTokens(usps)), ...flat })).body.trackingNumber;
    const second = (await buy(usps, { ...(await bothTokens(usps)), ...flat })).body.trackingNumber;
    const remove = async (number: string) =>
      send(usps, 'DELETE', `/labels/v3/label/${number}`, { headers: await bothTokens(usps) });
    clock.advance(Date.parse('2026-05-29T05:29:00Z') - clock.now());
    expect((await remove(first)).body).toEqual({ trackingNumber: first, status: 'CANCELED' });
    expect((await remove(first)).body.error.errors[0].code).toBe('160186');
    clock.advance(60_000);
    const disputed = await remove(second);
    expect(disputed.body).toMatchObject({ trackingNumber: second, status: 'DISPUTED' });
    expect(disputed.body.disputeId).toMatch(/^\d{6}$/);
    expect((await remove(second)).status).toBe(400);
    expect((await remove(numbers.unknown)).body.error.errors[0]).toMatchObject({
      code: '160185',
      detail: 'Order not found',
    });
    expect(usps.charges().map((each) => each.trackingNumber)).toEqual([second]);
  });

  test('are cancelled by their key too', async () => {
    const usps = await start();
    const headers = { ...(await bothTokens(usps)), 'x-idempotency-key': uuid(3) };
    await buy(usps, headers);
    expect((await send(usps, 'DELETE', '/labels/v3/label', { headers })).body.status).toBe('CANCELED');
    expect(usps.charges()).toEqual([]);
  });
});

describe('a restart', () => {
  test('keeps labels, keys, parcels and tokens', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usps-'));
    const file = join(folder, 'usps.jsonl');
    const before = await start({ store: openStore(file) });
    const headers = { ...(await bothTokens(before)), ...flat, 'x-idempotency-key': uuid(4) };
    const bought = await buy(before, headers);
    await before.close();
    const after = await start({ store: openStore(file) });
    expect((await buy(after, headers)).text).toBe(bought.text);
    expect(after.charges()).toHaveLength(1);
    expect((await track(after, headers, [bought.body.trackingNumber])).status).toBe(200);
    rmSync(folder, { recursive: true });
  });
});
