import { afterEach, beforeEach } from 'vitest';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import { openStore } from '../../../sandbox/store.ts';
import { startUsps, uspsSandboxClient as client, type UspsOptions, type UspsSandbox } from '../../../sandbox/usps/index.ts'; // prettier-ignore

export const hour = 3_600_000;
/** The clock of the running test. */
export let clock: MovableClock;
const started: UspsSandbox[] = [];

/** Gives each test of a file its own clock, at Thursday 11:00 in New York, and closes the sandboxes that it started. */
export function useUspsSandbox(): void {
  beforeEach(() => {
    clock = movableClock('2026-05-28T15:00:00Z');
  });
  afterEach(async () => {
    for (const usps of started.splice(0)) await usps.close();
  });
}

export async function start(options: Partial<UspsOptions> = {}): Promise<UspsSandbox> {
  const usps = await startUsps({ clock, store: openStore(), quota: 1000, ...options });
  started.push(usps);
  return usps;
}

export interface ApiResponse {
  status: number;
  headers: Headers;
  text: string;
  /** Untyped, since each test reads the fields that it expects. */
  body: ReturnType<typeof JSON.parse>;
}

export async function send(
  usps: UspsSandbox,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<ApiResponse> {
  const response = await fetch(usps.url + path, { method, ...init });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

export const requestToken = (usps: UspsSandbox, more: Record<string, string> = {}) =>
  send(usps, 'POST', '/oauth2/v3/token', {
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
      ...more,
    }),
  });

export async function bearerToken(
  usps: UspsSandbox,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { body } = await requestToken(usps, more);
  return { authorization: `Bearer ${body.access_token}` };
}

export const json = (body: unknown, headers: Record<string, string>): RequestInit => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

export const findAddress = (
  usps: UspsSandbox,
  headers: Record<string, string>,
  query: Record<string, string>,
) => send(usps, 'GET', `/addresses/v3/address?${new URLSearchParams(query)}`, { headers });

export const townsend = {
  streetAddress: '388 Townsend Street',
  secondaryAddress: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  ZIPCode: '94107',
};

export const roles = (more: object = {}) => [
  { roleName: 'PAYER', CRID: client.crid, accountType: 'EPS', accountNumber: client.accountNumber },
  { roleName: 'LABEL_OWNER', CRID: client.crid, MID: client.mid, manifestMID: client.manifestMid, ...more },
];
export const authorizePayment = (
  usps: UspsSandbox,
  headers: Record<string, string>,
  body: unknown = { roles: roles() },
) => send(usps, 'POST', '/payments/v3/payment-authorization', json(body, headers));

export async function bothTokens(usps: UspsSandbox) {
  const headers = await bearerToken(usps);
  const { body } = await authorizePayment(usps, headers);
  return { ...headers, 'x-payment-authorization-token': String(body.paymentAuthorizationToken) };
}

export const optionsRequest = (more: object = {}, piece: object = {}) => ({
  pricingOptions: [{ priceType: 'COMMERCIAL' }],
  originZIPCode: '60601',
  destinationZIPCode: '94105',
  packageDescription: { weight: 2, length: 10, width: 8, height: 4, mailClass: 'ALL_OUTBOUND', ...piece },
  ...more,
});
export const searchOptions = (usps: UspsSandbox, headers: Record<string, string>, body: unknown) =>
  send(usps, 'POST', '/shipments/v3/options/search', json(body, headers));
export const offers = (response: ApiResponse, index = 0) =>
  response.body.pricingOptions[index].shippingOptions.flatMap(
    (each: { rateOptions: unknown[] }) => each.rateOptions,
  );

const parcel = {
  mailClass: 'USPS_GROUND_ADVANTAGE',
  rateIndicator: 'SP',
  processingCategory: 'MACHINABLE',
  destinationEntryFacilityType: 'NONE',
  mailingDate: '2026-05-28',
  weight: 0.5,
  length: 9,
  width: 6,
  height: 0.25,
};
export const labelRequest = (more: object = {}, piece: object = {}) => ({
  toAddress: {
    firstName: 'Joe',
    lastName: 'Doe',
    streetAddress: '1100 Wyoming',
    secondaryAddress: 'Suite 150',
    city: 'St. Louis',
    state: 'MO',
    ZIPCode: '63118',
  },
  fromAddress: {
    firstName: 'John',
    lastName: 'Smith',
    streetAddress: '4120 Bingham Ave',
    city: 'St. Louis',
    state: 'MO',
    ZIPCode: '63116',
  },
  packageDescription: { ...parcel, ...piece },
  ...more,
});
export const buyLabel = (
  usps: UspsSandbox,
  headers: Record<string, string>,
  body: unknown = labelRequest(),
) => send(usps, 'POST', '/labels/v3/label', json(body, headers));
export const flat = { accept: 'application/vnd.usps.labels+json' };
export const track = (usps: UspsSandbox, headers: Record<string, string>, trackingNumbers: string[]) =>
  send(
    usps,
    'POST',
    '/tracking/v3r2/tracking',
    json(
      trackingNumbers.map((trackingNumber) => ({ trackingNumber })),
      headers,
    ),
  );
export const uuid = (digit: number) => `8be4df61-93ca-41d2-aa0d-00e09803000${digit}`;
