import { z } from 'zod';

import type { Context } from '../../auth/context.ts';
import { InputError, outcome, ProviderError, throwIfInvalid } from '../../domain/errors.ts';
import { sum } from '../../domain/money.ts';
import { contentTypes, sealLabelLink, type LabelFormat, type LabelLink } from '../../domain/shipment.ts';
import { parcelNumber } from '../../domain/tracking.ts';
import type { Resolvers, ResolversTypes } from '../../generated/resolvers-types.ts';
import type { Cursor, ShipmentFilter, StoredParcel, StoredShipment } from '../../storage/shipments.ts';
import type { HistoryRow } from '../../storage/tables.ts';
import { accountOrRemoved, requireCaller } from '../require-auth.ts';
import { withUserErrors } from '../errors.ts';
import {
  connection,
  countErrors,
  countOf,
  fromCursor,
  toCursor,
  wrongCursor,
  type PageArgs,
} from '../pagination.ts';
import type { Failure } from '../provider.ts';
import { purchase } from './purchase.ts';

/** What happened to a shipment. */
export interface ShipmentEventSource {
  readonly shipment: StoredShipment;
  readonly entry: HistoryRow;
}

/** A parcel and the shipment that it goes with. */
export interface ShippedParcelSource {
  readonly shipment: StoredShipment;
  readonly stored: StoredParcel;
}

type Payload = Awaited<ResolversTypes['ShipmentPurchasePayload']>;

/** A link to a label is good for a day; asking for the shipment again makes a new one. */
const labelLifetimeMs = 24 * 60 * 60 * 1000;

