import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  internationalRequest,
  returnRequest,
  customs,
  flat,
  openApiClient,
  labelRequest,
  recipient,
  shipper,
  type ApiClient,
} from '../sandbox/usps/usps-api.ts';
import { uspsSandboxClient as client } from '../../sandbox/usps/index.ts';
import { openJudge, type Correction, type Operation } from './openapi.ts';
import { describeContract } from './shared.ts';

const documents = ['domestic-labels', 'international-labels', 'scan-forms', 'carrier-pickup', 'locations', 'domestic-prices', 'international-prices'] as const; // prettier-ignore
const text = { type: 'string' };
const maybe = (schema: object) => ({ ...schema, nullable: true });
const address = { type: 'object' };

/** The deviations of the sandbox from the documents, in document mode too. */
const corrections: readonly Correction[] = [
  // Gateway errors have text as their source, in the envelope that all documents share.
  ...documents.map((document) => ({
    at:
      document === 'carrier-pickup'
        ? 'carrier-pickup#/components/schemas/ErrorMessage_error_source'
        : `${document}#/components/schemas/ErrorMessage/properties/error/properties/errors/items/properties/source`,
    is: { oneOf: [text, { type: 'object' }] },
  })),
  // Both kinds of contact are open without required fields, so that every contact matches both.
  {
    at: 'carrier-pickup#/components/schemas/NotificationMethod',
    is: { type: 'object', properties: { email: { type: 'string' }, cellNumber: { type: 'string' } } },
  },
  // This document defines its error responses separately, where the judge does not read them.
  ...['', '/{trackingNumber}'].flatMap((tail) =>
    ['400', '401'].map((status) => ({
      at: `international-labels#/paths/~1international-label${tail.replace('/', '~1')}/${tail === '' ? 'post' : 'delete'}/responses/${status}`,
      is: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorMessage' } } } },
    })),
  ),
  {
    at: 'international-labels#/paths/~1international-label/delete/responses/400',
    is: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorMessage' } } } },
  },
  // Closed beside an `allOf`, which excludes all fields of the `allOf`.
  ...['InternationalCustomsForm'].map((name) => ({
    at: `international-labels#/components/schemas/${name}/additionalProperties`,
    is: null,
  })),
  { at: 'carrier-pickup#/components/schemas/PickupAddress/additionalProperties', is: null },
  // An eligibility request has no person, and its response has nulls for one.
  {
    at: 'carrier-pickup#/paths/~1carrier-pickup~1eligibility/get/responses/200/content/application~1json/schema',
    is: { type: 'object', required: ['pickupAddress'], properties: { pickupAddress: address } },
  },
  // The closed part of a total-rates request excludes the fields of the open one.
  { at: 'domestic-prices#/components/schemas/RateListQuery/additionalProperties', is: null },
  {
    at: 'international-prices#/components/schemas/InternationalRateListQuery/additionalProperties',
    is: null,
  },
  // Recorded: `ZIPPlus4` may be null.
  {
    at: 'domestic-labels#/components/schemas/DomesticAddress/allOf/1/properties/ZIPPlus4',
    is: maybe(text),
  },
];

