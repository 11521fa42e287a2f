import { describe, expect, it } from 'vitest';

import { easypostFaults, type FaultyResponse } from '../../../sandbox/easypost/index.ts';
import { toProviderError } from '../../../src/carriers/easypost/errors.ts';
import { knownErrors } from '../../../src/carriers/easypost/known-errors.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const toFailure = ({ status, headers = {}, body }: FaultyResponse) =>
  toProviderError({ status, headers, body: Buffer.from(JSON.stringify(body)) }, now);
const error = (
  status: number,
  code: string | undefined,
  message: unknown,
  errors?: unknown,
): FaultyResponse => ({
  status,
  body: { error: { code, message, errors } },
});
const { variants } = easypostFaults;

describe('an error response of EasyPost', () => {
  it.each([
    ['no details', variants.noDetails, 'CREDENTIALS_REJECTED', 'Your account is not enabled for this.'],
    ['fields', variants.fields, 'REJECTED', 'Missing required parameter. shipment cannot be blank'],
    [
      'fields with codes',
      variants.codedFields,
      'REJECTED',
      'Unable to verify address. street1 Invalid street',
    ],
    [
      'texts',
      variants.texts,
      'NOT_FOUND',
      'The requested resource could not be found. No eligible insurance found.',
    ],
    [
      'a field as the key',
      variants.fieldAsKey,
      'REJECTED',
      'Invalid parameters. to_address Required and missing.',
    ],
    ['numbered entries', variants.numbered, 'REJECTED', 'Unable to register. Denied.'],
    ['an id beside a field', variants.existing, 'REJECTED', 'The report already exists. existing_report'],
    ['a list as message', variants.messageAsList, 'REJECTED', 'Bad address; Bad phone number'],
    ['a tree as message', variants.messageAsObject, 'REJECTED', 'to_address Bad address'],
    ['JSON inside texts', variants.jsonInText, 'UNAVAILABLE', 'detail upstream broke'],
    ['a plain text', variants.plainText, 'REJECTED', 'Something is wrong with this request.'],
    ['JSON inside a list', error(422, 'X', 'No.', ['["a", {"b": ["c"]}]']), 'REJECTED', 'No. a; b: c'],
    ['errors that are no list', error(422, 'X', 'No.', 'odd'), 'REJECTED', 'No.'],
    [
      'no message at all',
      { status: 422, body: { error: { code: 'X', errors: ['No.'] } } },
      'REJECTED',
      'No.',
    ],
    ['nothing but a code', error(422, 'X', null), 'REJECTED', undefined],
  ] as const)('is read with %s', (_, response, code, providerMessage) => {
    expect(toFailure(response)).toMatchObject({ code, providerMessage });
  });

  it.each([
    [error(403, 'APIKEY.INACTIVE', 'inactive'), 'CREDENTIALS_REJECTED', false],
    [error(401, undefined, 'no key'), 'CREDENTIALS_REJECTED', false],
    [error(403, 'FORBIDDEN', 'not yours'), 'ACCOUNT_NOT_AUTHORIZED', false],
    [error(403, 'MODE.UNAUTHORIZED', 'wants production'), 'WRONG_ENVIRONMENT', false],
    [error(403, 'MODE.CONFLICT', 'other mode'), 'WRONG_ENVIRONMENT', false],
    [error(422, 'TRACKER.INVALID_TEST_CODE', 'test code'), 'WRONG_ENVIRONMENT', false],
    [easypostFaults.insufficientFunds, 'PAYMENT_NOT_AUTHORIZED', false],
    [error(402, undefined, 'funds'), 'PAYMENT_NOT_AUTHORIZED', false],
    [error(422, 'TRACKER.MULTIPLE_CARRIERS_FOR_CODE', 'which?'), 'NOT_FOUND', false],
    [error(422, 'TRACKER.UNSUPPORTED_CARRIER', 'who?'), 'NOT_SUPPORTED', false],
    [error(423, 'BATCH.STATE.CREATING', 'wait'), 'UNAVAILABLE', true],
    [easypostFaults.rateLimited(), 'RATE_LIMITED', true],
    [easypostFaults.internal, 'UNAVAILABLE', true],
    [easypostFaults.unavailable, 'UNAVAILABLE', true],
  ] as const)('%j is %s', (response, code, retryable) => {
    expect(toFailure(response)).toMatchObject({ code, retryable });
    if (code !== 'NOT_FOUND') expect(toFailure(response).hint).toEqual(expect.any(String));
  });

  it('has a sentence, a hint and a field by its code alone, where it has no words', () => {
    expect(toFailure(error(422, 'INSURANCE.AMOUNT.ABOVE_MAXIMUM', undefined, null))).toMatchObject({
      code: 'REJECTED',
      message: 'EasyPost answered 422: the insured value is above the maximum',
      hint: 'Insure less, or insure the rest elsewhere.',
      field: ['options', 'insuredValue'],
    });
    for (const [code, [sentence, hint]] of Object.entries(knownErrors)) {
      const failure = toFailure(error(422, code, null));
      expect(failure.message, code).toBe(`EasyPost answered 422: ${sentence}`);
      expect(failure.hint, code).toBe(hint);
      expect(hint, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('shows a code that is not known', () => {
    expect(toFailure(error(422, 'NEW.CODE', null)).message).toBe('EasyPost answered 422 with NEW.CODE');
    expect(toFailure(error(422, 'NEW.CODE', 'No.')).message).toBe('EasyPost answered 422 with NEW.CODE: No.');
  });

  it('never repeats its words', () => {
    const { message } = toFailure(error(422, 'SHIPMENT.INVALID', 'Bad parcel.', ['Bad parcel.', 'Bad']));
    expect(message).toBe('EasyPost answered 422: Bad parcel.');
  });

  it.each([
    ['PICKUP.BUY.FAILED', 'Invalid name. Please check for any special characters.', 'address.name'],
    ['PICKUP.BUY.FAILED', 'The phone number is required', 'address.phone'],
    ['ADDRESS.PARAMETERS.INVALID', 'Invalid postal code', 'postalCode'],
    ['SHIPMENT.POSTAGE.FAILURE', 'Missing or invalid recipient phone number', 'to.phone'],
    ['SHIPMENT.POSTAGE.FAILURE', 'Invalid shipper company name', 'from.company'],
  ])('%s with "%s" has the field %s, and a hint', (code, words, field) => {
    const failure = toFailure(error(422, code, words));
    expect(failure.field?.join('.')).toBe(field);
    expect(failure.hint).toContain(`\`${field}\``);
  });

  it.each([
    ['shipment.to_address.phone', 'to.phone'],
    ['shipment.from_address.phone', 'from.phone'],
    ['shipment.to_address.name', 'to.name'],
    ['shipment.from_address.company', 'from.company'],
    ['shipment.to_address.street1', 'to.street1'],
    ['shipment.to_address.zip', 'to.postalCode'],
    ['order.to_address.email', 'to.email'],
    ['order.shipments[1].parcel.weight', 'parcels.1.weight'],
  ])('with the sentence "%s: Required" names the field %s, and says to give it', (theirs, field) => {
    for (const errors of [[], [{ message: `${theirs}: Required` }]]) {
      const failure = toFailure(error(422, 'SHIPMENT.POSTAGE.FAILURE', `${theirs}: Required`, errors));
      expect(failure).toMatchObject({ code: 'REJECTED', field: field.split('.'), refused: true });
      expect(failure.hint).toBe(`Give \`${field}\`, then try again.`);
    }
  });

  it('has no field where its words name no side of the shipment', () => {
    expect(toFailure(error(422, 'SHIPMENT.POSTAGE.FAILURE', 'Invalid phone')).field).toBeUndefined();
    expect(toFailure(error(422, 'PICKUP.BUY.FAILED', 'The carrier is closed')).field).toBeUndefined();
  });

  it('has the retry delay where the response gives one', () => {
    expect(toFailure(easypostFaults.rateLimited(7)).retryAfterSeconds).toBe(7);
    expect(toFailure(easypostFaults.rateLimited()).retryAfterSeconds).toBeUndefined();
  });

  it('is a refusal only as a 4xx with an error code', () => {
    const isRefusal = (response: FaultyResponse) => toFailure(response).refused;
    expect(isRefusal(variants.fields)).toBe(true);
    expect(isRefusal(variants.plainText)).toBe(true);
    expect(isRefusal(error(422, undefined, 'no code'))).toBe(false);
    expect(isRefusal(error(408, 'TIMEOUT', 'late'))).toBe(false);
    expect(isRefusal(easypostFaults.internal)).toBe(false);
    const page = { status: 403, headers: {}, body: Buffer.from('<html>Blocked</html>') };
    expect(toProviderError(page, now)).toMatchObject({ code: 'ACCOUNT_NOT_AUTHORIZED', refused: false });
  });

  it('has the first field that is one of our input', () => {
    const errors = [
      { field: 'shipment', message: 'is bad' },
      { field: 'shipment.parcel.weight', message: 'is heavy' },
    ];
    expect(toFailure(error(422, 'X', 'No.', errors)).field).toEqual(['parcels', '0', 'weight']);
    expect(toFailure(variants.messageAsObject).field).toEqual(['to']);
  });
});
