import type { Correction } from './openapi.ts';

/** A part of a document from which USPS deviates, with the evidence. */
export interface Deviation extends Correction {
  /** The sample that does not match the document, or the code of a workbook error that the document excludes. */
  readonly seen: string;
  readonly why: string;
}

const exact = 'addresses.address.exact-match.response.json';
const delivered = 'tracking.v3.detail.delivered-parcel-locker.response.json';
const moving = 'tracking.v3.detail.moving-through-network.response.json';
const accepted = 'tracking.v3.detail.accepted.response.json';
const maybe = (schema: object) => ({ ...schema, nullable: true });
const text = { type: 'string' };
const flagText = { type: 'string', enum: ['true', 'false'] };
const eventOf = (field: string) => `tracking#/components/schemas/TrackingEvent/properties/${field}`;
export const detailOf = (field: string) => `tracking#/components/schemas/TrackingDetails/properties/${field}`;
const empty = 'USPS includes fields without a value as null';
const asText = 'USPS sends booleans as text';
const wallTime = 'a local time without a zone is no RFC 3339 date-time';

/** Every deviation of the sandbox from the documents; otherwise it follows them. */
export const deviations: readonly Deviation[] = [
  ...(['addresses', 'payments', 'shipping-options', 'domestic-labels', 'tracking'] as const).map(
    (document) => ({
      at: `${document}#/components/schemas/ErrorMessage/properties/error/properties/errors/items/properties/source`,
      is: { oneOf: [text, { type: 'object' }] },
      seen: 'error.401.malformed-token.response.json',
      why: 'an error of the gateway has text as its source, in the envelope that all documents share',
    }),
  ),
  {
    at: 'addresses#/components/schemas/AddressResponse/properties/firm',
    is: maybe(text),
    seen: exact,
    why: empty,
  },
  ...['streetAddressAbbreviation', 'secondaryAddress', 'cityAbbreviation'].map((field) => ({
    at: `addresses#/components/schemas/Address/properties/${field}`,
    is: maybe(text),
    seen: exact,
    why: empty,
  })),
  {
    at: 'addresses#/components/schemas/DomesticAddress/allOf/1/properties/urbanization',
    is: maybe(text),
    seen: exact,
    why: empty,
  },
  {
    at: 'addresses#/components/schemas/AddressCorrections/items/properties/code',
    is: { type: 'string', pattern: '^(\\d{2})?$' },
    seen: exact,
    why: 'an address without corrections has one empty correction',
  },
  {
    at: 'domestic-labels#/components/schemas/LabelRequest/properties/packageDescription',
    is: {
      anyOf: [
        { $ref: '#/components/schemas/DomesticPackageDescription' },
        { $ref: '#/components/schemas/DomesticPackageDescriptionWithoutRateIndicator' },
      ],
    },
    seen: '160284',
    why: 'the gateway accepts both a rate indicator and a packaging, and the API rejects them',
  },
  {
    at: 'domestic-labels#/components/schemas/DomesticPackageDescription/allOf/1/required',
    is: null,
    seen: '160285',
    why: 'the gateway accepts neither a rate indicator nor a packaging, and the API rejects that',
  },
  ...['emailEnabled', 'kahalaIndicator', 'proofOfDeliveryEnabled', 'restoreEnabled', 'RREEnabled'].map(
    (field) => ({
      at: detailOf(field),
      is: flagText,
      seen: delivered,
      why: asText,
    }),
  ),
  { at: eventOf('authorizedAgent'), is: flagText, seen: delivered, why: asText },
  {
    at: detailOf('mailClass'),
    is: text,
    seen: delivered,
    why: 'the mail class is a display text with markup',
  },
  {
    at: 'tracking#/paths/~1tracking~1{trackingNumber}/get/responses/200/content/application~1json/schema',
    is: {
      anyOf: [
        { $ref: '#/components/schemas/TrackingSummary' },
        { $ref: '#/components/schemas/TrackingDetails' },
      ],
    },
    seen: 'the document',
    why: 'the details are open and have no required field, so that every summary matches both schemas',
  },
  { at: detailOf('mailType'), is: text, seen: delivered, why: 'the mail type is an abbreviation' },
  {
    at: detailOf('services'),
    is: { oneOf: [text, { type: 'array', items: text }] },
    seen: accepted,
    why: 'a single service is text instead of a list',
  },
  { at: detailOf('expectedDeliveryTimeStamp'), is: text, seen: moving, why: wallTime },
  { at: detailOf('mailPieceIntakeDate'), is: text, seen: delivered, why: wallTime },
  { at: eventOf('eventTimestamp'), is: text, seen: delivered, why: wallTime },
  ...['eventCountry', 'eventCity', 'eventState', 'eventZIP', 'firm', 'name'].map((field) => ({
    at: eventOf(field),
    is: maybe(text),
    seen: delivered,
    why: empty,
  })),
];

/** Closed parts of an `allOf`, which exclude the fields of the others. Printed requests have those fields (labels.international.postman.request.json). */
export const closedParts: readonly Correction[] = [
  'InternationalPackageDescription/allOf/1',
  'InternationalPackageOptions/allOf/1',
  'InternationalCustomsForm',
  'InternationalShippingContents',
].map((name) => ({ at: `international-labels#/components/schemas/${name}/additionalProperties`, is: null }));
