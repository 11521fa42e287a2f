import { uspsSandboxClient as app, uspsSandboxNumbers as numbers, uspsTrackingNumber, type UspsClient, type UspsSandbox } from '../../sandbox/usps/index.ts'; // prettier-ignore
import type { Judge } from './openapi.ts';
import { bearerHeaders, labelBody, openSandboxClient, operations, optionsBody, paymentHeaders, recipient, rolesBody, type ReceivedResponse, type RequestInput, type SandboxClient, type SandboxOperation } from './usps-sandbox-client.ts'; // prettier-ignore

type Send = SandboxClient['request'];

const known = { streetAddress: '388 Townsend St', city: 'San Francisco', state: 'CA' };
const account = { accountType: 'EPS', accountNumber: app.accountNumber };
const ownParcel = uspsTrackingNumber(777);

async function sendAddressRequests(send: Send) {
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
    await send(operations.address, { query: query as Record<string, string> });
    await send(operations.zipCode, { query: query as Record<string, string> });
  }
  for (const ZIPCode of ['30022', '94107', '00926', '00000', '9410'])
    await send(operations.cityState, { query: { ZIPCode } });
}

async function sendOptionRequests(send: Send) {
  const classes = ['PARCEL_SELECT', 'USPS_CONNECT_LOCAL', 'USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL_EXPRESS', 'PRIORITY_MAIL', 'LIBRARY_MAIL', 'MEDIA_MAIL', 'BOUND_PRINTED_MATTER', 'ALL', 'ALL_RETURNS', 'PARCEL_SELECT_LIGHTWEIGHT', 'FIRST-CLASS_PACKAGE_SERVICE']; // prettier-ignore
  for (const mailClass of classes) await send(operations.options, { body: optionsBody({}, { mailClass }) });
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
    await send(operations.options, { body });
  }
}

async function sendPaymentRequests(send: Send) {
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
    await send(operations.authorise, { body });
  }
  for (const query of [
    { accountType: 'EPS' },
    { accountType: 'EPS', amount: '10' },
    { accountType: 'PERMIT' },
    { accountType: 'CASH' },
  ] as Record<string, string>[]) {
    await send(operations.account, { of: app.accountNumber, query });
  }
  await send(operations.account, { of: '42', query: { accountType: 'EPS' } });
}

async function sendLabelRequests(send: Send, usps: UspsSandbox) {
  const key = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
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
    await send(operations.label, { body, headers: { 'x-idempotency-key': key(index) } });
    await send(operations.label, { body, headers: { accept: 'application/vnd.usps.labels+json' } });
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
    await send(operations.label, { body });
  }
  await send(operations.label, {
    body: labelBody({}, { weight: 3 }),
    headers: { 'x-idempotency-key': key(0) },
  });
  await send(operations.label, { body: labelBody(), headers: { 'x-idempotency-key': 'no uuid' } });
  for (const token of ['', 'none']) {
    await send(operations.label, { body: labelBody(), headers: { 'x-payment-authorization-token': token } });
  }
  const [first] = usps.labels();
  await send(operations.cancel, { of: first!.trackingNumber });
  await send(operations.cancel, { of: first!.trackingNumber });
  await send(operations.cancel, { of: '92' });
  await send(operations.cancelByKey, { headers: { 'x-idempotency-key': key(2) } });
  await send(operations.cancelByKey);
}

async function sendTrackingRequests(send: Send, client: SandboxClient) {
  const { usps, clock } = client;
  const [, second] = usps.labels();
  for (const each of Object.values(numbers)) {
    await send(operations.track, { of: each, query: { expand: 'DETAIL' } });
    await send(operations.track, { of: each });
  }
  await send(operations.track, { of: second!.trackingNumber, query: { expand: 'DETAIL' } });
  await send(operations.track, { of: numbers.delivered, query: { expand: 'detail' } });
  usps.parcel({ trackingNumber: ownParcel, expectedDelivery: '2026-11-21', mailClass: 'MEDIA_MAIL' });
  await send(operations.track, { of: ownParcel, query: { expand: 'DETAIL' } });
  clock.advance(36 * 3_600_000);
  const renewed = await bearerHeaders(usps, app);
  await send(operations.track, { of: ownParcel, query: { expand: 'DETAIL' }, headers: renewed });
  await send(operations.cancel, {
    of: second!.trackingNumber,
    headers: { ...renewed, ...(await paymentHeaders(client, renewed)) },
  });
}

