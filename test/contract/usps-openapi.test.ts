import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { openStore } from '../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient as client,
  uspsSandboxNumbers as numbers,
  uspsTrackingNumber,
  type UspsClient,
  type UspsSandbox,
} from '../../sandbox/usps/index.ts';
import type { LabelRequest, PreparedRequest } from '../../src/carriers/adapter.ts';
import { addressErrors, normalizeAddress, type Address } from '../../src/domain/address.ts';
import { customsErrors, type Customs } from '../../src/domain/customs.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { Offer, RateRequest } from '../../src/domain/rate.ts';
import type { Request } from '../../src/transport/http.ts';
import { openJudge, type Correction, type Judge, type Operation } from './openapi.ts';
import {
  call,
  contractClock,
  describeContract,
  good,
  openUsps,
  readContract,
  startReplay,
  type Loose,
  type Opened,
  type TestClock,
} from './shared.ts';

/** A place where the document is not what USPS does, with what shows it. */
interface Deviation extends Correction {
  /** The sample that the document refuses there, or the row of the error workbook that it leaves no way to. */
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
const detailOf = (field: string) => `tracking#/components/schemas/TrackingDetails/properties/${field}`;
const empty = 'USPS prints the fields that it has nothing for, as nulls';
const asText = 'USPS prints booleans as text';
const wallTime = 'a wall-clock time without a zone is no date-time of RFC 3339';

/** All that the sandbox answers or takes otherwise than the documents say. Everywhere else it obeys them. */
const deviations: readonly Deviation[] = [
  ...(['addresses', 'payments', 'shipping-options', 'domestic-labels', 'tracking'] as const).map(
    (document) => ({
      at: `${document}#/components/schemas/ErrorMessage/properties/error/properties/errors/items/properties/source`,
      is: { oneOf: [text, { type: 'object' }] },
      seen: 'error.401.malformed-token.response.json',
      why: 'what the gateway refuses names its source by a word, in the one envelope that all documents share',
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
    why: 'an address with nothing to correct has one correction with nothing in it',
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
    why: 'both a rate indicator and a packaging get past the gateway, and are refused behind it',
  },
  {
    at: 'domestic-labels#/components/schemas/DomesticPackageDescription/allOf/1/required',
    is: null,
    seen: '160285',
    why: 'neither a rate indicator nor a packaging gets past the gateway too',
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
    why: 'its details are open and ask for nothing, so that no summary could ever fit exactly one of the two',
  },
  { at: detailOf('mailType'), is: text, seen: delivered, why: 'the mail type is an abbreviation' },
  {
    at: detailOf('services'),
    is: { oneOf: [text, { type: 'array', items: text }] },
    seen: accepted,
    why: 'a single service is not in a list',
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

/** Parts that are closed beside others, whose fields every printed request has (labels.international.postman.request.json). */
const closedBesides: readonly Correction[] = [
  'InternationalPackageDescription/allOf/1',
  'InternationalPackageOptions/allOf/1',
  'InternationalCustomsForm',
  'InternationalShippingContents',
].map((name) => ({ at: `international-labels#/components/schemas/${name}/additionalProperties`, is: null }));

interface Known extends Operation {
  /** Below the base URL; a number stands for the document's parameter. */
  readonly url: string;
}

const operations = {
  address: { document: 'addresses', method: 'get', path: '/address', url: '/addresses/v3/address' },
  zipCode: { document: 'addresses', method: 'get', path: '/zipcode', url: '/addresses/v3/zipcode' },
  cityState: { document: 'addresses', method: 'get', path: '/city-state', url: '/addresses/v3/city-state' },
  options: {
    document: 'shipping-options',
    method: 'post',
    path: '/options/search',
    url: '/shipments/v3/options/search',
  },
  authorise: {
    document: 'payments',
    method: 'post',
    path: '/payment-authorization',
    url: '/payments/v3/payment-authorization',
  },
  account: {
    document: 'payments',
    method: 'get',
    path: '/payment-account/{account-number}',
    url: '/payments/v3/payment-account/',
  },
  label: { document: 'domestic-labels', method: 'post', path: '/label', url: '/labels/v3/label' },
  cancel: {
    document: 'domestic-labels',
    method: 'delete',
    path: '/label/{trackingNumber}',
    url: '/labels/v3/label/',
  },
  cancelByKey: { document: 'domestic-labels', method: 'delete', path: '/label', url: '/labels/v3/label' },
  track: {
    document: 'tracking',
    method: 'get',
    path: '/tracking/{trackingNumber}',
    url: '/tracking/v3/tracking/',
  },
  returnLabel: {
    document: 'domestic-labels',
    method: 'post',
    path: '/return-label',
    url: '/labels/v3/return-label',
  },
  internationalLabel: {
    document: 'international-labels',
    method: 'post',
    path: '/international-label',
    url: '/international-labels/v3/international-label',
  },
} as const satisfies Record<string, Known>;

const today = '2026-11-18';

/** Whom and what a label is for, as USPS says it. */
const recipient = {
  firstName: 'Joe',
  lastName: 'Doe',
  streetAddress: '1100 Wyoming St',
  secondaryAddress: 'Ste 150',
  city: 'Saint Louis',
  state: 'MO',
  ZIPCode: '63118',
};
const shipper = { firm: 'Acme', streetAddress: '4120 Bingham Ave', city: 'Saint Louis', state: 'MO', ZIPCode: '63116' }; // prettier-ignore
const piece = {
  mailClass: 'USPS_GROUND_ADVANTAGE',
  processingCategory: 'MACHINABLE',
  rateIndicator: 'SP',
  destinationEntryFacilityType: 'NONE',
  mailingDate: today,
  weight: 2,
  length: 10,
  width: 8,
  height: 4,
};
const labelBody = (image: object = {}, more: object = {}) => ({
  imageInfo: { imageType: 'PDF', receiptOption: 'NONE', ...image },
  toAddress: recipient,
  fromAddress: shipper,
  packageDescription: { ...piece, ...more },
});
const optionsBody = (more: object = {}, description: object = {}) => ({
  pricingOptions: [{ priceType: 'COMMERCIAL' }, { priceType: 'RETAIL' }],
  originZIPCode: '60601',
  destinationZIPCode: '94105',
  packageDescription: {
    weight: 2,
    length: 10,
    width: 8,
    height: 4,
    mailClass: 'ALL_OUTBOUND',
    ...description,
  },
  ...more,
});
const rolesBody = (payer: object = {}, owner: object = {}) => {
  const who = { CRID: client.crid, MID: client.mid, manifestMID: client.manifestMid };
  return {
    roles: [
      { roleName: 'PAYER', ...who, accountType: 'EPS', accountNumber: client.accountNumber, ...payer },
      { roleName: 'LABEL_OWNER', ...who, ...owner },
    ],
  };
};

/** A client of the emulated USPS that shows both tokens. */
interface Visitor {
  readonly usps: UspsSandbox;
  readonly clock: TestClock;
  ask(operation: Known, ask?: Question): Promise<Answered>;
  close(): Promise<void>;
}

interface Question {
  /** What stands at the end of the path. */
  readonly of?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

interface Answered {
  readonly operation: Known;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

let signingKey: object | undefined;

async function visit(options: Partial<Parameters<typeof startUsps>[0]> = {}): Promise<Visitor> {
  const clock = contractClock();
  const store = openStore();
  // One signing key for all: making one takes longer than everything else.
  if (signingKey !== undefined) store.put('usps.key', 'signing', signingKey);
  const usps = await startUsps({ clock, store, quota: 1_000_000, ...options });
  signingKey ??= store.get<object>('usps.key', 'signing');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  });
  const token = (await (
    await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body: form })
  ).json()) as {
    access_token: string;
  };
  const tokens: Record<string, string> = { authorization: `Bearer ${token.access_token}` };
  const ask = async (operation: Known, { of = '', query, body, headers }: Question = {}) => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
    const response = await fetch(usps.url + operation.url + of + search, {
      method: operation.method.toUpperCase(),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...tokens,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return read(operation, response);
  };
  const { body } = await ask(operations.authorise, { body: rolesBody() });
  tokens['x-payment-authorization-token'] = (body as { paymentAuthorizationToken?: string }).paymentAuthorizationToken ?? 'none'; // prettier-ignore
  return { usps, clock, ask, close: () => usps.close() };
}

/** The body as the document sees it: the parts of a message are the properties of an object. */
async function read(operation: Known, response: Response): Promise<Answered> {
  const type = response.headers.get('content-type') ?? '';
  const contentType = type.split(';', 1)[0]!;
  const raw = await response.text();
  if (contentType !== 'multipart/form-data') {
    return {
      operation,
      status: response.status,
      contentType,
      body: contentType.includes('json') ? JSON.parse(raw) : raw,
    };
  }
  const { attachments } = await PostalMime.parse(`content-type: ${type}\r\n\r\n${raw}`, {
    forceRfc822Attachments: true,
  });
  const parts = attachments.map(({ content, mimeType }, index) => {
    const part = Buffer.from(content as ArrayBuffer).toString();
    const name = [...raw.matchAll(/; name="(\w+)"/g)][index]![1]!;
    return [name, mimeType === 'application/json' ? JSON.parse(part) : part.trim()] as const;
  });
  return { operation, status: response.status, contentType, body: Object.fromEntries(parts) };
}

/** Every answer that the emulated USPS has, or nearly. */
async function answersOf(documentMode: boolean): Promise<Answered[]> {
  const answers: Answered[] = [];
  const visitor = await visit({ documentMode });
  const { usps, clock } = visitor;
  const ask = async (operation: Known, question?: Question) => {
    const answer = await visitor.ask(operation, question);
    answers.push(answer);
    return answer;
  };
  const key = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

  const known = { streetAddress: '388 Townsend St', city: 'San Francisco', state: 'CA' };
  for (const query of [
    { ...known, secondaryAddress: 'Apt 20', ZIPCode: '94107', ZIPPlus4: '1670' },
    { ...known, firm: 'Acme' },
    { ...known, secondaryAddress: 'Apt 99' },
    { streetAddress: '3325 Main St', city: 'Mammoth Lakes', state: 'CA' },
    { streetAddress: '100 Main St', city: 'Springfield', state: 'IL' },
    { streetAddress: '200 Main St', city: 'Springfield', state: 'IL' },
    { streetAddress: '90001 Elm St', city: 'Chicago', state: 'IL', ZIPCode: '60601' },
    {
      streetAddress: '12 Calle Luna',
      urbanization: 'Las Gladiolas',
      city: 'San Juan',
      state: 'PR',
      ZIPCode: '00926',
    },
    { streetAddress: '1 Nowhere St', city: 'Chicago', state: 'IL' },
    { streetAddress: 'Elm St', city: 'Chicago', state: 'IL' },
    { streetAddress: '1 Elm St', city: 'Atlantis', state: 'IL' },
    { streetAddress: '1 Elm St', state: 'IL' },
    { streetAddress: '1 Elm St', city: 'Chicago', state: 'il' },
    { city: 'Chicago', state: 'IL' },
    { ...known, secondarayAddress: 'Apt 20' },
  ]) {
    await ask(operations.address, { query: query as Record<string, string> });
    await ask(operations.zipCode, { query: query as Record<string, string> });
  }
  for (const ZIPCode of ['30022', '94107', '00926', '00000', '9410'])
    await ask(operations.cityState, { query: { ZIPCode } });

  const classes = ['PARCEL_SELECT', 'USPS_CONNECT_LOCAL', 'USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL_EXPRESS', 'PRIORITY_MAIL', 'LIBRARY_MAIL', 'MEDIA_MAIL', 'BOUND_PRINTED_MATTER', 'ALL', 'ALL_RETURNS', 'PARCEL_SELECT_LIGHTWEIGHT', 'FIRST-CLASS_PACKAGE_SERVICE']; // prettier-ignore
  for (const mailClass of classes) await ask(operations.options, { body: optionsBody({}, { mailClass }) });
  const account = { accountType: 'EPS', accountNumber: client.accountNumber };
  for (const body of [
    optionsBody(),
    optionsBody({ originZIPCode: '05485-8016', destinationZIPCode: '38746 0230' }),
    optionsBody({ destinationZIPCode: '09012' }),
    optionsBody({ shippingFilter: 'PRICE' }),
    optionsBody({ shippingFilter: 'SERVICE_STANDARDS' }),
    optionsBody({ pricingOptions: [{ priceType: 'CONTRACT', paymentAccount: account }] }),
    optionsBody({ pricingOptions: [{ priceType: 'CONTRACT' }] }),
    optionsBody({
      pricingOptions: [{ priceType: 'CONTRACT', paymentAccount: { ...account, accountNumber: '1' } }],
    }),
    optionsBody({}, { weight: 0.1, length: 6, width: 4, height: 0.25 }),
    optionsBody({}, { weight: 69, length: 40, width: 20, height: 10 }),
    optionsBody({}, { weight: 71 }),
    optionsBody({}, { length: 200 }),
    optionsBody({}, { extraServices: [920, 930, 921], packageValue: 300 }),
    optionsBody({}, { mailingDate: '2020-01-01' }),
    optionsBody({ originZIPCode: '00000' }),
    optionsBody({ destinationZIPCode: '00000' }),
    optionsBody({ destinationCountryCode: 'CA' }),
    ...['CA', 'DE'].map((destinationCountryCode) => ({
      ...optionsBody(
        { destinationZIPCode: undefined, destinationCountryCode, foreignPostalCode: '10115' },
        { mailClass: 'ALL' },
      ),
    })),
  ]) {
    await ask(operations.options, { body });
  }

  for (const body of [
    rolesBody(),
    rolesBody({ accountNumber: '42' }),
    rolesBody({ accountType: 'METER' }),
    rolesBody({ accountType: undefined }),
    rolesBody({ accountType: 'PERMIT' }),
    rolesBody({ accountType: 'PERMIT', permitNumber: '1', permitZIP: '20260' }),
    rolesBody({ CRID: undefined }),
    rolesBody({}, { MID: '123456' }),
    rolesBody({}, { MID: '12345' }),
    rolesBody({}, { roleName: 'PAYER', ...account }),
    { roles: [] },
  ]) {
    await ask(operations.authorise, { body });
  }
  for (const query of [
    { accountType: 'EPS' },
    { accountType: 'EPS', amount: '10' },
    { accountType: 'PERMIT' },
    { accountType: 'CASH' },
  ] as Record<string, string>[]) {
    await ask(operations.account, { of: client.accountNumber, query });
  }
  await ask(operations.account, { of: '42', query: { accountType: 'EPS' } });

  const bought = [
    labelBody(),
    labelBody({ imageType: 'PNG' }),
    labelBody({ imageType: 'ZPL203DPI' }),
    labelBody({ imageType: 'NONE' }, { extraServices: [921, 930], packageOptions: { packageValue: 100 } }),
    labelBody({ receiptOption: 'SEPARATE_PAGE' }),
    labelBody({}, { mailClass: 'PRIORITY_MAIL' }),
    labelBody({}, { rateIndicator: undefined, shape: 'RECTANGULAR', packagingType: 'VARIABLE' }),
  ];
  for (const [index, body] of bought.entries()) {
    await ask(operations.label, { body, headers: { 'x-idempotency-key': key(index) } });
    await ask(operations.label, { body, headers: { accept: 'application/vnd.usps.labels+json' } });
  }
  for (const body of [
    labelBody({ imageType: 'TIFF' }),
    labelBody({ imageType: 'LABEL_BROKER' }),
    labelBody({ returnLabel: true }),
    labelBody({}, { mailingDate: '2020-01-01' }),
    labelBody({}, { weight: 80 }),
    labelBody({}, { rateIndicator: 'CP' }),
    labelBody({}, { extraServices: [930] }),
    labelBody({}, { packagingType: 'VARIABLE' }),
    { ...labelBody(), toAddress: { ...recipient, streetAddress: '1 Nowhere St' } },
    { ...labelBody(), toAddress: { ...recipient, city: undefined } },
    { ...labelBody(), toAddress: { ...recipient, lastName: undefined } },
    { ...labelBody(), unexpected: 1 },
  ]) {
    await ask(operations.label, { body });
  }
  await ask(operations.label, {
    body: labelBody({}, { weight: 3 }),
    headers: { 'x-idempotency-key': key(0) },
  });
  await ask(operations.label, { body: labelBody(), headers: { 'x-idempotency-key': 'no uuid' } });
  for (const token of ['', 'none']) {
    await ask(operations.label, { body: labelBody(), headers: { 'x-payment-authorization-token': token } });
  }
  const [first, second] = usps.labels();
  await ask(operations.cancel, { of: first!.trackingNumber });
  await ask(operations.cancel, { of: first!.trackingNumber });
  await ask(operations.cancel, { of: '92' });
  await ask(operations.cancelByKey, { headers: { 'x-idempotency-key': key(2) } });
  await ask(operations.cancelByKey);

  for (const each of Object.values(numbers)) {
    await ask(operations.track, { of: each, query: { expand: 'DETAIL' } });
    await ask(operations.track, { of: each });
  }
  await ask(operations.track, { of: second!.trackingNumber, query: { expand: 'DETAIL' } });
  await ask(operations.track, { of: numbers.delivered, query: { expand: 'detail' } });
  const own = uspsTrackingNumber(777);
  usps.parcel({ trackingNumber: own, expectedDelivery: '2026-11-21', mailClass: 'MEDIA_MAIL' });
  await ask(operations.track, { of: own, query: { expand: 'DETAIL' } });
  clock.advance(36 * 3_600_000);
  const renewed = await visitAs(usps, client);
  await ask(operations.track, { of: own, query: { expand: 'DETAIL' }, headers: renewed });
  await ask(operations.cancel, {
    of: second!.trackingNumber,
    headers: { ...renewed, ...(await payingAs(visitor, renewed)) },
  });

  const questions: [Known, Question][] = [
    [operations.address, { query: known }],
    [operations.cityState, { query: { ZIPCode: '30022' } }],
    [operations.options, { body: optionsBody() }],
    [operations.authorise, { body: rolesBody() }],
    [operations.label, { body: labelBody() }],
    [operations.cancel, { of: '92' }],
    [operations.track, { of: own, query: { expand: 'DETAIL' } }],
  ];
  // No bearer, one that is none, and one that has expired.
  for (const [operation, question] of questions) {
    for (const authorization of ['', 'Bearer none'])
      await ask(operation, { ...question, headers: { authorization } });
    await ask(operation, question);
  }
  await visitor.close();

  const poor: Partial<UspsClient>[] = [{ scopes: [] }, { products: [] }];
  for (const less of poor) {
    const barred = await visit({ documentMode, clients: [{ ...client, ...less }] });
    for (const [operation, question] of questions) answers.push(await barred.ask(operation, question));
    await barred.close();
  }
  for (const less of ['inactive', 'no-payment-method', 'insufficient-funds'] as const) {
    const broke = await visit({ documentMode, clients: [{ ...client, accountTrouble: less }] });
    answers.push(await broke.ask(operations.authorise, { body: rolesBody() }));
    await broke.close();
  }
  const stranger = await visit({ documentMode, clients: [{ ...client, enrolled: false }] });
  answers.push(await stranger.ask(operations.authorise, { body: rolesBody() }));
  await stranger.close();
  const busy = await visit({ documentMode, quota: 1 });
  for (const [operation, question] of [...questions, ...questions])
    answers.push(await busy.ask(operation, question));
  await busy.close();
  const workbook = await visit({ documentMode, addressNotFound: 'workbook', totalPrice: 'when-asked' });
  answers.push(
    await workbook.ask(operations.address, { query: { ...known, streetAddress: '1 Nowhere St' } }),
  );
  answers.push(await workbook.ask(operations.options, { body: optionsBody() }));
  await workbook.close();
  return answers;
}

async function visitAs(usps: UspsSandbox, { id, secret }: UspsClient): Promise<Record<string, string>> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
  });
  const response = await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body });
  return { authorization: `Bearer ${((await response.json()) as { access_token: string }).access_token}` };
}

