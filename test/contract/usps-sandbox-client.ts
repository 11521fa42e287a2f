import PostalMime from 'postal-mime';

import { openStore } from '../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient as app,
  type UspsClient,
  type UspsSandbox,
} from '../../sandbox/usps/index.ts';
import type { Operation } from './openapi.ts';
import { contractClock, type TestClock } from './shared.ts';

export interface SandboxOperation extends Operation {
  /** The path below the base URL. A path parameter is appended to it. */
  readonly url: string;
}

export const operations = {
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
} as const satisfies Record<string, SandboxOperation>;

export const today = '2026-11-18';

/** The addresses of labels, in the names of USPS. */
export const recipient = {
  firstName: 'Joe',
  lastName: 'Doe',
  streetAddress: '1100 Wyoming St',
  secondaryAddress: 'Ste 150',
  city: 'Saint Louis',
  state: 'MO',
  ZIPCode: '63118',
};
export const shipper = { firm: 'Acme', streetAddress: '4120 Bingham Ave', city: 'Saint Louis', state: 'MO', ZIPCode: '63116' }; // prettier-ignore
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
export const labelBody = (image: object = {}, more: object = {}) => ({
  imageInfo: { imageType: 'PDF', receiptOption: 'NONE', ...image },
  toAddress: recipient,
  fromAddress: shipper,
  packageDescription: { ...piece, ...more },
});
export const optionsBody = (more: object = {}, description: object = {}) => ({
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
export const rolesBody = (payer: object = {}, owner: object = {}) => {
  const ids = { CRID: app.crid, MID: app.mid, manifestMID: app.manifestMid };
  return {
    roles: [
      { roleName: 'PAYER', ...ids, accountType: 'EPS', accountNumber: app.accountNumber, ...payer },
      { roleName: 'LABEL_OWNER', ...ids, ...owner },
    ],
  };
};

/** A app of the emulated USPS that shows both tokens. */
export interface SandboxClient {
  readonly usps: UspsSandbox;
  readonly clock: TestClock;
  request(operation: SandboxOperation, input?: RequestInput): Promise<ReceivedResponse>;
  close(): Promise<void>;
}

export interface RequestInput {
  /** The path parameter. */
  readonly of?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ReceivedResponse {
  readonly operation: SandboxOperation;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

let signingKey: object | undefined;

export async function openSandboxClient(
  options: Partial<Parameters<typeof startUsps>[0]> = {},
): Promise<SandboxClient> {
  const clock = contractClock();
  const store = openStore();
  // All sandboxes share a signing key, since generating one is slow.
  if (signingKey !== undefined) store.put('usps.key', 'signing', signingKey);
  const usps = await startUsps({ clock, store, quota: 1_000_000, ...options });
  signingKey ??= store.get<object>('usps.key', 'signing');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.id,
    client_secret: app.secret,
  });
  const token = (await (
    await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body: form })
  ).json()) as {
    access_token: string;
  };
  const tokens: Record<string, string> = { authorization: `Bearer ${token.access_token}` };
  const request = async (
    operation: SandboxOperation,
    { of = '', query, body, headers }: RequestInput = {},
  ) => {
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
  const { body } = await request(operations.authorise, { body: rolesBody() });
  tokens['x-payment-authorization-token'] = (body as { paymentAuthorizationToken?: string }).paymentAuthorizationToken ?? 'none'; // prettier-ignore
  return { usps, clock, request, close: () => usps.close() };
}

/** Reads a response as the documents describe it: a multipart body is an object of its parts by name. */
async function read(operation: SandboxOperation, response: Response): Promise<ReceivedResponse> {
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

/** The headers of a new bearer token. */
export async function bearerHeaders(
  usps: UspsSandbox,
  { id, secret }: UspsClient,
): Promise<Record<string, string>> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
  });
  const response = await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body });
  return { authorization: `Bearer ${((await response.json()) as { access_token: string }).access_token}` };
}

/** The headers of a new payment token. */
export async function paymentHeaders(
  { request }: SandboxClient,
  headers: Record<string, string>,
): Promise<Record<string, string>> {
  const { body } = await request(operations.authorise, { body: rolesBody(), headers });
  const { paymentAuthorizationToken } = body as { paymentAuthorizationToken: string };
  return { 'x-payment-authorization-token': paymentAuthorizationToken };
}