export const shipmentResolvers: Resolvers = {
  Query: {
    shipment: async (_, { id }, context) => {
      requireCaller(context);
      return (await context.loaders.shipment.load(id)) ?? null;
    },
    shipments: async (_, { filter, ...args }, context) =>
      shipmentPage(
        args,
        {
          status: filter?.status ?? undefined,
          accountIds: filter?.accountIds ?? undefined,
          reference: filter?.reference ?? undefined,
          trackingNumber: filter?.trackingNumber
            ? parcelNumber(filter.trackingNumber).trackingNumber
            : undefined,
          createdAfter: filter?.createdAfter ? new Date(filter.createdAfter) : undefined,
          createdBefore: filter?.createdBefore ? new Date(filter.createdBefore) : undefined,
        },
        context,
      ),
  },
  Mutation: {
    shipmentPurchase: async (_, { input }, context): Promise<Payload> =>
      withUserErrors(async () => {
        const shipment = await purchase(input, context);
        if ('error' in shipment) return { userErrors: [], failure: shipment };
        return { shipment, userErrors: [], failure: failureOf(shipment, context) };
      }),
    shipmentVoid: async (_, { input }, context) =>
      withUserErrors(async () => {
        const shipment = await voidable(input.id, context);
        const account = accountOrRemoved(context, shipment.account_id, shipment);
        const { refunds } = context.ledger;
        const answer = await outcome(() => refunds.void(shipment.tenant_id, shipment.id, context));
        if (!(answer instanceof ProviderError)) return { shipment: answer, userErrors: [] };
        return { shipment, userErrors: [], failure: { error: answer, account } };
      }),
  },
  Shipment: {
    __resolveReference: async ({ id }, context) => {
      requireCaller(context);
      return (await context.loaders.shipment.load(id)) ?? null;
    },
    account: (shipment, _, context) => accountOrRemoved(context, shipment.account_id, shipment),
    from: ({ sender }) => sender,
    to: ({ recipient }) => recipient,
    parcels: (shipment) => shipment.parcels.map((stored) => ({ shipment, stored })),
    quotedPrice: ({ quoted_price }) => quoted_price,
    price: ({ parcels }) => {
      const prices = parcels.flatMap(({ price }) => price ?? []);
      const [first, ...rest] = prices;
      return first && prices.length === parcels.length ? sum(first, ...rest) : null;
    },
    charges: ({ parcels }) => parcels.flatMap(({ charges }) => charges ?? []),
    label: (shipment, _, context) => labelOf(shipment, onlyParcel(shipment), context),
    forms: (shipment, _, context) => shipment.parcels.flatMap((parcel) => formsOf(shipment, parcel, context)),
    trackingNumber: (shipment) => onlyParcel(shipment)?.tracking_number ?? null,
    tracker: (shipment, _, context) => trackerOf(shipment, onlyParcel(shipment), context),
    refund: (shipment) => onlyParcel(shipment)?.refund ?? null,
    isReturn: ({ is_return }) => is_return,
    history: async (shipment, _, context) => {
      const entries = await context.ledger.history.of(shipment.tenant_id, shipment.id);
      return entries.map((entry) => ({ shipment, entry }));
    },
    failure: (shipment, _, context) => failureOf(shipment, context),
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
  ShippedParcel: {
    parcel: ({ stored }) => stored.parcel,
    status: ({ shipment, stored }) => parcelStatus(shipment, stored),
    price: ({ stored }) => stored.price,
    label: ({ shipment, stored }, _, context) => labelOf(shipment, stored, context),
    forms: ({ shipment, stored }, _, context) => formsOf(shipment, stored, context),
    trackingNumber: ({ stored }) => stored.tracking_number,
    tracker: ({ shipment, stored }, _, context) => trackerOf(shipment, stored, context),
    refund: ({ stored }) => stored.refund ?? null,
  },
  ShipmentEvent: {
    at: ({ entry }) => entry.at.toISOString(),
    event: ({ entry }) => entry.event,
    account: ({ shipment, entry }, _, context) => accountOrRemoved(context, entry.account_id, shipment),
    by: ({ entry }) => entry.actor,
    detail: ({ entry }) => entry.detail,
    requestId: ({ entry }) => entry.request_id,
  },
};

/** A page of the caller's shipments, newest first. */
export async function shipmentPage(args: PageArgs, filter: ShipmentFilter, context: Context) {
  const { tenant } = requireCaller(context);
  const last = args.after ? fromCursor(args.after, place) : undefined;
  throwIfInvalid([...countErrors(args), ...(args.after && !last ? [wrongCursor] : [])]);
  const page = await context.ledger.shipments.page(tenant.id, countOf(args), last, filter);
  const edges = page.shipments.map((node) => ({
    node,
    cursor: toCursor([node.created_at.toISOString(), node.id]),
  }));
  return connection(edges, args, page.hasNextPage);
}

/** Of a shipment in the list. */
const place = z
  .tuple([z.iso.datetime().regex(/^2/), z.string().regex(/^[\w-]+$/)])
  .transform(([createdAt, id]): Cursor => ({ createdAt: new Date(createdAt), id }));

/** What is under way is so with its shipment; what is settled stands for itself. */
function parcelStatus(shipment: StoredShipment, { state }: StoredParcel): StoredShipment['status'] {
  if (state === 'VOIDED') return 'VOIDED';
  if (state === 'REFUSED') return 'FAILED';
  return state === 'SOLD' ? 'PURCHASED' : shipment.status;
}

/** A label that was bought, and may be taken back or has been. */
async function voidable(id: string, context: Context): Promise<StoredShipment> {
  requireCaller(context);
  const shipment = await context.loaders.shipment.load(id);
  const field = ['input', 'id'];
  if (shipment === undefined) {
    throw new InputError([{ code: 'NOT_FOUND', field, message: 'is no shipment of yours' }]);
  }
  if (shipment.status !== 'PURCHASED' && shipment.status !== 'VOIDED') {
    const message = `is ${shipment.status}: there is no label to give back`;
    throw new InputError([{ code: 'NOT_VOIDABLE', field, message }]);
  }
  return shipment;
}

function onlyParcel(shipment: StoredShipment): StoredParcel | undefined {
  return shipment.parcels.length === 1 ? shipment.parcels[0] : undefined;
}

function labelOf(shipment: StoredShipment, parcel: StoredParcel | undefined, context: Context) {
  if (parcel === undefined || !isPrintable(shipment, parcel)) return null;
  return labelLink({ id: shipment.id, position: parcel.position }, parcel.label_format, context);
}

function formsOf(shipment: StoredShipment, parcel: StoredParcel, context: Context) {
  if (!isPrintable(shipment, parcel)) return [];
  return parcel.forms.map(({ number, name, format }) => ({
    name,
    ...labelLink({ id: shipment.id, position: parcel.position, form: number }, format, context),
  }));
}

/** What is given back, or may be, is not to be printed; nor is what was deleted. */
function isPrintable(shipment: StoredShipment, { refund, tracking_number }: StoredParcel): boolean {
  const stands = shipment.status === 'PURCHASED' && !shipment.blanked_at;
  return stands && refund?.status !== 'REQUESTED' && tracking_number !== null;
}

/** A link to a document, and what it opens. */
export function labelLink(link: Omit<LabelLink, 'expiresAt'>, format: LabelFormat, context: Context) {
  const expiresAt = context.clock.now() + labelLifetimeMs;
  return {
    format,
    url: `${context.publicUrl}/labels/${sealLabelLink(context.sealer, { ...link, expiresAt })}`,
    contentType: contentTypes[format],
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

function trackerOf(shipment: StoredShipment, parcel: StoredParcel | undefined, context: Context) {
  if (!parcel?.tracking_number) return null;
  return context.loaders.tracker.load({
    parcel: { trackingNumber: parcel.tracking_number, carrier: shipment.carrier },
  });
}

function failureOf(shipment: StoredShipment, context: Context): Failure | null {
  const { failure } = shipment;
  if (!failure) return null;
  return {
    error: new ProviderError(failure.code, failure.message, failure),
    account: accountOrRemoved(context, shipment.account_id, shipment),
  };
}
