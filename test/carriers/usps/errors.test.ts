import { describe, expect, it } from 'vitest';

import { failureOf } from '../../../src/carriers/usps/errors.ts';
import { noon } from '../../support/adapters.ts';
import { receiver } from '../../support/test-server.ts';
import { call, openForTest, rateRequest } from './support.ts';

const now = Date.parse(noon);
const responseOf = (status: number, body: string | object) => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const envelope = (message: string, ...errors: object[]) => ({
  apiVersion: '/labels/v3',
  error: { code: '400', message, errors },
});
const validationError = (...errors: string[]) =>
  envelope(`OASValidation OpenAPI-Spec-Validation-Labels with resource oas://labels_v3.yaml: failed with reason: [${errors.join(', ')}]`); // prettier-ignore

describe('a USPS error response is read in each of its shapes', () => {
  const item = { status: '400', code: '160184', title: 'Bad Request', detail: 'Order item be canceled' };

  it.each<[string, number, string | object, object]>([
    ['A: the envelope with an item', 400, envelope('Bad Request', { ...item, source: { parameter: 'trackingNumber' } }),
      { code: 'REJECTED', providerCode: '160184', providerMessage: 'Order item be canceled', refused: true }],
    ['A with an item whose source is a string', 400, envelope('Bad Request', { ...item, source: 'API' }),
      { code: 'REJECTED', providerCode: '160184', refused: true }],
    ['A with an item without status, source and detail', 400, envelope('Bad Request', { code: '160184', title: 'Order item be canceled', detail: '' }),
      { code: 'REJECTED', providerMessage: 'Order item be canceled' }],
    ['A with the item’s code as a number', 400, envelope('Bad Request', { ...item, code: 160184 }),
      { code: 'REJECTED', providerCode: '160184' }],
    ['A without items', 404, envelope('Address Not Found'), { code: 'NOT_FOUND', providerMessage: 'Address Not Found' }],
    ['A whose error.code is a number, and whose items are missing', 400, { error: { code: 400, message: 'No' } },
      { code: 'REJECTED', providerMessage: 'No', refused: true }],
    ['A with an unknown code', 400, envelope('Bad Request', { code: '999999', detail: 'New' }),
      { code: 'REJECTED', providerCode: '999999', providerMessage: 'New', field: undefined }],
    ['B: the gateway', 403, { fault: { faultstring: 'Raising fault', detail: { errorcode: 'steps.raisefault.RaiseFault' } } },
      { code: 'ACCOUNT_NOT_AUTHORIZED', providerCode: 'steps.raisefault.RaiseFault', refused: true }],
    ['B without a detail', 400, { fault: { faultstring: 'Raising fault' } }, { code: 'REJECTED', providerMessage: 'Raising fault' }],
    ['C: OAuth', 401, { error: 'invalid_client', error_description: 'Client authentication failed.' },
      { code: 'CREDENTIALS_REJECTED', providerCode: 'invalid_client', refused: true }],
    ['C: OAuth with a spike arrest', 429, { error: 'invalid_request', error_description: 'SpikeArrestViolation: Too many requests' },
      { code: 'RATE_LIMITED', retryable: true }],
    ['D: Payments', 400, { body: 'CRID isn\'t enrolled in USPS Ship Outbound', roles: [{ roleName: 'LABEL_OWNER' }] },
      { code: 'PAYMENT_NOT_AUTHORIZED', providerMessage: 'CRID isn\'t enrolled in USPS Ship Outbound', refused: true }],
    ['the token endpoint', 401, { apiVersion: 'v3', error: 'UNAUTHORIZED', message: 'The grant_type is missing.' },
      { code: 'CREDENTIALS_REJECTED', providerMessage: 'The grant_type is missing.' }],
    ['an error that is a sentence', 400, { error: 'Try another service' },
      { code: 'REJECTED', message: 'USPS refused the request: Try another service' }],
    ['plain text', 500, 'There was an internal server error.',
      { code: 'UNAVAILABLE', providerMessage: 'There was an internal server error.', refused: false }],
    ['an error page of a proxy', 403, '<html><body><h1>Blocked</h1></body></html>',
      { code: 'ACCOUNT_NOT_AUTHORIZED', providerMessage: 'Blocked', refused: false }],
    ['an empty body', 400, '', { code: 'REJECTED', providerMessage: undefined, refused: false }],
    ['a truncated body', 400, '{"error":{"code":"400","mess', { code: 'REJECTED', refused: false }],
    ['JSON of another shape', 400, '[1]', { code: 'REJECTED', refused: false }],
    ['a code of the workbook in an outage', 503, envelope('Bad Request', item), { code: 'UNAVAILABLE', refused: false }],
    ['a code of the workbook in a 429', 429, envelope('Bad Request', item), { code: 'RATE_LIMITED' }],
  ])('%s', (_, status, body, expected) => {
    expect(failureOf(responseOf(status, body), now)).toMatchObject(expected);
  }); // prettier-ignore
});

