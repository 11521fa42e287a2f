import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { AccountFailure } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { InputError, type UserErrorCode } from '../../domain/errors.ts';
import type {
  ShipmentPurchaseConfirmInput,
  ShipmentPurchaseInput,
  ShipmentPurchasePlanInput,
  ShipmentPurchasePlanResolvers,
} from '../../generated/resolvers-types.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { toGraphQLError } from '../errors.ts';
import { requireCaller } from '../require-caller.ts';
import { checkPurchase, findPurchase, purchase, type CheckedPurchase } from './purchase.ts';

const planLifetimeMs = 10 * 60 * 1000;

/** The source of `ShipmentPurchasePlan`. */
export interface PlannedPurchase extends CheckedPurchase {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Checks a purchase and seals it with an idempotency key of its own, so that it is made once however often it is confirmed. */
export function planPurchase(input: ShipmentPurchasePlanInput, context: Context): PlannedPurchase {
  const idempotencyKey = `plan-${randomUUID()}`;
  const checked = checkPurchase({ ...input, idempotencyKey }, context);
  if ('error' in checked) throw toGraphQLError(checked);
  const { rate, request } = checked;
  const expiresAt = Math.min(context.clock.now() + planLifetimeMs, rate.expiresAt);
  const purchaseInput: ShipmentPurchaseInput = { ...input, idempotencyKey, maxPrice: request.maxPrice };
  const plan: SealedPlan = { input: purchaseInput, expiresAt };
  return { ...checked, id: context.sealer.seal(purpose, holderOf(context), plan), expiresAt };
}

/**
 * Purchases what was planned. A plan that has expired returns what it has purchased, and purchases nothing. Throws an
 * `InputError` with the codes of `purchase`, PLAN_INVALID or PLAN_EXPIRED.
 */
export async function confirmPurchase(
  { planId }: ShipmentPurchaseConfirmInput,
  context: Context,
  tracksAfterwards: boolean,
): Promise<StoredShipment | AccountFailure> {
  const { input, expiresAt } = requirePlan(planId, context);
  if (expiresAt > context.clock.now()) {
    return purchase(input, context, tracksAfterwards).catch(throwAsPlanError);
  }
  const earlier = await findPurchase(input, context);
  if (earlier) return earlier;
  throw planError(
    'PLAN_EXPIRED',
    `expired at ${new Date(expiresAt).toISOString()}, and nothing was purchased; plan the purchase again`,
  );
}

export const purchasePlanFields: ShipmentPurchasePlanResolvers = {
  maxPrice: ({ request }) => request.maxPrice,
  from: ({ request }) => request.from,
  to: ({ request }) => request.to,
  parcels: ({ request }) => request.request.parcels,
  labelFormat: ({ request }) => request.format,
  reference: ({ request }) => request.reference ?? null,
  expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
};

const purpose = 'purchase plan';

/** A plan opens for the key or subject that made it, and no other of its tenant. */
const holderOf = (context: Context) => JSON.stringify([requireCaller(context).tenant.id, context.actor]);

interface SealedPlan {
  readonly input: ShipmentPurchaseInput;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const planSchema = z.object({
  input: z.object({ idempotencyKey: z.string(), rateId: z.string() }).loose(),
  expiresAt: z.number(),
});

function requirePlan(planId: string, context: Context): SealedPlan {
  const { data } = planSchema.safeParse(context.sealer.open(purpose, holderOf(context), planId));
  // The seal proves that `planPurchase` wrote the content; the schema checks its version.
  if (data) return data;
  throw planError('PLAN_INVALID', 'is no plan of this API key, or has been altered; plan the purchase again');
}

const field = ['input', 'planId'];

const planError = (code: UserErrorCode, message: string) => new InputError([{ code, field, message }]);

/** The input that is at fault is a part of the plan. */
function throwAsPlanError(error: unknown): never {
  if (!(error instanceof InputError)) throw error;
  throw new InputError(error.errors.map((each) => ({ ...each, field })));
}
