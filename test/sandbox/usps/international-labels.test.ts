import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { s10CheckDigit } from '../../../sandbox/usps/tracking/tracking-numbers.ts';
import {
  internationalRequest,
  customs,
  flat,
  openApiClient,
  labelRequest,
  uuid,
  type ApiClient,
} from './usps-api.ts';

const international = '/international-labels/v3/international-label';
const label = '/labels/v3/label';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const codeOf = async (path: string, body: unknown) => (await api.request('POST', path, body)).code;

describe('international labels', () => {
  test('are multipart responses with status 201, an S10 number and a PDF', async () => {
    const { status, body } = await api.request('POST', international, internationalRequest());
    expect(status).toBe(201);
    const metadata = body.labelMetadata;
    expect(metadata).toMatchObject({
      constructCode: 'I01',
      internationalPriceGroup: '01',
      dimensionalWeight: '0.0',
      weightUOM: 'lb',
      mailingDate: '2026-05-28',
    });
    const [, digits, check] = /^[A-Z]{2}(\d{8})(\d)US$/.exec(metadata.internationalTrackingNumber)!;
    expect(s10CheckDigit(digits!)).toBe(check);
    expect(metadata.SKU).toHaveLength(15);
    expect(Buffer.from(body.labelImage, 'base64').toString('latin1')).toMatch(/^%PDF-/);
  });

  test('print a firm that repeats the name of the sender once', async () => {
    const { fromAddress } = internationalRequest();
    const sender = { ...fromAddress, firstName: 'Sally', lastName: 'Sender', firm: 'Sally Sender' };
    const { body } = await api.request(
      'POST',
      international,
      internationalRequest({}, { fromAddress: sender, imageInfo: { imageType: 'ZPL203DPI' } }),
    );
    const zpl = Buffer.from(body.labelImage, 'base64').toString();
    expect(zpl.match(/SALLY SENDER/g)).toHaveLength(1);
  });

  test('and their reprints print postage and fees unless the request suppresses them', async () => {
    const printed = async (path: string, body: object, imageInfo: object = {}) => {
      const image = { imageInfo: { imageType: 'ZPL203DPI', ...imageInfo } };
      const response = await api.request('POST', path, { ...body, ...image });
      const zpl = Buffer.from(response.body.labelImage, 'base64').toString();
      const number = String(response.body.labelMetadata.internationalTrackingNumber);
      return { number, prices: zpl.match(/POSTAGE \$|RETURN RECEIPT \$/gi)?.length ?? 0 };
    };
    const body = internationalRequest({
      mailClass: 'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      extraServices: [955],
    });
    expect((await printed(international, body)).prices).toBe(2);
    const { number, prices } = await printed(international, body, { suppressPostage: true });
    expect(prices).toBe(0);
    const reprint = `/international-labels/v3/international-label-reprint/${number}`;
    expect((await printed(reprint, {})).prices).toBe(2);
    expect((await printed(reprint, {}, { suppressPostage: true })).prices).toBe(0);
  });

  test("have check digits as in the document's example", () => {
    expect(s10CheckDigit('00001216')).toBe('2');
  });

  test.each([
    'PRIORITY_MAIL_INTERNATIONAL',
    'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
    'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
  ])('of %s cost the quoted price', async (mailClass) => {
    const services = mailClass.startsWith('FIRST') ? [955] : [930, 955];
    const quoted = await api.request('POST', '/shipments/v3/options/search', {
      pricingOptions: [{ priceType: 'COMMERCIAL' }],
      originZIPCode: '63116',
      destinationCountryCode: 'CA',
      packageDescription: {
        mailClass,
        weight: 2,
        length: 10,
        width: 8,
        height: 4,
        extraServices: services,
        packageValue: 300,
      },
    });
    const offers = quoted.body.pricingOptions[0].shippingOptions[0].rateOptions;
    expect(offers.length).toBeGreaterThan(0);
    for (const { rates, totalPrice, totalBasePrice } of offers) {
      const { rateIndicator, processingCategory } = rates[0];
      const order = internationalRequest({
        mailClass,
        rateIndicator,
        processingCategory,
        extraServices: services,
        packageOptions: { packageValue: 300 },
      });
      const { body } = await api.request('POST', international, order, flat);
      expect([rateIndicator, body.postage]).toEqual([rateIndicator, totalBasePrice]);
      expect(api.usps.charges().at(-1)!.amount).toBe(totalPrice);
    }
  });

  test('fail with the codes of the error workbook', async () => {
    const at = (piece: object, more: object = {}) => codeOf(international, internationalRequest(piece, more));
    expect(await at({ mailingDate: '2026-05-27' })).toBe('160001');
    expect(await at({ weight: 71 })).toBe('160272');
    expect(await at({ weight: 67 })).toBe('160054');
    expect(await at({ weight: 1 })).toBe('160205');
    expect(await at({ extraServices: [930] })).toBe('160200');
    expect(await at({ packagingType: 'VARIABLE' })).toBe('160287');
    expect(await at({ rateIndicator: 'E4' })).toBe('030002');
    const { toAddress } = internationalRequest();
    expect(await at({}, { toAddress: { ...toAddress, postalCode: '12345' } })).toBe('160197');
    expect(await at({}, { toAddress: { ...toAddress, countryISOAlpha2Code: 'US' } })).toBe('030013');
    expect(await at({}, { customsForm: customs({}, { itemDescription: 'Gift' }) })).toBe('160050');
    expect(await at({}, { customsForm: customs({}, { countryofOrigin: 'XX' }) })).toBe('160253');
    expect(await at({}, { customsForm: customs({}, { itemTotalWeight: undefined }) })).toBe('160198');
  });

  test('that do not match the document fail with a gateway error without items', async () => {
    const { packageDescription: _, ...rest } = internationalRequest();
    const { body } = await api.request('POST', international, rest);
    expect(body).toEqual({
      apiVersion: '/international-labels/v3/',
      error: {
        code: '400',
        message:
          'OASValidation OpenAPI-Spec-Validation-International-Labels with resource oas://international-labels-v3.yaml: failed with reason: [ERROR - Object has missing required properties ([packageDescription]): []]',
        errors: [],
      },
    });
    expect(
      await codeOf(international, internationalRequest({}, { imageInfo: { imageType: 'PNG' } })),
    ).toContain('"PNG"');
  });

  test('are bought once for an idempotency key, can be canceled, and are not refunded once manifested', async () => {
    const keyed = { ...flat, 'x-idempotency-key': uuid(1) };
    const [one, two] = await Promise.all(
      [1, 2].map(() => api.request('POST', international, internationalRequest(), keyed)),
    );
    expect(one!.body).toEqual(two!.body);
    const { status } = await api.request('POST', label, labelRequest(), keyed);
    expect(status).toBe(400);
    const number = one!.body.internationalTrackingNumber;
    expect((await api.request('DELETE', `${label}/${number}`)).code).toBe('160185');
    const { body } = await api.request('DELETE', international, undefined, { 'x-idempotency-key': uuid(1) });
    expect(body).toEqual({ trackingNumber: number, status: 'CANCELED' });
    expect((await api.request('DELETE', `${international}/${number}`)).code).toBe('160186');

    const own = await openApiClient();
    const immediate = internationalRequest({ packageOptions: { immediateManifest: true } });
    const other = (await own.request('POST', international, immediate, flat)).body
      .internationalTrackingNumber;
    own.clock.advance(16 * 60_000);
    expect((await own.request('DELETE', `${international}/${other}`)).code).toBe('160277');
    await own.usps.close();
  });

  test('can be tracked', async () => {
    const { body } = await api.request('POST', international, internationalRequest(), flat);
    const number = body.internationalTrackingNumber;
    const detail = await api.request('GET', `/tracking/v3/tracking/${number}?expand=DETAIL`);
    expect(detail.body).toMatchObject({
      trackingNumber: number,
      destinationCity: 'OTTAWA',
      destinationCountryCode: 'CA',
      statusCategory: 'Pre-Shipment',
    });
  });
});
