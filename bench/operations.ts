import type { Run, Send } from './load.ts';

/** The servers that are compared. Ours runs twice, once on each kind of ledger; `base` is another checkout of it. */
export const servers = ['proxy', 'mercurius', 'apollo', 'mesh', 'base', 'embedded', 'postgres'] as const;
export type Server = (typeof servers)[number];

/** What is measured: the same work at each of the servers that can do it. */
export interface Operation {
  readonly rivals: Readonly<Partial<Record<Server, Run>>>;
  /** Prepares our server, and returns what is measured there. */
  readonly ours: (send: Send) => Promise<Run>;
}

interface Answer<T> {
  readonly data: T;
}

/** What an answer holds where the operation, or a part of it, had no success. */
const unsuccessful = /"errors":\[|"(failures|userErrors)":\[\{|"failure":\{/;

/** Sends an operation to a GraphQL server. Throws where its answer has errors or failures. */
const query =
  <Variables extends object>(document: string, variables: (number: number) => Variables): Run =>
  async (send, number) => {
    const answer = await send('/graphql', { query: document, variables: variables(number) });
    if (unsuccessful.test(answer.toString())) throw new Error(answer.toString());
    return answer;
  };

const ask = async <T>(send: Send, document: string, variables: object): Promise<T> =>
  (JSON.parse(String(await query(document, () => variables)(send, 0))) as Answer<T>).data;

const address = (number: number) => ({
  name: `Ada Lovelace ${number}`,
  street1: `${number} Montgomery St`,
  city: 'San Francisco',
  state: 'CA',
  postalCode: '94104',
  country: 'US',
});
const shipment = (number: number) => ({
  from: address(1),
  to: address(number),
  parcels: [
    {
      weight: { value: 1 + (number % 700) / 10, unit: 'OUNCE' },
      dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
    },
  ],
});
const rateFields = 'carrier service { code name } price { amount currencyCode } estimatedDays';
const ratesQuery = (fields: string, more = '') =>
  `query Rates($input: RatesInput!) { rates(input: $input) { rates { ${fields} } ${more} } }`;
/** Without their failures, an answer with no rates would be taken for a fast one. */
const ourRatesQuery = (fields: string) => ratesQuery(fields, 'failures { message }');
const ratesOf = (...accountIds: string[]) => (number: number) => ({ input: { ...shipment(number), accountIds } }); // prettier-ignore

/** EasyPost's own form of `shipment`. */
function easypostShipment(number: number) {
  const { from, to, parcels } = shipment(number);
  const toAddress = ({ postalCode: zip, ...rest }: typeof from) => ({ ...rest, zip });
  const parcel = { weight: parcels[0]!.weight.value, length: 10, width: 8, height: 4 };
  return { shipment: { from_address: toAddress(from), to_address: toAddress(to), parcel } };
}
const quote: Run = (send, number) => send('/v2/shipments', easypostShipment(number));

const handWritten = query(ratesQuery(`id ${rateFields}`), (number) => ({ input: shipment(number) }));
const composed = query(
  'mutation Rates($input: createShipment_request_Input) { createShipment(input: $input) { rates { id carrier service rate currency delivery_days } } }',
  (number) => ({ input: easypostShipment(number) }),
);
const rateRivals = { proxy: quote, mercurius: handWritten, apollo: handWritten, mesh: composed };

/** The numbers of parcels: 2,000 different ones, of which each run takes others. */
const numbers = (count: number, first: number) =>
  Array.from({ length: count }, (_, index) => `94${String((first + index) % 2000).padStart(20, '0')}`);

const trackerFields = 'trackingNumber carrier status statusText events { status description occurredAt }';
const trackersQuery = `query Trackers($numbers: [TrackingNumberInput!]!, $maxAge: Int) {
  trackers(numbers: $numbers, maxAgeSeconds: $maxAge) { ${trackerFields} } }`;
const parcels = (count: number, first: number) =>
  numbers(count, first).map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' }));

/** Has our server ask for all parcels once, so that its ledger knows them. */
async function fillLedger(send: Send): Promise<void> {
  for (const first of [0, 1000]) await ask(send, trackersQuery, { numbers: parcels(1000, first) });
}

/** Trackers that are fresh enough in the ledger; the proxy answers from its memory. */
const freshTrackers = (count: number): Operation => ({
  rivals: { proxy: (send, number) => send('/memory', { tracking_codes: numbers(count, number) }) },
  async ours(send) {
    await fillLedger(send);
    return query(trackersQuery, (number) => ({ numbers: parcels(count, number), maxAge: 86_400 }));
  },
});

/** Trackers that the provider is asked for, a hundred a call as its adapter does; requests at one time ask for different ones. */
const refreshedTrackers = (count: number): Operation => ({
  rivals: {
    proxy: (send, number) =>
      count === 1
        ? send(`/v2/trackers/trk_${numbers(1, number)[0]}`)
        : Promise.all(
            Array.from({ length: Math.ceil(count / 100) }, (_, batch) =>
              send('/v2/trackers/batch', {
                tracking_codes: numbers(Math.min(count, 100), number * count + batch * 100),
              }),
            ),
          ),
  },
  async ours(send) {
    await fillLedger(send);
    return query(trackersQuery, (number) => ({ numbers: parcels(count, number * count), maxAge: 0 }));
  },
});

interface Purchase {
  readonly shipmentPurchase: { readonly shipment: { readonly id: string } };
}
interface Rates {
  readonly rates: { readonly rates: readonly { readonly id: string }[] };
}
const purchaseQuery = `mutation Purchase($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) {
    shipment { id status price { amount } parcels { trackingNumber } } userErrors { message } failure { message } } }`;
const session = Date.now().toString(36);

/** Quotes at the account `one`, and purchases a rate of the quote; returns the id of the shipment. */
export async function purchase(send: Send, number: number): Promise<string> {
  const { rates } = await ask<Rates>(send, ourRatesQuery('id'), ratesOf('one')(number));
  const input = { idempotencyKey: `${session}-${number}`, rateId: rates.rates[0]!.id };
  const { shipmentPurchase } = await ask<Purchase>(send, purchaseQuery, { input });
  return shipmentPurchase.shipment.id;
}

export const operations: Readonly<Record<string, Operation>> = {
  rates: { rivals: rateRivals, ours: async () => query(ourRatesQuery(`id ${rateFields}`), ratesOf('one')) },
  'rates-without-ids': {
    rivals: rateRivals,
    ours: async () => query(ourRatesQuery(rateFields), ratesOf('one')),
  },
  'rates-of-3-accounts': {
    rivals: { proxy: (send, number) => Promise.all([1, 2, 3].map(() => quote(send, number))) },
    ours: async () => query(ourRatesQuery(`id ${rateFields}`), ratesOf('one', 'two', 'three')),
  },
  'fresh-trackers-1': freshTrackers(1),
  'fresh-trackers-35': freshTrackers(35),
  'fresh-trackers-1000': freshTrackers(1000),
  'refreshed-trackers-1': refreshedTrackers(1),
  'refreshed-trackers-35': refreshedTrackers(35),
  'refreshed-trackers-1000': refreshedTrackers(1000),
  verification: {
    rivals: { proxy: (send, number) => send('/v2/addresses', { address: address(number), verify: true }) },
    ours: async () =>
      query(
        'query Verify($address: AddressInput!) { addressVerification(address: $address) { status address { street1 city state postalCode } changes { field from to } failures { message } } }',
        (number) => ({ address: address(number) }),
      ),
  },
  shipment: {
    rivals: { proxy: (send, number) => send('/memory', { tracking_codes: numbers(1, number) }) },
    async ours(send) {
      const ids: string[] = [];
      for (let count = 0; count < 50; count += 1) ids.push(await purchase(send, 1e9 + count));
      return query(
        'query Shipment($id: ID!) { shipment(id: $id) { id status price { amount } parcels { trackingNumber } } }',
        (number) => ({ id: ids[number % ids.length] }),
      );
    },
  },
  /** With the quote before it, since a quote is bought once. */
  purchase: {
    rivals: {
      async proxy(send, number) {
        const quoted = JSON.parse(String(await quote(send, number))) as {
          id: string;
          rates: readonly { id: string }[];
        };
        return send(`/v2/shipments/${quoted.id}/buy`, { rate: quoted.rates[0], insurance: '0' });
      },
    },
    ours: async () => purchase,
  },
  'entities-100': {
    rivals: { proxy: (send, number) => send('/memory', { tracking_codes: numbers(100, number) }) },
    async ours(send) {
      await fillLedger(send);
      return query(
        `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tracker { ${trackerFields} } } }`,
        (number) => ({
          representations: parcels(100, number).map((parcel) => ({ __typename: 'Tracker', ...parcel })),
        }),
      );
    },
  },
};
