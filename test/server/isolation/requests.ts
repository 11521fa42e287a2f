import { box } from '../../support/test-server.ts';
import { addressOf, markOf, numberOf, parcelsOfTenant, senderOf, type World } from './world.ts';

/** What the tenants own so far: the ids of their rates and shipments. */
export interface Owned {
  readonly rates: string[][];
  readonly shipments: string[][];
}

export const ownNothing = (tenants: number): Owned => ({
  rates: Array.from({ length: tenants }, () => []),
  shipments: Array.from({ length: tenants }, () => []),
});

/** One request: of which kind, by whom, whose things it also asks for, and which of them. */
export interface Request {
  readonly kind: keyof typeof kinds;
  readonly tenant: number;
  readonly other: number;
  readonly pick: number;
}

/** How a request ended, and what was wrong with its answer, if anything. */
export interface Outcome {
  readonly outcome: string;
  readonly wrong?: string;
}
type Send = (world: World, owned: Owned, request: Request) => Promise<Outcome>;

const pickOf = (list: readonly string[], pick: number) => list[pick % list.length];
const newKey = (() => {
  let last = 0;
  return () => `key-${(last += 1)}`;
})();

/** Expects a read of what is another's to find nothing. */
const unlessFound = (found: unknown, outcome: string) =>
  found === null || found === undefined ? { outcome } : { outcome, wrong: JSON.stringify(found) };

const purchase = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
  shipment { id reference status account { name } to { name } } failure { code } userErrors { code } } }`;
const voiding = `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { id } userErrors { code } } }`;
const printing = `query ($ids: [ID!]!) { labelDocument(input: { shipmentIds: $ids, format: PDF }) { labels skipped { shipmentId } } }`;
const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Shipment { id account { name } } ... on Rate { id account { name } }
  ... on Tracker { trackingNumber status source: account { name } failure { code } } } }`;
const tracking = `query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) {
  trackingNumber status events { description } account { name } failure { code } } }`;

