import PostalMime from 'postal-mime';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient as client,
  type UspsOptions,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';

/** JSON of the emulator, read field by field: a wrong form fails the test that reads it. */
type Loose = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Headers;
  body: Loose;
  /** The code of the first business error, or the gateway's sentence. */
  code: string;
}

/** An emulated USPS, and a customer of it who shows both tokens. */
export interface Desk {
  usps: UspsSandbox;
  clock: MovableClock;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** New tokens, after the old ones ran out. */
  renew(): Promise<void>;
}

let signingKey: object | undefined;

/** Opens on a Thursday, at eleven in the morning in New York. */
export async function openDesk(options: Partial<UspsOptions> = {}, roles: object[] = []): Promise<Desk> {
  const clock = movableClock('2026-05-28T15:00:00Z');
  const store = openStore();
  // One signing key for all: making one takes longer than everything else.
  if (signingKey !== undefined) store.put('usps.key', 'signing', signingKey);
  const usps = await startUsps({ clock, store, quota: 100_000, ...options });
  signingKey ??= store.get<object>('usps.key', 'signing');
  let tokens: Record<string, string> = {};
  const ask: Desk['ask'] = async (method, path, body, headers) => {
    const response = await fetch(usps.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...tokens,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const read = await bodyOf(response);
    const code = String(read?.error?.errors?.[0]?.code ?? read?.error?.message ?? '');
    return { status: response.status, headers: response.headers, body: read, code };
  };
  const renew = async () => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
    });
    const answer = await fetch(`${usps.url}/oauth2/v3/token`, { method: 'POST', body: form });
    tokens = { authorization: `Bearer ${(await answer.json()).access_token}` };
    const who = { CRID: client.crid, MID: client.mid, manifestMID: client.manifestMid };
    const { body } = await ask('POST', '/payments/v3/payment-authorization', {
      roles: [
        { roleName: 'PAYER', ...who, accountType: 'EPS', accountNumber: client.accountNumber },
        { roleName: 'LABEL_OWNER', ...who },
        ...roles,
      ],
    });
    tokens['x-payment-authorization-token'] = String(body.paymentAuthorizationToken);
  };
  await renew();
  return { usps, clock, ask, renew };
}

/** Parts of a message by their names. */
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

export const outbound = (piece: object = {}, more: object = {}) => ({
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

export const back = (piece: object = {}, more: object = {}) => ({
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

export const abroad = (piece: object = {}, more: object = {}) => ({
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
