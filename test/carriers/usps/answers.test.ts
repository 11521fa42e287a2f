import { describe, expect, it } from 'vitest';

import { receiver } from '../../support/test-server.ts';
import { jsonResponse } from '../../support/intercept.ts';
import type { HttpResponse } from '../../../src/transport/http.ts';
import { call, labelRequestFor, openForTest, rateRequest, type UspsSubject } from './support.ts';

/**
 * Answers as the live USPS gives them, whole, with the fields that nobody reads: the shapes of its recordings, with values
 * of our own. They hold the adapter to what USPS says, where the emulated USPS may share a misunderstanding with it.
 */
type Answer = readonly [title: string, path: RegExp, answer: HttpResponse, ask: Ask, expected: unknown];
type Ask = (subject: UspsSubject) => Promise<unknown>;

const trackingNumber = '9205590100000000000011';
const track: Ask = ({ adapter }) => adapter.track!([{ trackingNumber }], call);
const verify: Ask = ({ adapter }) => adapter.verify!([receiver], call);
const quote: Ask = ({ adapter }) => adapter.quote!([rateRequest], call);
const buy: Ask = async (subject) => {
  const [prepared] = await subject.adapter.labels!.prepare(await labelRequestFor(subject), call);
  return subject.adapter.labels!.buy(prepared!, call);
};
const voidLabel: Ask = ({ adapter }) => {
  const prepared = { attemptId: 'a', request: { body: '{}' } };
  return adapter.labels!.void!({ trackingNumber, prepared }, call);
};

const trackingDetail = {
  destinationCity: 'MADISON',
  destinationState: 'WI',
  destinationZIP: '53703',
  emailEnabled: 'true',
  kahalaIndicator: 'false',
  mailClass: 'Ground Advantage<SUP>&reg;</SUP>',
  mailType: 'DM',
  originCity: 'TULSA',
  originState: 'OK',
  originZIP: '74103',
  proofOfDeliveryEnabled: 'false',
  services: 'USPS Tracking<SUP>&#174;</SUP>',
  serviceTypeCode: '346',
  status: 'USPS in possession of item',
  statusCategory: 'Accepted',
  statusSummary: 'USPS is now in possession of your item as of 9:12 am on April 3, 2024 in TULSA, OK 74103.',
  trackingEvents: [
    {
      eventType: 'USPS in possession of item',
      eventTimestamp: '2024-04-03T09:12:00Z',
      eventCountry: null,
      eventCity: 'TULSA',
      eventState: 'OK',
      eventZIP: '74103',
      firm: null,
      name: null,
      authorizedAgent: 'false',
      eventCode: '03',
      additionalProp: null,
    },
  ],
  trackingNumber,
};

const address = {
  firm: null,
  address: {
    streetAddress: '388 TOWNSEND ST',
    streetAddressAbbreviation: null,
    secondaryAddress: 'APT 20',
    city: 'SAN FRANCISCO',
    cityAbbreviation: null,
    state: 'CA',
    postalCode: null,
    province: null,
    ZIPCode: '94107',
    ZIPPlus4: '5701',
    urbanization: null,
    country: null,
    countryISOCode: null,
  },
  additionalInfo: {
    deliveryPoint: '70',
    carrierRoute: 'C010',
    DPVConfirmation: 'Y',
    DPVCMRA: 'N',
    business: 'N',
    centralDeliveryPoint: 'N',
    vacant: 'N',
  },
  corrections: [{ code: '', text: '' }],
  matches: [{ code: '31', text: 'Single Response - exact match' }],
};