async function payingAs({ ask }: Visitor, headers: Record<string, string>): Promise<Record<string, string>> {
  const { body } = await ask(operations.authorise, { body: rolesBody(), headers });
  const { paymentAuthorizationToken } = body as { paymentAuthorizationToken: string };
  return { 'x-payment-authorization-token': paymentAuthorizationToken };
}

/** What a judge has against answers, a line a fault. */
const faultsOf = (judge: Judge, answers: readonly Answered[]) => [
  ...new Set(
    answers.flatMap(({ operation, status, body, contentType }) => {
      const name = `${operation.method.toUpperCase()} ${operation.url} ${status}`;
      const faults = judge.answer(operation, status, body, contentType);
      if (faults === undefined) return [`${name} ${contentType} is not in the document`];
      return faults.map((fault) => `${name} ${fault.replaceAll(/\/\d+(?=[/ ])/g, '/*')}`);
    }),
  ),
];

/** Which operation a sample is an answer to. */
function operationOfSample(name: string): Known {
  const [, found] = [
    [/^addresses\.address|malformed-token/, operations.address],
    [/^tracking/, operations.track],
  ].find(([form]) => (form as RegExp).test(name)) as [RegExp, Known];
  return found;
}

describeContract('the emulated USPS answers as the documents say', () => {
  let judge: Judge;
  let recorded: Answered[];
  let documented: Answered[];
  beforeAll(async () => {
    judge = openJudge(deviations);
    [recorded, documented] = await Promise.all([answersOf(false), answersOf(true)]);
  });

  test('every answer fits the document as the recordings correct it', () => {
    expect(recorded.length).toBeGreaterThan(200);
    expect(faultsOf(judge, recorded)).toEqual([]);
  });

  test('the answers reach every documented status that the sandbox has', () => {
    const reached = new Set(recorded.map(({ operation, status }) => `${operation.document} ${status}`));
    const statuses = ['200', '400', '401', '403', '429'];
    const wanted = ['addresses', 'payments', 'shipping-options', 'domestic-labels', 'tracking'].flatMap(
      (document) => statuses.map((status) => `${document} ${status}`),
    );
    const never = ['addresses 403', 'domestic-labels 403'];
    expect(wanted.filter((each) => !reached.has(each))).toEqual(never);
  });

  test('in document mode only what no mode turns off deviates', () => {
    // The document's list of mail classes lacks the newest one, which most parcels go by.
    const kept = deviations.filter(
      ({ at }) => !at.startsWith('tracking#/components/schemas/Tracking') || at === detailOf('mailClass'),
    );
    expect(faultsOf(openJudge(kept), documented)).toEqual([]);
  });

  test.each(deviations.filter(({ seen }) => !/^\d+$/.test(seen)))(
    '$at deviates, as $seen shows',
    ({ at, seen, why }) => {
      expect(why).not.toBe('');
      const without = openJudge(deviations.filter((each) => each.at !== at));
      const document = at.split('#')[0];
      expect(
        faultsOf(
          without,
          recorded.filter((each) => each.operation.document === document),
        ),
      ).not.toEqual([]);
      if (seen === 'the document') return;
      const body = JSON.parse(readContract(`usps/samples/${seen}`)) as { error?: { code: string } };
      const status = Number(body.error?.code ?? 200);
      const operation = { ...operationOfSample(seen), ...(body.error ? operationIn(document!) : {}) };
      expect(judge.answer(operation, status, body)).toEqual([]);
      expect(without.answer(operation, status, body)).not.toEqual([]);
    },
  );

  const operationIn = (document: string) =>
    Object.values(operations).find((each) => each.document === document)!;
});