describe('a USPS success whose body is an error', () => {
  const standard = { ...envelope('Bad Request', { code: '160184', detail: 'No' }) };
  it.each<[string, object, object]>([
    ['the envelope', standard, { code: 'REJECTED', providerCode: '160184', refused: true }],
    ['the envelope of an outage', { error: { code: 500, message: 'Oops' } }, { code: 'UNAVAILABLE', refused: false }],
    ['a sentence', { error: 'Try another service' }, { code: 'REJECTED', message: 'USPS refused the request: Try another service' }],
    ['the gateway', { fault: { faultstring: 'Raising fault' } }, { code: 'ACCOUNT_NOT_AUTHORIZED' }],
    ['a quota of the gateway', { fault: { faultstring: 'Rate limit quota violation', detail: { errorcode: 'policies.ratelimit.QuotaViolation' } } }, { code: 'RATE_LIMITED' }],
  ])('is the failure that %s tells', async (_, body, failure) => {
    const { adapter, emulator } = await openForTest();
    emulator.injectFault({ path: /options/, response: { status: 200, body } });
    expect(await adapter.quote!([rateRequest], call)).toMatchObject([failure]);
  }); // prettier-ignore

  it('renews a token that it refuses', async () => {
    const { adapter, emulator, clock } = await openForTest();
    await adapter.quote!([rateRequest], call);
    clock.advance(120_000);
    const body = envelope('Missing or malformed access token.');
    emulator.injectFault({ path: /options/, times: 1, response: { status: 200, body: { ...body, error: { ...body.error, code: '401' } } } }); // prettier-ignore
    expect(await adapter.quote!([rateRequest], call)).toMatchObject([{ offers: expect.any(Array) }]);
    expect(emulator.count('POST', /token$/)).toBe(2);
  });

  it('stays a success where it holds a result too', async () => {
    const { adapter, emulator } = await openForTest();
    const body = { error: { message: 'partial' }, pickupAddress: {}, city: 'RENO', state: 'NV' };
    emulator.injectFault({ path: /city-state/, response: { status: 200, body } });
    const bare = { street1: '388 Townsend St', postalCode: '94107', country: 'US' };
    expect(await adapter.verify!([bare], call)).toMatchObject([{ messages: expect.any(Array) }]);
  });
});

describe('a USPS error points to the field of the caller’s input', () => {
  it.each<[object, string[] | undefined]>([
    [{ source: { parameter: 'packageDescription.weight' } }, ['parcels', '0', 'weight']],
    [{ source: { parameter: 'length, height, width ,mailClass' } }, ['parcels', '0', 'dimensions']],
    [{ source: { parameter: 'toAddress.ZIPPlus4' } }, ['to', 'postalCode']],
    [{ source: { parameter: 'fromAddress.firstName' } }, ['from', 'name']],
    [{ source: { parameter: 'originZIPCode, destinationZIPCode' } }, ['to', 'postalCode']],
    [{ source: { parameter: 'customsForm.contents' } }, ['customs', 'items']],
    [{ source: { parameter: 'packageDescription.mailingDate' } }, ['shipDate']],
    [{ source: { parameter: 'somethingElse' } }, undefined],
    [{ code: '030004' }, ['parcels', '0', 'weight']],
    [{ code: '160021', source: { parameter: 'packageDescription.weight' } }, ['parcels', '0', 'weight']],
  ])('for the item %o', (item, field) => {
    expect(failureOf(responseOf(400, envelope('Bad Request', item)), now).field).toEqual(field);
  });

  it.each([
    ["ERROR - [Path '/toAddress'] Object has missing required properties ([ZIPCode]): []", ['to', 'postalCode']],
    ['ERROR - Object has missing required properties ([packageDescription]): []', ['parcels', '0']],
    ["ERROR - [Path '/packageDescription/mailingDate'] String \"x\" is invalid against requested format date: []", ['shipDate']],
    ["ERROR - [Path '/customsForm/contents/2/HSTariffNumber'] String \"1\" is too short: []", ['customs', 'items', '2', 'hsTariffNumber']],
    ["ERROR - [Path '/customsForm/contents/1/itemTotalWeight'] Numeric instance is lower: []", ['customs', 'items', '1', 'totalWeight']],
    ["ERROR - [Parameter 'state'] ECMA 262 regex \"^[A-Z]{2}$\" does not match input string \"ca\": []", ['to', 'state']],
    ["IGNORE - Query parameter 'secondarayAddress' is unexpected on path /address: [], ERROR - query parameter is unexpected : secondarayAddress: []", undefined],
  ])('from the message of the gateway: %s', (error, field) => {
    const failure = failureOf(responseOf(400, validationError(error)), now);
    expect(failure).toMatchObject({ code: 'REJECTED', providerMessage: expect.stringContaining(error.slice(0, 20)) });
    expect(failure.field).toEqual(field);
  }); // prettier-ignore

  it('as the operation names it, where it has its own paths', async () => {
    const { adapter, emulator } = await openForTest();
    const body = validationError(
      "ERROR - [Parameter 'state'] ECMA 262 regex does not match input string: []",
    );
    emulator.injectFault({ path: /addresses/, response: { status: 400, body } });
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ code: 'REJECTED', field: ['state'] }]);
  });
});