export const kinds = {
  async quote(world, owned, { tenant, pick }) {
    const input = { from: senderOf(tenant), to: addressOf(tenant, (pick % 3) + 1), parcels: [box] };
    const { data } = await world.ask(tenant, 'query ($input: RatesInput!) { rates(input: $input) { rates { id account { name } } } }', { input }); // prettier-ignore
    const ids: string[] = data.rates.rates.map(({ id }: { id: string }) => id);
    if (ids.length === 0) return { outcome: 'quoted', wrong: 'there are no rates' };
    owned.rates[tenant] = ids;
    return { outcome: 'quoted' };
  },
  async verify(world, _, { tenant, pick }) {
    const address = addressOf(tenant, (pick % 5) + 1);
    const { data } = await world.ask(tenant, 'query ($address: AddressInput!) { addressVerification(address: $address) { status address { postalCode } } }', { address }); // prettier-ignore
    return { outcome: `verified ${data.addressVerification.status}` };
  },
  async track(world, _, { tenant, other, pick }) {
    const own = numberOf(tenant, pick % parcelsOfTenant);
    const foreign = numberOf(other, pick % parcelsOfTenant);
    const numbers = [own, foreign].map((trackingNumber) => ({ trackingNumber, accountId: 'usps' }));
    const { data } = await world.ask(tenant, tracking, { numbers });
    const [mine, theirs] = data.trackers;
    if (mine.events.length === 0) return { outcome: 'tracked', wrong: JSON.stringify(mine) };
    return unlessFound(tenant === other ? null : theirs.events[0], 'tracked');
  },
  async buy(world, owned, { tenant, pick }) {
    const rateId = pickOf(owned.rates[tenant]!, pick);
    if (rateId === undefined) return { outcome: 'nothing to buy' };
    const input = { idempotencyKey: newKey(), rateId, reference: markOf(tenant) };
    const { data } = await world.ask(tenant, purchase, { input });
    const { shipment } = data.shipmentPurchase;
    if (shipment?.status === 'PURCHASED') owned.shipments[tenant]!.push(shipment.id);
    return { outcome: shipment?.status ?? data.shipmentPurchase.userErrors[0]?.code };
  },
  async buyForeign(world, owned, { tenant, other, pick }) {
    const rateId = pickOf(owned.rates[other]!, pick);
    if (tenant === other || rateId === undefined) return { outcome: 'nothing foreign' };
    const { data } = await world.ask(tenant, purchase, { input: { idempotencyKey: newKey(), rateId } });
    return unlessFound(data.shipmentPurchase.shipment, `foreign rate ${data.shipmentPurchase.userErrors[0]?.code}`); // prettier-ignore
  },
  async list(world, owned, { tenant }) {
    const { data } = await world.ask(tenant, '{ shipments(first: 100) { nodes { id reference account { name } to { name } } } }'); // prettier-ignore
    const foreign = data.shipments.nodes.find(({ reference }: any) => reference !== markOf(tenant));
    const missing = owned.shipments[tenant]!.length > 0 && data.shipments.nodes.length === 0;
    return missing ? { outcome: 'listed', wrong: 'the list is empty' } : unlessFound(foreign, 'listed');
  },
  async readShipments(world, owned, { tenant, other, pick }) {
    const [own, foreign] = [tenant, other].map((each) => pickOf(owned.shipments[each]!, pick) ?? 'shp_none');
    const { data } = await world.ask(tenant, 'query ($own: ID!, $foreign: ID!) { own: shipment(id: $own) { id } foreign: shipment(id: $foreign) { id reference } }', { own, foreign }); // prettier-ignore
    if (own !== 'shp_none' && data.own?.id !== own) return { outcome: 'read', wrong: `${own} is not there` };
    return unlessFound(tenant === other ? null : data.foreign, 'read');
  },
  async entities(world, owned, { tenant, other, pick }) {
    const things = (each: number) => [
      ...(owned.shipments[each]!.length > 0 ? [{ __typename: 'Shipment', id: pickOf(owned.shipments[each]!, pick) }] : []), // prettier-ignore
      ...(owned.rates[each]!.length > 0
        ? [{ __typename: 'Rate', id: pickOf(owned.rates[each]!, pick) }]
        : []),
    ];
    const own = [...things(tenant), { __typename: 'Tracker', carrier: 'USPS', trackingNumber: numberOf(tenant, pick % parcelsOfTenant) }]; // prettier-ignore
    const foreign = tenant === other ? [] : things(other);
    const { data } = await world.ask(tenant, entities, { representations: [...own, ...foreign] });
    const found = data._entities.slice(own.length).find((entity: unknown) => entity !== null);
    const missing = data._entities.slice(0, own.length).indexOf(null);
    if (missing >= 0) return { outcome: 'entities', wrong: `${JSON.stringify(own[missing])} is not there` };
    return unlessFound(found, 'entities');
  },
  async voidForeign(world, owned, { tenant, other, pick }) {
    const id = pickOf(owned.shipments[other]!, pick);
    if (tenant === other || id === undefined) return { outcome: 'nothing foreign' };
    const { data } = await world.ask(tenant, voiding, { id });
    return unlessFound(data.shipmentVoid.shipment, `foreign void ${data.shipmentVoid.userErrors[0]?.code}`);
  },
  async printForeign(world, owned, { tenant, other, pick }) {
    const id = pickOf(owned.shipments[other]!, pick);
    if (tenant === other || id === undefined) return { outcome: 'nothing foreign' };
    const { data, errors } = await world.ask(tenant, printing, { ids: [id] });
    const printed = data?.labelDocument?.labels > 0 ? data.labelDocument : undefined;
    return unlessFound(printed, errors ? 'foreign label refused' : 'foreign label skipped');
  },
} satisfies Record<string, Send>;