describeContract('the emulated USPS refuses what the documents refuse', () => {
  let visitor: Visitor;
  let judge: Judge;
  beforeAll(async () => {
    visitor = await visit();
    judge = openJudge(deviations);
  });
  afterAll(() => visitor.close());

  /** Both verdicts on a request; the gateway's own refusals are told by their words. */
  const disagreement = async (name: string, operation: Known, question: Question, faults: string[]) => {
    const { status, body } = await visitor.ask(operation, question);
    const refused = status === 400 && JSON.stringify(body).includes('OASValidation');
    if (status < 500 && refused === faults.length > 0) return [];
    return [
      `${name}: document ${faults[0] ?? 'fits'}, sandbox ${status} ${JSON.stringify(body).slice(0, 300)}`,
    ];
  };

  test.each([
    ['domestic options', operations.options, 0],
    ['international options', operations.options, 1],
    ['a payment authorization', operations.authorise, 0],
    ['a label', operations.label, 0],
  ] as const)('of requests for %s with one thing changed', async (_, operation, kind) => {
    const whole = judge.example(operation, kind);
    expect(judge.body(operation, whole)).toEqual([]);
    const found: string[] = [];
    let count = 0;
    for (const [name, body] of changes(whole)) {
      count++;
      found.push(...(await disagreement(name, operation, { body }, judge.body(operation, body))));
    }
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });

  test.each([
    ['160284', { shape: 'RECTANGULAR', packagingType: 'VARIABLE' }],
    ['160285', { rateIndicator: undefined }],
  ] as const)('and lets pass what only the error workbook refuses, as %s', async (code, more) => {
    const body = labelBody({}, more);
    const { seen, at } = deviations.find((each) => each.seen === code)!;
    expect(readContract('usps/error-inventory.json')).toContain(`"${seen}"`);
    const without = openJudge(deviations.filter((each) => each.at !== at));
    expect(without.body(operations.label, body)).not.toEqual([]);
    expect(judge.body(operations.label, body)).toEqual([]);
    expect(JSON.stringify((await visitor.ask(operations.label, { body })).body)).toContain(`"${seen}"`);
  });

  test('of requests for each extra service that any document has', async () => {
    const found: string[] = [];
    for (let code = 360; code < 1000; code++) {
      const body = optionsBody({}, { extraServices: [code] });
      const label = labelBody({ imageType: 'NONE' }, { extraServices: [code] });
      if (judge.body(operations.options, body).length === 0) {
        found.push(...(await disagreement(`${code}`, operations.options, { body }, [])));
        const faults = judge.body(operations.label, label);
        found.push(...(await disagreement(`label ${code}`, operations.label, { body: label }, faults)));
      }
    }
    expect(found).toEqual([]);
  });

  test.each([
    [
      'address',
      operations.address,
      {},
      '',
      {
        streetAddress: '388 Townsend St',
        secondaryAddress: 'Apt 20',
        city: 'San Francisco',
        state: 'CA',
        ZIPCode: '94107',
        ZIPPlus4: '1670',
        firm: 'Acme',
        urbanization: 'Luna',
      },
    ],
    [
      'zip code',
      operations.zipCode,
      {},
      '',
      {
        streetAddress: '388 Townsend St',
        secondaryAddress: 'Apt 20',
        city: 'San Francisco',
        state: 'CA',
        ZIPCode: '94107',
        ZIPPlus4: '1670',
        firm: 'Acme',
      },
    ],
    ['city and state', operations.cityState, {}, '', { ZIPCode: '94107' }],
    [
      'tracking',
      operations.track,
      {},
      numbers.delivered,
      { expand: 'DETAIL', destinationZIPCode: '94107', mailingDate: today },
    ],
  ] as const)('of queries for %s with one thing changed', async (_, operation, __, of, whole) => {
    expect(judge.query(operation, whole)).toEqual([]);
    const found: string[] = [];
    const queries: [string, Record<string, string>][] = [['unexpected', { ...whole, unexpected: 'x' }]];
    for (const name of Object.keys(whole)) {
      const { [name]: value, ...rest } = whole as Record<string, string>;
      queries.push(
        [`${name} left out`, rest],
        [`${name} in lower case`, { ...rest, [name.toLowerCase()]: value! }],
      );
      for (const to of ['x', 'ZZ', '1', '12345678', 'x'.repeat(60), '2026-02-30', 'detail', '']) {
        queries.push([`${name} is ${to}`, { ...whole, [name]: to }]);
      }
    }
    for (const [name, query] of queries) {
      found.push(...(await disagreement(name, operation, { of, query }, judge.query(operation, query))));
    }
    expect(found).toEqual([]);
  });
});

