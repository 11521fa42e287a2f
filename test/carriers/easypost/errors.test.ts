import { describe, expect, it } from 'vitest';

import { easypostAnswers, type FaultyResponse } from '../../../sandbox/easypost/index.ts';
import { failureOf, toField } from '../../../src/carriers/easypost/errors.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const said = ({ status, headers = {}, body }: FaultyResponse) =>
  failureOf({ status, headers, body: Buffer.from(JSON.stringify(body)) }, now);
const error = (
  status: number,
  code: string | undefined,
  message: unknown,
  errors?: unknown,
): FaultyResponse => ({
  status,
  body: { error: { code, message, errors } },
});
const { variants } = easypostAnswers;

describe('a refusal of EasyPost', () => {
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
    ['JSON inside texts', variants.jsonInText, 'UNAVAILABLE', 'detail upstream broke detail upstream broke'],
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
  ] as const)('is read with %s', (_, answer, code, words) => {
    expect(said(answer)).toMatchObject({ code, providerMessage: words });
  });

  it.each([
    [error(403, 'APIKEY.INACTIVE', 'inactive'), 'CREDENTIALS_REJECTED', false],
    [error(401, undefined, 'no key'), 'CREDENTIALS_REJECTED', false],
    [error(403, 'FORBIDDEN', 'not yours'), 'ACCOUNT_NOT_AUTHORIZED', false],
    [error(403, 'MODE.UNAUTHORIZED', 'wants production'), 'WRONG_ENVIRONMENT', false],
    [error(403, 'MODE.CONFLICT', 'other mode'), 'WRONG_ENVIRONMENT', false],
    [error(422, 'TRACKER.INVALID_TEST_CODE', 'test code'), 'WRONG_ENVIRONMENT', false],
    [easypostAnswers.outOfFunds, 'PAYMENT_NOT_AUTHORIZED', false],
    [error(402, undefined, 'funds'), 'PAYMENT_NOT_AUTHORIZED', false],
    [error(422, 'TRACKER.MULTIPLE_CARRIERS_FOR_CODE', 'which?'), 'NOT_FOUND', false],
    [error(422, 'TRACKER.UNSUPPORTED_CARRIER', 'who?'), 'NOT_SUPPORTED', false],
    [error(423, 'BATCH.STATE.CREATING', 'wait'), 'UNAVAILABLE', true],
    [easypostAnswers.rateLimited(), 'RATE_LIMITED', true],
    [easypostAnswers.internal, 'UNAVAILABLE', true],
    [easypostAnswers.unavailable, 'UNAVAILABLE', true],
  ] as const)('%j is %s', (answer, code, retryable) => {
    expect(said(answer)).toMatchObject({ code, retryable });
    if (code !== 'NOT_FOUND') expect(said(answer).hint).toEqual(expect.any(String));
  });

  it('is obeyed where it says how long to wait, and needs not say it', () => {
    expect(said(easypostAnswers.rateLimited(7)).retryAfterSeconds).toBe(7);
    expect(said(easypostAnswers.rateLimited()).retryAfterSeconds).toBeUndefined();
  });

  it('proves that nothing happened only where it is one, with a code', () => {
    const refused = (answer: FaultyResponse) => said(answer).refused;
    expect(refused(variants.fields)).toBe(true);
    expect(refused(variants.plainText)).toBe(true);
    expect(refused(error(422, undefined, 'no code'))).toBe(false);
    expect(refused(error(408, 'TIMEOUT', 'late'))).toBe(false);
    expect(refused(easypostAnswers.internal)).toBe(false);
    const page = { status: 403, headers: {}, body: Buffer.from('<html>Blocked</html>') };
    expect(failureOf(page, now)).toMatchObject({ code: 'ACCOUNT_NOT_AUTHORIZED', refused: false });
  });
});

describe('a path of EasyPost', () => {
  it.each([
    ['to_address', 'to'],
    ['shipment.to_address.zip', 'to.postalCode'],
    ['order.from_address.street1', 'from.street1'],
    ['address.street1', 'street1'],
    ['zip', 'postalCode'],
    ['pickup.address.zip', 'address.postalCode'],
    ['pickup.min_datetime', 'readyFrom'],
    ['parcel', 'parcels.0'],
    ['parcel.weight', 'parcels.0.weight'],
    ['shipment.parcel.length', 'parcels.0.dimensions.length'],
    ['parcel.predefined_package', 'parcels.0.packaging'],
    ['order.shipments.2.parcel.weight', 'parcels.2.weight'],
    ['order.shipments[2].parcel.height', 'parcels.2.dimensions.height'],
    ['customs_info.customs_items.0.code', 'customs.items.0.hsTariffNumber'],
    ['shipment.customs_info.customs_items[11].hs_tariff_number', 'customs.items.11.hsTariffNumber'],
    ['customs_info.customs_items.3.value', 'customs.items.3.totalValue.amount'],
    ['customs_info.eel_pfc', 'customs.eelPfc'],
    ['customs_info.restriction_type', 'customs'],
    ['to_address.verifications.zip4', 'to'],
    ['options.delivery_confirmation', 'options.signature'],
    ['tracker.tracking_code', 'trackingNumber'],
  ])('%s is %s in our input', (theirs, ours) => {
    expect(toField(theirs)?.join('.')).toBe(ours);
  });

  it.each(['shipment', 'existing_report', 'constructor', '', '...', 'parcels', 'carrier_accounts.0'])(
    '%j leads nowhere in our input',
    (theirs) => {
      expect(toField(theirs)).toBeUndefined();
    },
  );

  it('is told of the first entry that leads somewhere', () => {
    const errors = [
      { field: 'shipment', message: 'is bad' },
      { field: 'shipment.parcel.weight', message: 'is heavy' },
    ];
    expect(said(error(422, 'X', 'No.', errors)).field).toEqual(['parcels', '0', 'weight']);
    expect(said(variants.messageAsObject).field).toEqual(['to']);
  });
});
