import PostalMime from 'postal-mime';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient as client,
  type UspsOptions,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';

/** JSON of the emulator. Untyped, since each test reads the fields that it expects. */
type Loose = ReturnType<typeof JSON.parse>;

export interface ApiResponse {
  status: number;
  headers: Headers;
  body: Loose;
  /** The code of the first business error, or the gateway's sentence. */
  code: string;
}

/** An emulated USPS, and a client that sends the bearer token and the payment token. */
export interface ApiClient {
  usps: UspsSandbox;
  clock: MovableClock;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiResponse>;
  /** Gets new tokens, after the old ones expired. */
  renewTokens(): Promise<void>;
}

let signingKey: object | undefined;

/** Starts a sandbox at Thursday 11:00 in New York, and gets tokens. */
export async function openApiClient(
  options: Partial<UspsOptions> = {},
  roles: object[] = [],
): Promise<ApiClient> {
  const clock = movableClock('2026-05-28T15:00:00Z');
  const store = openStore();
  // All sandboxes share a signing key, since generating one is slow.
  if (signingKey !== undefined) store.put('usps.key', 'signing', signingKey);
  const usps = await startUsps({ clock, store, quota: 100_000, ...options });
  signingKey ??= store.get<object>('usps.key', 'signing');
  let tokens: Record<string, string> = {};
  const request: ApiClient['request'] = async (method, path, body, headers) => {
    const response = await fetch(usps.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...tokens,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const responseBody = await bodyOf(response);
    const code = String(responseBody?.error?.errors?.[0]?.code ?? responseBody?.error?.message ?? '');
    return { status: response.status, headers: response.headers, body: responseBody, code };
  };
  const renewTokens = async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
    });
    const response = await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body: form });
    tokens = { authorization: `Bearer ${(await response.json()).access_token}` };
    const ids = { CRID: client.crid, MID: client.mid, manifestMID: client.manifestMid };
    const { body } = await request('POST', '/payments/v3/payment-authorization', {
      roles: [
        { roleName: 'PAYER', ...ids, accountType: 'EPS', accountNumber: client.accountNumber },
        { roleName: 'LABEL_OWNER', ...ids },
        ...roles,
      ],
    });
    tokens['x-payment-authorization-token'] = String(body.paymentAuthorizationToken);
  };
  await renewTokens();
  return { usps, clock, request, renewTokens };
}

/** The JSON or text of a response; a multipart one as an object of its parts by name. */
async function bodyOf(response: Response): Promise<Loose> {
  const type = response.headers.get('content-type') ?? '';
  const raw = await response.text();
  if (type.includes('json')) return JSON.parse(raw);
  if (!type.startsWith('multipart/')) return raw;
  const { attachments } = await PostalMime.parse(`content-type: ${type}\r\n\r\n${raw}`, {
    forceRfc822Attachments: true,
  });
  const names = [...raw.matchAll(/; name="([^"]+)"/g)].map(([, name]) => name!);
  const parts = attachments.map(({ content, mimeType }, index) => {
    const part = Buffer.from(content as ArrayBuffer).toString();
    return [names[index], mimeType === 'application/json' ? JSON.parse(part) : part.trim()];
  });
  return Object.fromEntries(parts);
}

export const flat = { accept: 'application/vnd.usps.labels+json' };
export const uuid = (digit: number) => `8be4df61-93ca-41d2-aa0d-00e09803000${digit}`;

export const shipper = {
  firm: 'Acme',
  streetAddress: '4120 Bingham Ave',
  city: 'Saint Louis',
  state: 'MO',
  ZIPCode: '63116',
};
export const recipient = {
  firstName: 'Joe',
  lastName: 'Doe',
  streetAddress: '1100 Wyoming St',
  secondaryAddress: 'Ste 150',
  city: 'Saint Louis',
  state: 'MO',
  ZIPCode: '63118',
};
const measures = { weight: 2, length: 10, width: 8, height: 4 };

export const labelRequest = (piece: object = {}, more: object = {}) => ({
  imageInfo: { receiptOption: 'NONE' },
  toAddress: recipient,
  fromAddress: shipper,
  packageDescription: {
    ...measures,
    mailClass: 'USPS_GROUND_ADVANTAGE',
    rateIndicator: 'SP',
    processingCategory: 'MACHINABLE',
    destinationEntryFacilityType: 'NONE',
    mailingDate: '2026-05-28',
    ...piece,
  },
  ...more,
});

export const returnRequest = (piece: object = {}, more: object = {}) => ({
  toAddress: shipper,
  fromAddress: recipient,
  packageDescription: {
    ...measures,
    mailClass: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
    rateIndicator: 'SP',
    processingCategory: 'MACHINABLE',
    ...piece,
  },
  ...more,
});

const goods = (more: object = {}) => ({
  itemDescription: 'Cotton shirt',
  itemQuantity: 2,
  itemTotalValue: 40,
  itemTotalWeight: 1.5,
  weightUOM: 'lb',
  HSTariffNumber: '610510',
  countryofOrigin: 'US',
  ...more,
});
export const customs = (more: object = {}, item: object = {}) => ({
  customsContentType: 'MERCHANDISE',
  AESITN: 'NO EEI 30.37(a)',
  contents: [goods(item)],
  ...more,
});

export const internationalRequest = (piece: object = {}, more: object = {}) => ({
  toAddress: {
    firstName: 'Ana',
    lastName: 'Roy',
    streetAddress: '111 Wellington St',
    city: 'Ottawa',
    province: 'ON',
    postalCode: 'K1A0A9',
    country: 'Canada',
    countryISOAlpha2Code: 'CA',
  },
  fromAddress: shipper,
  packageDescription: {
    ...measures,
    mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
    rateIndicator: 'SP',
    processingCategory: 'MACHINABLE',
    destinationEntryFacilityType: 'NONE',
    mailingDate: '2026-05-28',
    ...piece,
  },
  customsForm: customs(),
  ...more,
});