const shippingOptions = {
  originZIPCode: '20260',
  destinationZIPCode: '94107',
  pricingOptions: [
    {
      shippingOptions: [
        {
          mailClass: 'PRIORITY_MAIL',
          rateOptions: [
            {
              commitment: { name: '3 Days', scheduleDeliveryDate: '2026-11-21', guaranteedDelivery: false },
              totalPrice: 12.34,
              totalBasePrice: 12.34,
              rates: [
                {
                  description: 'Priority Mail Machinable Single-piece',
                  startDate: '2026-07-12',
                  endDate: '',
                  price: 12.34,
                  zone: '08',
                  weight: 1.25,
                  dimensionalWeight: 0,
                  dimWeight: 0,
                  fees: [],
                  priceType: 'COMMERCIAL',
                  mailClass: 'PRIORITY_MAIL',
                  productName: '',
                  productDefinition: '',
                  processingCategory: 'MACHINABLE',
                  rateIndicator: 'SP',
                  destinationEntryFacilityType: 'NONE',
                  SKU: 'DPXX0XXXXC08020',
                },
              ],
              extraServices: [
                {
                  name: 'USPS Tracking',
                  price: 0,
                  extraService: '920',
                  priceType: 'COMMERCIAL',
                  warnings: [],
                  SKU: 'DXTP0EXXXCX0000',
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const labelMetadata = {
  labelAddress: { streetAddress: '388 Townsend St', secondaryAddress: 'Apt 20', city: 'San Francisco', state: 'CA', ZIPCode: '94107', firstName: 'Rita', ignoreBadAddress: true },
  routingInformation: '42094107',
  trackingNumber,
  postage: 12.34,
  extraServices: [{ name: 'USPS Tracking', price: 0.0, SKU: 'DXTP0EXXXCX0000' }, { name: 'Insurance', price: 2.8, SKU: 'DXIX0XXXXCX0200' }],
  zone: '08',
  commitment: { name: '3 Days', scheduleDeliveryDate: '2026-11-21' },
  weightUOM: 'LB',
  weight: 1.25,
  dimensionalWeight: 0.0,
  fees: [],
  bannerText: 'USPS TRACKING # USPS Ship',
  retailDistributionCode: '01',
  serviceTypeCode: '055',
  constructCode: 'C02',
  SKU: 'DPXX0XXXXC08020',
}; // prettier-ignore

/** The image is Base64, which no header says. */
const labelMessage = (newline: string): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'multipart/form-data; boundary=a1-Bc2' },
  body: Buffer.from(
    [
      '--a1-Bc2',
      'Content-Type: application/json',
      'Content-Disposition: form-data; name="labelMetadata"',
      '',
      JSON.stringify(labelMetadata),
      '--a1-Bc2',
      'Content-Type: application/pdf',
      'Content-Disposition: form-data; filename="labelImage.pdf"; name="labelImage"',
      '',
      Buffer.from('%PDF-1.4 of ours').toString('base64'),
      '--a1-Bc2--',
      '',
    ].join(newline),
  ),
});
const dollars = (amount: string) => ({ amount, currencyCode: 'USD' });
const boughtLabel = [
  {
    trackingNumber,
    price: dollars('15.14'),
    quotedAmount: dollars('15.14'),
    charges: [
      { name: 'Postage', amount: dollars('12.34') },
      { name: 'Insurance', amount: dollars('2.80') },
    ],
    label: { format: 'PDF', data: Buffer.from('%PDF-1.4 of ours') },
  },
];

const refusal = (status: number, message: string, errors: readonly object[] = [], headers = {}) =>
  jsonResponse(
    { apiVersion: '/tracking/v3', error: { code: String(status), message, errors } },
    { status, headers },
  );
const accessToken = (title: string, detail: string) => [{ title, detail, source: 'Access Token' }];

const answers: readonly Answer[] = [
  ['a parcel that was accepted', /\/tracking\/v3\//, jsonResponse(trackingDetail), track, [
    {
      status: 'ACCEPTED',
      statusText: 'USPS in possession of item',
      events: [{ status: 'ACCEPTED', description: 'USPS in possession of item', carrierCode: '03', location: { city: 'TULSA', state: 'OK', postalCode: '74103' } }],
    },
  ]],
  ['an address that matches exactly', /\/addresses\/v3\/address$/, jsonResponse(address), verify, [
    { status: 'VERIFIED', address: { street1: '388 TOWNSEND ST', street2: 'APT 20', city: 'SAN FRANCISCO', state: 'CA', postalCode: '94107-5701' } },
  ]],
  ['prices of a service', /\/options\/search$/, jsonResponse(shippingOptions), quote, [
    { offers: [{ carrier: 'USPS', service: { code: 'PRIORITY_MAIL' }, price: dollars('12.34'), estimatedDays: 3, estimatedDeliveryDate: '2026-11-21', zone: '08' }], failures: [] },
  ]],
  ['a label as a MIME message', /\/labels\/v3\/label$/, labelMessage('\r\n'), buy, boughtLabel],
  ['a label as a MIME message with line feeds alone', /\/labels\/v3\/label$/, labelMessage('\n'), buy, boughtLabel],
  ['a label as one JSON document', /\/labels\/v3\/label$/, jsonResponse({ ...labelMetadata, labelImage: Buffer.from('%PDF-1.4 of ours').toString('base64'), receiptImage: null }), buy, boughtLabel],
  ['a label that was cancelled', /\/labels\/v3\/label\//, jsonResponse({ trackingNumber, status: 'CANCELED' }), voidLabel, { status: 'REFUNDED', voided: true }],
  ['a label whose refund was requested', /\/labels\/v3\/label\//, jsonResponse({ trackingNumber, status: 'DISPUTED', disputeId: 70_001 }), voidLabel, { status: 'REQUESTED', voided: false, reference: '70001' }],
  ['a token that lacks the scope', /\/tracking\/v3\//, refusal(401, 'Insufficient OAuth scope.', accessToken('invalid_oauth_scope', 'The OAuth scope is invalid, missing or insufficient to access resource.')), track, [
    { code: 'SCOPE_MISSING', retryable: false },
  ]],
  ['an app without the API product', /\/tracking\/v3\//, refusal(401, 'The client application identifier is invalid.'), track, [
    { code: 'SCOPE_MISSING', retryable: false },
  ]],
  ['a token that is refused again', /\/tracking\/v3\//, refusal(401, 'Missing or malformed access token.', accessToken('invalid_token', 'The access token presented with the request is missing or malformed (not a JWT).')), track, [
    { code: 'CREDENTIALS_REJECTED', retryable: false },
  ]],
  ['too many calls', /\/tracking\/v3\//, refusal(429, 'Too many requests have been received in a short amount of time.', [], { 'retry-after': '120' }), track, [
    { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 120 },
  ]],
]; // prettier-ignore

describe('USPS answers', () => {
  it.each(answers)('%s', async (_, path, answer, ask, expected) => {
    const subject = await openForTest({ options: { tracking: 'v3' } });
    subject.intercept(path, async () => answer);
    expect(await ask(subject)).toMatchObject(expected as object);
  });
});