interface Asked extends Omit<Operation, 'method'> {
  readonly method: 'get' | 'post' | 'delete' | 'put';
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

describeContract('responses of the emulated USPS in document mode', () => {
  let api: ApiClient;
  beforeAll(async () => void (api = await openApiClient({ documentMode: true })));
  afterAll(() => api.usps.close());

  const judge = openJudge(corrections);
  const judged = async (asked: Asked) => {
    const { status, headers, body } = await api.request(
      asked.method.toUpperCase(),
      asked.url,
      asked.body,
      asked.headers,
    );
    const type = (headers.get('content-type') ?? '').split(';', 1)[0]!;
    const faults = judge.response(asked as Operation, status, body, type);
    expect(faults ?? [`${asked.method} ${asked.url} ${status} ${type} is not in the document`]).toEqual([]);
    return { status, headers, body };
  };
  const operation = (document: string, base: string) => ({
    post: (path: string, body: unknown, headers?: Record<string, string>, tail = '') =>
      judged({ document, method: 'post', path, url: `${base}${tail || path}`, body, headers: headers ?? {} }),
    get: (path: string, query: Record<string, string> = {}, tail = '') =>
      judged({ document, method: 'get', path, url: `${base}${tail || path}?${new URLSearchParams(query)}` }),
    put: (path: string, tail: string, body: unknown, headers: Record<string, string>) =>
      judged({ document, method: 'put', path, url: `${base}${tail}`, body, headers }),
    delete: (path: string, tail: string, headers: Record<string, string> = {}) =>
      judged({ document, method: 'delete', path, url: `${base}${tail}`, headers }),
  });

  test('match the document of international labels', async () => {
    const labels = operation('international-labels', '/international-labels/v3');
    const path = '/international-label';
    const bought = await labels.post(path, internationalRequest());
    expect(bought.status).toBe(201);
    const one = await labels.post(
      path,
      internationalRequest({ extraServices: [930], packageOptions: { packageValue: 300 } }),
      flat,
    );
    await labels.post(path, internationalRequest({}, { imageInfo: { imageType: 'ZPL203DPI' } }));
    const number = String((one.body as { internationalTrackingNumber: string }).internationalTrackingNumber);
    await labels.post(
      '/international-label-reprint/{trackingNumber}',
      {},
      {},
      `/international-label-reprint/${number}`,
    );
    await labels.post(
      '/international-label-reprint/{trackingNumber}',
      {},
      flat,
      `/international-label-reprint/${number}`,
    );
    for (const body of [
      internationalRequest({ weight: 100 }),
      internationalRequest({ mailClass: 'NONE' }),
      { ...internationalRequest(), more: 1 },
    ])
      expect((await labels.post(path, body)).status).toBe(400);
    await labels.delete(`${path}/{trackingNumber}`, `${path}/${number}`);
    await labels.delete(`${path}/{trackingNumber}`, `${path}/${number}`);
    await labels.delete(path, path);
    expect((await labels.post(path, internationalRequest(), { authorization: '' })).status).toBe(401);
  });

  test('match the document of return labels, reprints and customs forms', async () => {
    const labels = operation('domestic-labels', '/labels/v3');
    const apo = { ...recipient, streetAddress: 'PSC 802 Box 74', secondaryAddress: undefined, city: 'APO', state: 'AE', ZIPCode: '09499' }; // prettier-ignore
    await labels.post('/label', labelRequest({}, { toAddress: apo, customsForm: customs() }));
    await labels.post('/label', labelRequest({}, { toAddress: apo }));
    await labels.post('/return-label', returnRequest());
    await labels.post('/return-label', returnRequest({ mailClass: 'PRIORITY_MAIL' }));
    const { body } = await labels.post('/return-label', returnRequest(), flat);
    const { trackingNumber } = body as { trackingNumber: string };
    const path = '/label-reprint/{trackingNumber}';
    for (const headers of [{}, flat, {}, {}])
      await labels.post(
        path,
        { imageInfo: { imageType: 'PNG' } },
        headers,
        `/label-reprint/${trackingNumber}`,
      );
    await labels.post('/label-reprint', {});
  });

  test('match the document of SCAN forms', async () => {
    const forms = operation('scan-forms', '/scan-forms/v3');
    const buy = async () =>
      (
        (await api.request('POST', '/labels/v3/label', labelRequest(), flat)).body as {
          trackingNumber: string;
        }
      ).trackingNumber;
    const form = (shipment: object) => ({
      mailingDate: '2026-05-28',
      entryFacilityZIPCode: '63116',
      destinationEntryFacilityType: 'NONE',
      shipment,
      fromAddress: shipper,
    });
    const numbers = [await buy(), await buy()];
    expect(
      judge.body({ document: 'scan-forms', method: 'post', path: '/scan-form' }, form({ MID: client.mid })),
    ).toEqual([]);
    await forms.post('/scan-form', form({ trackingNumbers: numbers }));
    await forms.post('/scan-form', form({ trackingNumbers: numbers }));
    await buy();
    await forms.post('/scan-form', form({ MID: client.mid }), flat);
    expect((await forms.post('/scan-form', form({ MID: '1' }))).status).toBe(400);
  });

  test('match the document of carrier pickups', async () => {
    const pickups = operation('carrier-pickup', '/pickup/v3');
    const path = '/carrier-pickup';
    const one = `${path}/{confirmationNumber}`;
    const order = {
      pickupDate: '2026-05-29',
      pickupAddress: {
        firstName: 'John',
        lastName: 'Smith',
        address: { streetAddress: '10 Elm St', city: 'Saint Louis', state: 'MO', ZIPCode: '63116' },
        contact: [{ email: 'john@firm.com' }],
      },
      packages: [{ packageType: 'PRIORITY_MAIL', packageCount: 2 }],
      estimatedWeight: 5,
      pickupLocation: { packageLocation: 'FRONT_DOOR' },
    };
    expect(judge.body({ document: 'carrier-pickup', method: 'post', path }, order)).toEqual([]);
    await pickups.get(`${path}/eligibility`, { streetAddress: '10 Elm St', state: 'mo', ZIPCode: '63116' });
    const booked = await pickups.post(path, order);
    await pickups.post(path, order);
    await pickups.post(path, { ...order, more: 1 });
    const tail = `${path}/${(booked.body as { confirmationNumber: string }).confirmationNumber}`;
    const read = await pickups.get(one, {}, tail);
    const tag = read.headers.get('etag')!;
    const changed = await pickups.put(
      one,
      tail,
      { carrierPickupRequest: { ...order, estimatedWeight: 7 } },
      { 'if-match': tag },
    );
    expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false]);
    await pickups.delete(one, tail);
    const gone = await api.request('DELETE', `/pickup/v3${tail}`, undefined, {
      'if-match': changed.headers.get('etag')!,
    });
    expect(gone.status).toBe(200);
    await pickups.get(one, {}, tail);
  });

