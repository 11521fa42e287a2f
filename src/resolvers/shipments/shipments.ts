import type { AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { InputError, outcome, ProviderError } from '../../domain/errors.ts';
import { sum } from '../../domain/money.ts';
import { parcelNumber } from '../../domain/tracking.ts';
import type { Resolvers, ResolversTypes } from '../../generated/resolvers-types.ts';
import { currentPlan } from '../../transport/call-plan.ts';
import type { StoredParcel, StoredShipment } from '../../storage/shipments.ts';
import type { HistoryRow } from '../../storage/tables.ts';
import { withUserErrors } from '../errors.ts';
import { selects } from '../selects.ts';
import { requireCaller } from '../require-caller.ts';
import { formsOf, labelOf } from './documents.ts';
import { labelDocument } from './label-document.ts';
import { purchase } from './purchase.ts';
import { confirmPurchase, planPurchase, purchasePlanFields } from './purchase-plan.ts';
import { reprint } from './reprint.ts';
import { shipmentPage } from './shipment-page.ts';

/** The source of `ShipmentEvent`. */
export interface ShipmentEventSource {
  readonly shipment: StoredShipment;
  readonly entry: HistoryRow;
}

/** The source of `ShippedParcel`. */
export interface ShippedParcelSource {
  readonly shipment: StoredShipment;
  readonly stored: StoredParcel;
}

type PurchasePayload = Awaited<ResolversTypes['ShipmentPurchasePayload']>;

export const shipmentResolvers: Resolvers = {
  Query: {
    shipment: async (_, { id }, context) => (await load(id, context)) ?? null,
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
    shipmentPurchasePlan: (_, { input }, context) => planPurchase(input, context),
    labelDocument: async (_, { input }, context) => labelDocument(input, context),
  },
  Mutation: {
    shipmentPurchase: async (_, { input }, context, info): Promise<PurchasePayload> =>
      payloadOf(context, () => purchase(input, context, selects(info, 'tracker'))),
    shipmentPurchaseConfirm: async (_, { input }, context, info): Promise<PurchasePayload> =>
      payloadOf(context, () => confirmPurchase(input, context, selects(info, 'tracker'))),
    labelReprint: async (_, { input }, context): Promise<PurchasePayload> =>
      withUserErrors(async () => ({ ...(await reprint(input, context)), userErrors: [] })),
    shipmentVoid: async (_, { input }, context) =>
      withUserErrors(async () => {
        const shipment = await requireVoidable(input.id, context);
        currentPlan()?.choose(shipment.account_id, 'it purchased the label');
        const { refunds } = context.workflows;
        const result = await outcome(() => refunds.void(shipment.tenant_id, shipment.id, context));
        if (!(result instanceof ProviderError)) return { shipment: result, userErrors: [] };
        return {
          shipment,
          userErrors: [],
          failure: { error: result, account: accountOf(shipment, context) },
        };
      }),
  },
  ShipmentPurchasePlan: purchasePlanFields,
  Shipment: {
    __resolveReference: async ({ id }, context) => (await load(id, context)) ?? null,
    account: (shipment, _, context) => accountOf(shipment, context),
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
    tracker: (shipment, _, context) => loadTracker(shipment, onlyParcel(shipment), context),
    refund: (shipment) => onlyParcel(shipment)?.refund ?? null,
    isReturn: ({ is_return }) => is_return,
    history: async (shipment, _, context) => {
      const entries = await context.storage.history.of(shipment.tenant_id, shipment.id);
      return entries.map((entry) => ({ shipment, entry }));
    },
    failure: (shipment, _, context) => failureOf(shipment, context),
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
  ShipmentConnection: { totalCount: ({ count }) => count() },
  ShippedParcel: {
    parcel: ({ stored }) => stored.parcel,
    status: ({ shipment, stored }) => parcelStatus(shipment, stored),
    price: ({ stored }) => stored.price,
    label: ({ shipment, stored }, _, context) => labelOf(shipment, stored, context),
    forms: ({ shipment, stored }, _, context) => formsOf(shipment, stored, context),
    trackingNumber: ({ stored }) => stored.tracking_number,
    tracker: ({ shipment, stored }, _, context) => loadTracker(shipment, stored, context),
    refund: ({ stored }) => stored.refund ?? null,
  },
  ShipmentEvent: {
    at: ({ entry }) => entry.at.toISOString(),
    event: ({ entry }) => entry.event,
    account: ({ shipment, entry }, _, context) =>
      accountOrRemoved(context.caller, entry.account_id, shipment),
    by: ({ entry }) => entry.actor,
    detail: ({ entry }) => entry.detail,
    requestId: ({ entry }) => entry.request_id,
  },
};

const payloadOf = (
  context: Context,
  buy: () => Promise<StoredShipment | AccountFailure>,
): Promise<PurchasePayload> =>
  withUserErrors(async () => {
    const result = await buy();
    if ('error' in result) return { userErrors: [], failure: result };
    return { shipment: result, userErrors: [], failure: failureOf(result, context) };
  });

function load(id: string, context: Context): Promise<StoredShipment | undefined> {
  requireCaller(context);
  return context.loaders.shipment.load(id);
}

/** Returns a shipment whose label was purchased, and perhaps voided already; throws an `InputError` otherwise. */
async function requireVoidable(id: string, context: Context): Promise<StoredShipment> {
  const shipment = await load(id, context);
  const field = ['input', 'id'];
  if (shipment === undefined) {
    throw new InputError([{ code: 'NOT_FOUND', field, message: 'is no shipment of yours' }]);
  }
  if (shipment.status !== 'PURCHASED' && shipment.status !== 'VOIDED') {
    const message = `is ${shipment.status}: there is no label to void`;
    throw new InputError([{ code: 'NOT_VOIDABLE', field, message }]);
  }
  const [manifested] = await context.storage.operations.onManifests(shipment.tenant_id, [id]);
  if (manifested !== undefined) {
    const message = `is on the manifest ${manifested.operation}: its label can no longer be voided`;
    throw new InputError([{ code: 'NOT_VOIDABLE', field, message }]);
  }
  return shipment;
}

const accountOf = (shipment: StoredShipment, context: Context) =>
  accountOrRemoved(context.caller, shipment.account_id, shipment);

const onlyParcel = ({ parcels }: StoredShipment): StoredParcel | undefined =>
  parcels.length === 1 ? parcels[0] : undefined;

/** A parcel without a final state of its own has the status of its shipment. */
function parcelStatus(shipment: StoredShipment, { state }: StoredParcel): StoredShipment['status'] {
  if (state === 'VOIDED') return 'VOIDED';
  if (state === 'REFUSED') return 'FAILED';
  return state === 'PURCHASED' ? 'PURCHASED' : shipment.status;
}

function loadTracker(shipment: StoredShipment, parcel: StoredParcel | undefined, context: Context) {
  if (!parcel?.tracking_number) return null;
  return context.loaders.tracker.load({
    parcel: { trackingNumber: parcel.tracking_number, carrier: shipment.carrier },
  });
}

function failureOf(shipment: StoredShipment, context: Context): AccountFailure | null {
  const { failure } = shipment;
  if (!failure) return null;
  return {
    error: new ProviderError(failure.code, failure.message, failure),
    account: accountOf(shipment, context),
  };
}
