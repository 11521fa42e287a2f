import { describe, expect, test } from 'vitest';

import { call, describeContract, failure, good } from './shared.ts'; // prettier-ignore
import { buy, open, otherSample, paths, quote, prepared, replay, requestsTo, samplesLike, somewhere, useReplay, verify } from './usps-replay.ts'; // prettier-ignore

/** Samples that no operation of the adapter uses, each with its reason. `x.*` excuses all of a kind. */
const excused = {
  'containers.*': 'no operation of ours: containers',
  'error.400.price-no-sku.request.json':
    'prices come from Shipping Options; the refusal itself is replayed there',
  'locations.*': 'no operation of ours: locations',
  'oauth.revoke.request.json': 'client credentials are renewed, and never revoked',
  'oauth.token.refresh.request.json':
    'client credentials have no refresh token; the answer itself is replayed',
  'pickup.*': 'met in pickups-and-manifests.test.ts',
  'scan-forms.*': 'met in pickups-and-manifests.test.ts',
};

const { samples, sampleOf } = samplesLike(
  /^(?!tracking|labels|payments|shipping-options|prices|international-prices|service-standards)/,
  excused,
);

describeContract('the USPS adapter with recorded and printed addresses, tokens and errors', () => {
  useReplay(samples);

  describe('addresses', () => {
    test('sends the request of the guide, and reports a changed ZIP Code as a correction', async () => {
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const printed = sampleOf('addresses.address.exact-match.request.json');
      const { streetAddress, secondaryAddress, city, state, ZIPCode, ZIPPlus4 } = printed.query;
      const found = good(
        await verify({
          street1: streetAddress,
          street2: secondaryAddress,
          city,
          state,
          postalCode: `${ZIPCode}-${ZIPPlus4}`,
          country: 'US',
        }),
      );
      expect(requestsTo(paths.address)[0]).toMatchObject(printed);
      expect(found).toMatchObject({
        status: 'CORRECTED',
        address: {
          street1: '3120 M ST NW',
          city: 'WASHINGTON',
          state: 'DC',
          postalCode: '20007-3704',
          residential: false,
        },
        messages: [],
      });
      expect(found.address!.street2).toBeUndefined();
    });

    test('finds a missing state by the ZIP Code before it verifies the address', async () => {
      replay.when('GET', paths.cityState, { body: sampleOf('addresses.city-state.response.json') });
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const printed = sampleOf('addresses.city-state.request.json');
      good(await verify({ street1: '3120 M St', postalCode: printed.query.ZIPCode, country: 'US' }));
      expect(requestsTo(paths.cityState)[0]).toMatchObject(printed);
      expect(requestsTo(paths.address)[0]!.query).toMatchObject({ city: 'ALPHARETTA', state: 'GA' });
    });

    test('reports several matches as an ambiguous address, not as a failure', async () => {
      replay.when('GET', paths.address, {
        status: 404,
        body: sampleOf('addresses.error.multiple.response.json'),
      });
      expect(await verify(somewhere)).toEqual({
        status: 'AMBIGUOUS',
        messages: [{ message: 'More than one address was found matching the requested address.' }],
      });
    });

    test('reports the field that the gateway rejects, not the generic message', async () => {
      const body = sampleOf('error.400.oas-unexpected-query-parameter.response.json');
      replay.when('GET', paths.address, { status: 400, body });
      expect(await failure(await verify(somewhere))).toMatchObject({
        code: 'REJECTED',
        refused: true,
        providerMessage: expect.stringContaining("'secondarayAddress' is unexpected"),
      });
    });

    test('renews a token once after a 401, whatever its age', async () => {
      const body = sampleOf('error.401.malformed-token.response.json');
      replay.when('GET', paths.address, { status: 401, body });
      const usps = open();
      expect(await failure(await verify(somewhere, usps))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
      expect(requestsTo(paths.token)).toHaveLength(2);
      // A renewed token that USPS rejected is not sent again for five minutes.
      usps.clock.advance(6 * 60_000);
      expect(await failure(await verify(somewhere, usps))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
      expect(requestsTo(paths.token)).toHaveLength(3);
      expect(requestsTo(paths.address)).toHaveLength(4);
    });
  });

  describe('tokens', () => {
    test('are requested by a form with the printed fields, and their lifetime may be text', async () => {
      const answer = sampleOf('oauth.token.client-credentials.response.json');
      replay.when('POST', paths.token, { body: answer });
      replay.when('GET', paths.address, { body: sampleOf('addresses.address.exact-match.response.json') });
      const usps = open();
      good(await verify(somewhere, usps));
      const [asked] = requestsTo(paths.token);
      const form = Object.fromEntries(new URLSearchParams(asked!.body));
      const printed = sampleOf('oauth.token.client-credentials.request.json');
      expect(Object.keys(form).sort()).toEqual(Object.keys(printed).sort());
      expect(form.grant_type).toBe(printed.grant_type);
      expect(asked!.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(requestsTo(paths.address)[0]!.headers.authorization).toBe(`Bearer ${answer.access_token}`);
      // The lifetime is "11111" seconds, as text; the token expires then.
      usps.clock.advance((Number(answer.expires_in) + 1) * 1000);
      good(await verify(somewhere, usps));
      expect(requestsTo(paths.token)).toHaveLength(2);
    });

    test.each(['oauth.token.client-credentials.response.json', 'oauth.token.refresh.response.json'])(
      'with the scope of %s allow only calls that it covers',
      async (name) => {
        replay.when('POST', paths.token, { body: sampleOf(name) });
        replay.when('GET', paths.track, { body: otherSample('tracking.v3.detail.accepted.response.json') });
        const usps = open({ tracking: 'v3' });
        good((await usps.carrier.track([{ trackingNumber: '9400109104250532908587' }], call))[0]);
        expect(await failure(await quote(usps))).toMatchObject({ code: 'SCOPE_MISSING', refused: true });
        expect(requestsTo(paths.options)).toHaveLength(0);
      },
    );

    test.each([
      ['oauth.token.error.invalid-client.response.json', 401, 'CREDENTIALS_REJECTED'],
      ['oauth.token.error.unknown-client.response.json', 401, 'CREDENTIALS_REJECTED'],
      ['oauth.token.error.spike-arrest.response.json', 429, 'RATE_LIMITED'],
    ])('that fail as in %s fail the operation', async (name, status, code) => {
      const body = sampleOf(name);
      replay.when('POST', paths.token, { status, headers: { 'retry-after': '30' }, body });
      expect(await failure(await verify(somewhere))).toMatchObject({
        code,
        providerCode: body.error,
        providerMessage: body.error_description,
        retryAfterSeconds: 30,
        refused: true,
      });
      expect(requestsTo(paths.address)).toHaveLength(0);
    });
  });

  describe('error responses', () => {
    test.each([
      ['error.403.gateway-fault.response.json', 403, 'ACCOUNT_NOT_AUTHORIZED', 'Raise-Fault-Access-Control'],
      ['error.400.price-no-sku.response.json', 400, 'REJECTED', 'Could not find working sku'],
      ['error.401.insufficient-scope.response.json', 401, 'SCOPE_MISSING', 'OAuth scope'],
      ['error.401.client-not-approved.response.json', 401, 'SCOPE_MISSING', 'client application identifier'],
    ])('%s with status %s fails a quote as %s', async (name, status, code, words) => {
      replay.when('POST', paths.options, { status, body: sampleOf(name) });
      expect(await failure(await quote())).toMatchObject({
        code,
        refused: true,
        providerMessage: expect.stringContaining(words),
      });
      expect(requestsTo(paths.token)).toHaveLength(1);
    });

    test('for an app without the batch product make it track numbers one by one from then on', async () => {
      for (const [name, status] of [
        ['error.403.gateway-fault.response.json', 403],
        ['error.401.client-not-approved.response.json', 401],
      ] as const) {
        replay.when('POST', paths.batch, { status, body: sampleOf(name) });
        replay.when('GET', paths.track, { body: otherSample('tracking.v3.detail.accepted.response.json') });
        const usps = open();
        const questions = [
          { trackingNumber: '9400109104250532908587' },
          { trackingNumber: '9202290317456200135409' },
        ];
        for (let round = 0; round < 2; round++) {
          for (const each of await usps.carrier.track(questions, call))
            expect(good(each).status).toBe('ACCEPTED');
        }
        expect(requestsTo(paths.batch)).toHaveLength(1);
        expect(requestsTo(paths.track)).toHaveLength(4);
        replay.requests.length = 0;
      }
    });

    test('for a label with a missing field name the field, and nothing is purchased', async () => {
      const body = sampleOf('error.400.international-label-missing-field.response.json');
      replay.when('POST', paths.label, { status: 400, body });
      const refusal = { code: 'REJECTED', refused: true, providerMessage: expect.stringContaining('[packageDescription]') }; // prettier-ignore
      const usps = open();
      expect(await failure(buy(usps))).toMatchObject(refusal);
      const sent = { fromAddress: { ZIPCode: '20260' }, packageDescription: { mailingDate: '2026-11-18' } };
      const request = { body: JSON.stringify(sent) };
      expect(await usps.carrier.labels.reconcile({ ...prepared, request }, call)).toBeUndefined();
    });

    test.each([400, 403])(
      'for a client that is not enrolled fail the payment with status %i',
      async (status) => {
        replay.when('POST', paths.payment, {
          status,
          body: sampleOf('error.payments.not-enrolled.response.json'),
        });
        expect(await failure(buy())).toMatchObject({
          code: 'PAYMENT_NOT_AUTHORIZED',
          refused: true,
          providerMessage: "CRID isn't enrolled in USPS Ship Outbound",
        });
        expect(requestsTo(paths.label)).toHaveLength(0);
      },
    );
  });

  test('every sample is used or excused with a reason', () => samples.expectAll());
});