/** One valid request for each operation. */
const validRequests = (): [SandboxOperation, RequestInput][] => [
  [operations.address, { query: known }],
  [operations.cityState, { query: { ZIPCode: '30022' } }],
  [operations.options, { body: optionsBody() }],
  [operations.authorise, { body: rolesBody() }],
  [operations.label, { body: labelBody() }],
  [operations.cancel, { of: '92' }],
  [operations.track, { of: ownParcel, query: { expand: 'DETAIL' } }],
];

/** Requests without a bearer token, with an invalid one, and with an expired one. */
async function sendUnauthorizedRequests(send: Send) {
  for (const [operation, input] of validRequests()) {
    for (const authorization of ['', 'Bearer none'])
      await send(operation, { ...input, headers: { authorization } });
    await send(operation, input);
  }
}

/** The responses to apps without a scope or product, with a payment problem, without a quota, and with other switches. */
async function otherResponses(documentMode: boolean): Promise<ReceivedResponse[]> {
  const responses: ReceivedResponse[] = [];
  const restrictions: Partial<UspsClient>[] = [{ scopes: [] }, { products: [] }];
  for (const less of restrictions) {
    const restricted = await openSandboxClient({ documentMode, clients: [{ ...app, ...less }] });
    for (const [operation, input] of validRequests())
      responses.push(await restricted.request(operation, input));
    await restricted.close();
  }
  for (const less of ['inactive', 'no-payment-method', 'insufficient-funds'] as const) {
    const failing = await openSandboxClient({ documentMode, clients: [{ ...app, accountProblem: less }] });
    responses.push(await failing.request(operations.authorise, { body: rolesBody() }));
    await failing.close();
  }
  const notEnrolled = await openSandboxClient({ documentMode, clients: [{ ...app, enrolled: false }] });
  responses.push(await notEnrolled.request(operations.authorise, { body: rolesBody() }));
  await notEnrolled.close();
  const limited = await openSandboxClient({ documentMode, quota: 1 });
  for (const [operation, input] of [...validRequests(), ...validRequests()])
    responses.push(await limited.request(operation, input));
  await limited.close();
  const workbook = await openSandboxClient({
    documentMode,
    addressNotFound: 'workbook',
    totalPrice: 'when-requested',
  });
  responses.push(
    await workbook.request(operations.address, { query: { ...known, streetAddress: '1 Nowhere St' } }),
  );
  responses.push(await workbook.request(operations.options, { body: optionsBody() }));
  await workbook.close();
  return responses;
}

/** Nearly every response of the emulated USPS. */
export async function allResponses(documentMode: boolean): Promise<ReceivedResponse[]> {
  const responses: ReceivedResponse[] = [];
  const client = await openSandboxClient({ documentMode });
  const send: Send = async (operation, input) => {
    const response = await client.request(operation, input);
    responses.push(response);
    return response;
  };
  await sendAddressRequests(send);
  await sendOptionRequests(send);
  await sendPaymentRequests(send);
  await sendLabelRequests(send, client.usps);
  await sendTrackingRequests(send, client);
  await sendUnauthorizedRequests(send);
  await client.close();
  return [...responses, ...(await otherResponses(documentMode))];
}

/** The errors that a judge finds in responses, one line each. */
export const responseErrors = (judge: Judge, responses: readonly ReceivedResponse[]) => [
  ...new Set(
    responses.flatMap(({ operation, status, body, contentType }) => {
      const name = `${operation.method.toUpperCase()} ${operation.url} ${status}`;
      const errors = judge.response(operation, status, body, contentType);
      if (errors === undefined) return [`${name} ${contentType} is not in the document`];
      return errors.map((error) => `${name} ${error.replaceAll(/\/\d+(?=[/ ])/g, '/*')}`);
    }),
  ),
];
