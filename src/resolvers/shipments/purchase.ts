import type { Account, AccountFailure } from '../../accounts/account.ts';
import { findAccount } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import type { Context } from '../../auth/context.ts';
import type { Address } from '../../domain/address.ts';
import type { Clock } from '../../domain/clock.ts';
import { ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { LabelRequest } from '../../domain/label.ts';
import { compareMoney, type Money } from '../../domain/money.ts';
import { quotedAt } from '../../domain/rate.ts';
import { validateLabelParts } from '../../domain/requirements.ts';
import { validateContact, withContact } from '../../domain/shipment.ts';
import type { ShipmentPurchaseInput } from '../../generated/resolvers-types.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { currentPlan } from '../../transport/call-plan.ts';
import { hash, idempotencyKeyErrors, toIdempotencyKey } from '../idempotency-key.ts';
import { openRate, type SealedRate } from '../rates/sealed-rate.ts';
import { requireCaller } from '../require-caller.ts';

/**
 * Purchases a rate. The idempotency key is looked up before the rate is opened, so that a repeated call returns the
 * purchase even after its rate has expired. `tracksAfterwards` where the operation selects trackers of the parcels.
 */
export async function purchase(
  input: ShipmentPurchaseInput,
  context: Context,
  tracksAfterwards: boolean,
): Promise<StoredShipment | AccountFailure> {
  const earlier = await findPurchase(input, context);
  if (earlier) return earlier;
  const checked = checkPurchase(input, context);
  if ('error' in checked) return checked;
  const { rate, account, request } = checked;
  if (tracksAfterwards) planTrackers(request.request.parcels.length, context);
  return context.workflows.purchases.buy({
    ...toIdempotencyKey('PURCHASE', input, context),
    by: context,
    rateHash: hash(rate.id()),
    account,
    isWatched: requireCaller(context).tenant.watch?.purchased ?? true,
    spendLimit: context.spendLimit && { ...context.spendLimit, day: dayOf(context.clock) },
    request,
  });
}

/** Returns what the idempotency key has purchased, reconciled; undefined where the key is new, or its purchase failed. */
export async function findPurchase(
  input: ShipmentPurchaseInput,
  context: Context,
): Promise<StoredShipment | undefined> {
  throwIfInvalid(inputErrors(input));
  return context.workflows.purchases.find(toIdempotencyKey('PURCHASE', input, context));
}

/** A purchase that the caller may make. */
export interface CheckedPurchase {
  readonly rate: SealedRate;
  readonly account: Account;
  readonly request: LabelRequest;
}

/** Checks a purchase without a call to the provider: its rate, account, addresses and highest price. */
export function checkPurchase(
  input: ShipmentPurchaseInput,
  context: Context,
): CheckedPurchase | AccountFailure {
  throwIfInvalid(inputErrors(input));
  const rate = requireRate(input.rateId, context);
  const account = findAccount(requireCaller(context), rate.account.id);
  if (account === undefined) {
    const message = `the account ${rate.account.id}, which quoted this rate, was removed`;
    return { error: new ProviderError('CREDENTIALS_MISSING', message, { hint: 'Ask for rates again.' }) };
  }
  currentPlan()?.choose(account.id, 'it quoted the rate');
  if (account.adapter.labels === undefined) return { error: unsupported(account, 'sell labels'), account };
  const from = withContact(rate.request.from, input.from);
  const to = withContact(rate.request.to, input.to);
  throwIfInvalid(purchaseErrors(input, rate, from, to));
  const request = {
    request: rate.request,
    offer: rate.offer,
    from,
    to,
    format: input.label?.format ?? 'PDF',
    reference: input.reference?.trim() || undefined,
    quotedAt: quotedAt(rate.expiresAt),
    maxPrice: input.maxPrice ?? rate.offer.price,
  };
  return { rate, account, request };
}

/** The day in UTC: YYYY-MM-DD. */
const dayOf = (clock: Clock) => new Date(clock.now()).toISOString().slice(0, 10);

/**
 * Adds the calls for the trackers of parcels that a plan does not purchase: at the worst every account is asked, once for
 * all of them and then for each.
 */
function planTrackers(parcels: number, { caller }: Context): void {
  for (const { id, adapter } of caller?.accounts ?? []) {
    const api = adapter.track && adapter.products?.track;
    if (api) currentPlan()?.addPossible(id, api, parcels + 1, 'the label is purchased');
  }
}

function inputErrors({ idempotencyKey, reference }: ShipmentPurchaseInput): UserError[] {
  const errors = idempotencyKeyErrors(idempotencyKey);
  if ((reference ?? '').length > 100) {
    errors.push({ code: 'INVALID', field: ['input', 'reference'], message: 'has at most 100 characters' });
  }
  return errors;
}

/** Returns the rate; throws an `InputError` RATE_INVALID or RATE_EXPIRED if it can't be purchased. */
function requireRate(rateId: string, context: Context): SealedRate {
  const field = ['input', 'rateId'];
  const rate = openRate(rateId, context);
  if (rate === undefined) {
    const message = 'is no rate of yours, or has been altered; ask for rates again';
    throwIfInvalid([{ code: 'RATE_INVALID', field, message }]);
  }
  const { expiresAt } = rate!;
  if (expiresAt <= context.clock.now()) {
    const message = `expired at ${new Date(expiresAt).toISOString()}; ask for rates again`;
    throwIfInvalid([{ code: 'RATE_EXPIRED', field, message }]);
  }
  return rate!;
}

/** Validates the addresses and the highest price against the rate and returns every error found. */
function purchaseErrors(
  input: ShipmentPurchaseInput,
  { request, offer }: SealedRate,
  from: Address,
  to: Address,
): UserError[] {
  return [
    ...validateContact(request.from, input.from, ['input', 'from']),
    ...validateContact(request.to, input.to, ['input', 'to']),
    ...validateLabelParts({ from, to, customs: request.customs }, offer).map(inPurchase),
    ...maxPriceErrors(input, offer.price),
  ];
}

function maxPriceErrors({ maxPrice }: ShipmentPurchaseInput, price: Money): UserError[] {
  if (!maxPrice) return [];
  const invalid = (part: string, message: string): UserError[] => [
    { code: 'INVALID', field: ['input', 'maxPrice', part], message },
  ];
  if (maxPrice.currencyCode !== price.currencyCode) {
    return invalid('currencyCode', `is not that of the rate, ${price.currencyCode}`);
  }
  return compareMoney(maxPrice, price) < 0
    ? invalid('amount', `is less than the ${price.amount} that the rate costs`)
    : [];
}

/** Customs are a part of the rate, not of the purchase. */
function inPurchase(error: UserError): UserError {
  const [part, ...rest] = error.field;
  if (part !== 'customs') return { ...error, field: ['input', ...error.field] };
  const message = rest.length > 0 ? `${error.field.join('.')} is missing: ${error.message}` : error.message;
  return { ...error, field: ['input', 'rateId'], message };
}