/** A request with each of its parts left out, put wrong, or added to, one at a time. */
function* changes(root: unknown): Generator<[string, unknown]> {
  for (const path of pathsOf(root)) {
    const name = `/${path.join('/')}`;
    if (path.length > 0) {
      for (const value of wrongFor(at(root, path)))
        yield [`${name} = ${JSON.stringify(value)}`, put(root, path, value)];
      if (typeof path.at(-1) === 'string') yield [`${name} left out`, put(root, path, undefined)];
    }
    const here = at(root, path);
    if (typeof here !== 'object' || here === null) continue;
    if (!Array.isArray(here))
      yield [`${name} has something unexpected`, put(root, [...path, 'unexpected'], 'x')];
    else
      yield [
        `${name} has very many`,
        put(
          root,
          path,
          Array.from({ length: 50 }, () => here[0]),
        ),
      ];
  }
}

const at = (root: unknown, path: readonly (string | number)[]) =>
  path.reduce<Loose>((value, step) => value[step], root);

/** Other types, and values of its own type that a form may exclude. */
function wrongFor(value: unknown): unknown[] {
  switch (typeof value) {
    case 'string':
      return [null, 7, true, [], '', '~', 'x'.repeat(120), ...(/^\d{4}-/.test(value) ? ['2026-02-30'] : [])];
    case 'number':
      return [null, '~', true, 0, -1, 1.5, 7];
    case 'boolean':
      return [null, 'true', 1];
    default:
      return [null, '~', 7, [], {}];
  }
}

function* pathsOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield* pathsOf(each, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function put(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(root) as Loose;
  const parent = path.slice(0, -1).reduce<Loose>((each, step) => each[step], copy);
  const last = path.at(-1)!;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

describeContract('the USPS adapter sends what the documents allow', () => {
  let visitor: Visitor;
  let judge: Judge;
  let opened: Opened;
  const sent: Request[] = [];
  beforeAll(async () => {
    visitor = await visit();
    judge = openJudge(closedBesides);
    const { crid, mid, manifestMid, accountNumber } = client;
    opened = openUsps(visitor.usps.url, {
      tracking: 'v3',
      clock: visitor.clock,
      credentials: {
        clientId: client.id,
        clientSecret: client.secret,
        crid,
        mid,
        manifestMid,
        accountNumber,
      },
      sent,
    });
  });
  afterAll(async () => {
    await opened.close();
    await visitor.close();
  });

  /** What the documents have against what was sent since the last time; how many they saw. */
  const judgedSent = () => {
    const judged = sent.splice(0).flatMap(({ method, url, body }) => {
      const operation = Object.values(operations as Record<string, Known>).find(
        (each) =>
          each.method.toUpperCase() === method &&
          url.pathname.startsWith(each.url) &&
          (each.path.includes('{') || url.pathname === each.url),
      );
      if (url.pathname === '/oauth2/v3/token') return [];
      if (operation === undefined) return [[`${method} ${url.pathname} is in no document`]];
      return [
        operation.method === 'post'
          ? judge.body(operation, JSON.parse(body!))
          : judge.query(operation, Object.fromEntries(url.searchParams)),
      ];
    });
    return { faults: judged.flat(), count: judged.length };
  };
  const isWellFormed = (outcome: unknown) =>
    !(outcome instanceof ProviderError) || !/OASValidation/.test(outcome.providerMessage ?? '');

  const states = ['CA', 'NY', 'TX', 'DC', 'PR', 'AE', 'ca'];
  const word = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('388 Townsend St', '475 L’Enfant Plaza', 'PO Box 1', 'Straße 5', '北京路 1号'),
  );
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const postalCode = fc.oneof(
    fc.stringMatching(/^\d{5}([- ]?\d{4})?$/),
    fc.constantFrom('94107', '94107-1670', '941071670', '00926'),
  );
  const address = fc
    .record({
      name: optional(word),
      company: optional(word),
      street1: word,
      street2: optional(word),
      city: optional(word),
      state: optional(fc.constantFrom(...states)),
      postalCode,
      country: fc.constant('US'),
      phone: optional(fc.oneof(fc.string(), fc.constantFrom('+1 (415) 555-0100', '555', '0123456789'))),
      email: optional(
        fc.oneof(fc.emailAddress(), fc.string(), fc.constantFrom('joe@example.com', "o'brien@example.com")),
      ),
    })
    .map((each) => normalizeAddress(each));
  const weight = fc.record({
    value: fc.oneof(fc.double({ min: 0.0001, max: 60, noNaN: true }), fc.integer({ min: 1, max: 2000 })),
    unit: fc.constantFrom('GRAM' as const, 'KILOGRAM' as const, 'OUNCE' as const, 'POUND' as const),
  });
  const side = fc.oneof(fc.double({ min: 0.001, max: 100, noNaN: true }), fc.integer({ min: 1, max: 60 }));
  const dimensions = fc.record({
    length: side,
    width: side,
    height: side,
    unit: fc.constantFrom('INCH' as const, 'CENTIMETER' as const),
  });
  /** What every service abroad takes. */
  function lightWeight() {
    return fc.record({
      value: fc.oneof(fc.double({ min: 0.001, max: 3.5, noNaN: true }), fc.integer({ min: 1, max: 3 })),
      unit: fc.constantFrom('GRAM' as const, 'OUNCE' as const, 'POUND' as const),
    });
  }
  function smallBox() {
    const side = fc.double({ min: 0.5, max: 12, noNaN: true });
    return fc.record({ length: side, width: side, height: side, unit: fc.constant('INCH' as const) });
  }
  const orderOf = (request: RateRequest, ticket: unknown, reference?: string): LabelRequest => {
    const { from, to } = request;
    const price = { amount: '1.00', currencyCode: 'USD' };
    const offer = { providerRef: ticket, price } as Offer;
    return {
      request,
      offer,
      from,
      to,
      format: 'PDF',
      reference,
      quotedAt: visitor.clock.now(),
      maxPrice: price,
    };
  };
  const shipDate = fc.constantFrom('2026-11-18', '2026-11-24', '2027-02-28');
  const within = (need: 'verify' | 'quote' | 'label') => (each: Address) =>
    addressErrors(each, need, []).length === 0;

  test('when it verifies whatever address the domain lets through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(address.filter(within('verify')), { minLength: 1, maxLength: 4 }),
        async (addresses) => {
          const outcomes = await opened.carrier.verify(addresses, call);
          expect(outcomes.every(isWellFormed)).toBe(true);
          const { faults, count } = judgedSent();
          expect(faults).toEqual([]);
          expect(count).toBeGreaterThanOrEqual(addresses.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('when it quotes whatever parcel the domain lets through, in any unit', async () => {
    const request = fc.record({
      from: address.filter(within('quote')),
      to: address.filter(within('quote')),
      parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 3 }),
      shipDate,
    });
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const [outcome] = await opened.carrier.quote([each], call);
        expect(isWellFormed(outcome)).toBe(true);
        const { faults, count } = judgedSent();
        expect(faults).toEqual([]);
        // Heavier than USPS carries is said before a call.
        const tooHeavy = outcome instanceof ProviderError && outcome.message.includes('up to 70 lb');
        expect(count > 0).toBe(!tooHeavy);
        expect(count).toBeLessThanOrEqual(each.parcels.length);
      }),
      { numRuns: 100 },
    );
  });

  test('when it buys a label for whomever the domain lets through, or it says before a call what has no room', async () => {
    const order = fc
      .record({
        from: address.filter(within('label')),
        to: address.filter(within('label')),
        parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 3 }),
        shipDate,
        mailClass: fc.constantFrom('USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL', 'PRIORITY_MAIL_EXPRESS'),
        processingCategory: fc.constantFrom('MACHINABLE', 'NONSTANDARD'),
        rateIndicator: fc.constantFrom('SP', 'PA', 'DR', 'DN', 'OS', 'CP'),
        reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      })
      .map(({ mailClass, processingCategory, rateIndicator, reference, ...request }): LabelRequest => {
        const piece = { processingCategory, rateIndicator, destinationEntryFacilityType: 'NONE' };
        return orderOf(request, { mailClass, parcels: request.parcels.map(() => piece) }, reference);
      });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(order, async (each) => {
        const prepared = await opened.carrier.labels.prepare(each, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          refused++;
          expect(prepared.field?.at(-1)).toMatch(/^(street1|street2|city|weight|customs)$/);
          expect(judgedSent().count).toBe(0);
          return;
        }
        expect(prepared).toHaveLength(each.request.parcels.length);
        for (const one of prepared as PreparedRequest[]) {
          const bought = await opened.carrier.labels.buy(one, call).catch((error: unknown) => error);
          expect(isWellFormed(bought)).toBe(true);
        }
        const { faults, count } = judgedSent();
        expect(faults).toEqual([]);
        expect(count).toBeGreaterThanOrEqual(each.request.parcels.length);
      }),
      { numRuns: 100 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  /** A parcel with what customs are told of it: lines that weigh as much as it does, or less. */
  const declared = fc
    .record({
      parcel: fc.record({ weight: lightWeight(), dimensions: smallBox() }),
      lines: fc.array(
        fc.record({
          description: fc.string({ minLength: 1, maxLength: 60, size: 'max' }).filter((text) => text.trim() !== ''),
          quantity: fc.integer({ min: 1, max: 12_000 }),
          totalValue: fc.record({
            amount: fc.oneof(fc.integer({ min: 1, max: 400_000 }).map((cents) => (cents / 100).toFixed(2)), fc.constant('0.001')),
            currencyCode: fc.constant('USD'),
          }),
          share: fc.integer({ min: 1, max: 1000 }),
          hsTariffNumber: optional(fc.constantFrom('610510', '6105.10.0010')),
          originCountry: fc.constantFrom('US', 'CN', 'VN', 'DE'),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      contents: fc.constantFrom('MERCHANDISE' as const, 'GIFT' as const, 'DOCUMENTS' as const, 'SAMPLE' as const, 'RETURNED_GOODS' as const, 'HUMANITARIAN_DONATION' as const, 'DANGEROUS_GOODS' as const, 'OTHER' as const),
      nonDelivery: optional(fc.constantFrom('RETURN' as const, 'ABANDON' as const)),
      eelPfc: optional(fc.constantFrom('NOEEI 30.36', 'AES X20260101123456')),
    })
    .map(({ parcel, lines, contents, nonDelivery, eelPfc }) => {
      const total = lines.reduce((sum, { share }) => sum + share, 0);
      const { value, unit } = parcel.weight;
      const items = lines.map(({ share, ...line }) => ({ ...line, totalWeight: { value: (value * share) / total, unit } }));
      const customs: Customs = { contents, items, nonDelivery, eelPfc, explanation: contents === 'OTHER' ? 'A thing like no other, which nobody can name' : null };
      return { parcel, customs };
    })
    .filter(({ parcel, customs }) => customsErrors(customs, [parcel], []).length === 0); // prettier-ignore
  const foreign = fc
    .record({
      name: optional(word),
      company: optional(word),
      street1: word,
      street2: optional(word),
      city: word,
      state: optional(word),
      place: fc.constantFrom(['CA', 'K1A 0A9'], ['GB', 'SW1A 1AA'], ['FR', '75001'], ['JP', '100-0001'], ['BR', '01310-100'], ['AE', undefined], ['NZ', '6011']),
      phone: optional(fc.oneof(fc.string(), fc.constantFrom('+49 30 901820', '030 901820', '1'))),
    })
    .map(({ place: [country, postalCode], ...rest }) => normalizeAddress({ ...rest, country, postalCode }))
    .filter(within('label')); // prettier-ignore
  const from: Address = { name: 'Sally Sender', street1: '4120 Bingham Ave', city: 'Saint Louis', state: 'MO', postalCode: '63116', country: 'US' }; // prettier-ignore
  const military: Address = { name: 'Joe Doe', street1: 'PSC 802 Box 74', city: 'APO', state: 'AE', postalCode: '09499', country: 'US' }; // prettier-ignore
  const guam: Address = { company: 'Acme', street1: '100 Marine Dr', city: 'Barrigada', state: null, postalCode: '96913', country: 'GU' }; // prettier-ignore

  test('when it sends whatever the domain lets through across a border, and USPS takes every label that was offered', async () => {
    const order = fc.record({
      to: fc.oneof({ weight: 4, arbitrary: foreign }, fc.constant(military), fc.constant(guam)),
      declared,
      insured: optional(fc.integer({ min: 1, max: 400 })),
      reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      pick: fc.nat(),
      format: fc.constantFrom('PDF' as const, 'ZPL' as const),
    });
    let sold = 0;
    await fc.assert(
      fc.asyncProperty(order, async ({ to, declared: { parcel, customs }, insured, reference, pick, format }) => {
        const options = insured ? { insuredValue: { amount: `${insured}.00`, currencyCode: 'USD' } } : undefined;
        const request = { from, to, parcels: [parcel], shipDate: today, customs, options };
        const { offers } = good((await opened.carrier.quote([request], call))[0]);
        const offer = offers[pick % offers.length]!;
        const made = { ...orderOf(request, offer.providerRef, reference), offer, format };
        const prepared = await opened.carrier.labels.prepare(made, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          expect(prepared.field?.join('.')).toMatch(/^to\.(street1|street2|city|state)$|^customs\.(eelPfc|items\.\d+\.(description|quantity))$/);
          expect(judgedSent()).toEqual({ faults: [], count: 1 });
          return;
        }
        const [one] = prepared as PreparedRequest[];
        expect(await opened.carrier.labels.buy(one!, call)).toMatchObject([{ price: offer.price, label: { format } }]);
        expect(judgedSent().faults).toEqual([]);
        sold++;
      }),
      { numRuns: 150 },
    );
    expect(sold).toBeGreaterThan(20);
  }); // prettier-ignore

  test('when a parcel comes back to whomever the domain lets through', async () => {
    const order = fc
      .record({
        from: address.filter(within('label')),
        to: address.filter(within('label')),
        parcels: fc.array(fc.record({ weight, dimensions }), { minLength: 1, maxLength: 2 }),
        shipDate,
        mailClass: fc.constantFrom('USPS_GROUND_ADVANTAGE_RETURN_SERVICE', 'PRIORITY_MAIL_RETURN_SERVICE', 'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE'),
        rateIndicator: fc.constantFrom('SP', 'PA', 'DR', 'DN', 'OS', 'CP'),
        reference: optional(fc.string({ minLength: 1, maxLength: 60, size: 'max' })),
      })
      .map(({ mailClass, rateIndicator, reference, ...request }) => {
        const piece = { processingCategory: 'MACHINABLE', rateIndicator, destinationEntryFacilityType: 'NONE' };
        const ticket = { mailClass, parcels: request.parcels.map(() => piece) };
        return orderOf({ ...request, options: { isReturn: true } }, ticket, reference);
      });
    let bought = 0;
    await fc.assert(
      fc.asyncProperty(order, async (each) => {
        const prepared = await opened.carrier.labels.prepare(each, call).catch((error: unknown) => error);
        if (prepared instanceof ProviderError) {
          expect(prepared.field?.at(-1)).toMatch(/^(street1|street2|city|weight|customs)$/);
          return;
        }
        for (const one of prepared as PreparedRequest[]) {
          bought++;
          expect(isWellFormed(await opened.carrier.labels.buy(one, call).catch((error: unknown) => error))).toBe(true);
        }
        expect(judgedSent().faults).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(bought).toBeGreaterThan(10);
  }); // prettier-ignore

  test('when it tracks whatever number the domain lets through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Z0-9]{4,40}$/), async (trackingNumber) => {
        await opened.carrier.track([{ trackingNumber, carrier: 'USPS' }], call);
        expect(judgedSent()).toEqual({ faults: [], count: 1 });
      }),
      { numRuns: 50 },
    );
  });

  test('and takes every miss that the document words for a verdict on the address', async () => {
    const { components } = parse(readContract('usps/openapi/addresses.yaml')) as { components: { examples: Record<string, { value: object }> } }; // prettier-ignore
    const replay = await startReplay();
    const other = openUsps(replay.url);
    replay.when('POST', '/oauth2/v3/token', { body: { access_token: 'a', expires_in: 28799 } });
    const asked = { street1: '1 Main St', city: 'Chicago', state: 'IL', country: 'US' };
    const verdicts: Record<string, string> = {};
    for (const [name, { value }] of Object.entries(components.examples)) {
      replay.when('GET', operations.address.url, { status: 404, body: value });
      verdicts[name] = good((await other.carrier.verify([asked], call))[0]).status;
    }
    await other.close();
    await replay.close();
    expect(verdicts).toMatchObject({
      'Multiple-Addresses-Found': 'AMBIGUOUS',
      'Invalid-City': 'UNDELIVERABLE',
    });
    expect(Object.values(verdicts).filter((each) => each === 'UNDELIVERABLE')).toHaveLength(7);
  });

  describe('when it asks for a payment authorization', () => {
    test.each([
      ['an account', { accountType: 'EPS', accountNumber: '1000000001' }],
      [
        'a permit',
        { accountType: 'PERMIT', accountNumber: undefined, permitNumber: '12', permitZip: '20260' },
      ],
      ['a meter', { accountType: 'METER', accountNumber: '99' }],
      ['one mailer id for both', { manifestMid: undefined, mid: '123456' }],
    ] as const)('for %s', async (_, credentials) => {
      const asked: Request[] = [];
      const other = openUsps(visitor.usps.url, {
        clock: visitor.clock,
        credentials: { clientId: client.id, clientSecret: client.secret, ...credentials },
        sent: asked,
      });
      const prepared = { attemptId: crypto.randomUUID(), request: { body: JSON.stringify(labelBody()) } };
      await other.carrier.labels.buy(prepared, call).catch(() => {});
      await other.close();
      const roles = asked.find(({ url }) => url.pathname === operations.authorise.url)!.body!;
      expect(judge.body(operations.authorise, JSON.parse(roles))).toEqual([]);
    });
  });
});