  test('match the document of locations', async () => {
    const locations = operation('locations', '/locations/v3');
    for (const query of [
      { ZIPCode: '10018' },
      { LAT: '38.4', LONG: '-121.4' },
      { city: 'Chicago' },
      { zip: '1' },
    ] as Record<string, string>[])
      await locations.get('/post-office-locations', query);
    for (const query of [{ destinationZIPCode: '30343' }, { destinationZIPCode: '1' }])
      await locations.get('/dropoff-locations', query);
  });

  test('match the documents of prices', async () => {
    const measures = { weight: 2, length: 10, width: 8, height: 4 };
    const places = { originZIPCode: '60601', destinationZIPCode: '94105' };
    const ingredients = { processingCategory: 'MACHINABLE', rateIndicator: 'SP', destinationEntryFacilityType: 'NONE', priceType: 'RETAIL' }; // prettier-ignore
    const home = operation('domestic-prices', '/prices/v3');
    const parcel = { ...measures, ...places, mailClass: 'PRIORITY_MAIL' };
    await home.post('/base-rates/search', { ...parcel, ...ingredients });
    await home.post('/base-rates/search', { ...parcel, ...ingredients, rateIndicator: 'CP' });
    await home.post('/base-rates-list/search', parcel);
    await home.post('/base-rates-list/search', {
      ...parcel,
      accountType: 'EPS',
      accountNumber: client.accountNumber,
    });
    await home.post('/total-rates/search', { ...parcel, extraServices: [930, 921], itemValue: 300 });
    await home.post('/total-rates/search', { ...parcel, mailClass: 'ALL' });
    await home.post('/extra-service-rates/search', {
      extraServices: [415],
      mailClass: 'PARCEL_SELECT',
      priceType: 'RETAIL',
    });
    await home.post('/extra-service-rates/search', { mailClass: 'PARCEL_SELECT' });

    const far = operation('international-prices', '/international-prices/v3');
    const abroadParcel = {
      ...measures,
      originZIPCode: '60601',
      destinationCountryCode: 'CA',
      mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
    };
    await far.post('/base-rates/search', { ...abroadParcel, ...ingredients });
    await far.post('/base-rates-list/search', abroadParcel);
    await far.post('/total-rates/search', { ...abroadParcel, extraServices: [930], itemValue: 300 });
    const { originZIPCode: _, length: __, width: ___, height: ____, ...extra } = abroadParcel;
    await far.post('/extra-service-rates/search', {
      ...extra,
      priceType: 'RETAIL',
      rateIndicator: 'SP',
      extraServices: [955],
    });
    await far.post('/extra-service-rates/search', extra);
  });
});
