import type { Context } from '../../auth/context.ts';
import { crossesCustoms } from '../../domain/customs.ts';
import { InputError, ProviderError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { compareMoney, type Money } from '../../domain/money.ts';
import { rateLifetimeMs } from '../../domain/rate.ts';
import { contactErrors, labelErrors, withContact } from '../../domain/shipment.ts';
import type { ShipmentPurchaseInput } from '../../generated/resolvers-types.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import { requireCaller } from '../require-auth.ts';
import { hash, keyErrors, idempotencyKeyOf } from '../idempotency-key.ts';
import type { Failure } from '../provider.ts';
import { openRate } from '../rate.ts';

/** Looks the key up before the rate is opened, so that a finished purchase answers although its rate has expired. */
export async function purchase(
  input: ShipmentPurchaseInput,
  context: Context,
): Promise<StoredShipment | Failure> {
  const { accounts } = requireCaller(context);
  const { ledger, clock } = context;
  const { reference, from, to } = input;
  throwIfInvalid(inputErrors(input));
  const key = idempotencyKeyOf('shipmentPurchase', input, context);
  const bought = await ledger.purchases.find(key);
  if (bought) return bought;

  const rate = openRate(input.rateId, context);
  if (rate === undefined) {
    throw refused('RATE_INVALID', ['rateId'], 'is no rate of yours, or has been altered');
  }
  if (rate.expiresAt <= clock.now()) {
    throw refused(
      'RATE_EXPIRED',
      ['rateId'],
      `expired at ${new Date(rate.expiresAt).toISOString()}; ask for rates again`,
    );
  }
  const account = accounts.find((each) => each.id === rate.account.id);
  if (account === undefined) {
    const message = `the account ${rate.account.id}, which quoted this rate, is gone`;
    return { error: new ProviderError('CREDENTIALS_MISSING', message, { hint: 'Ask for rates again.' }) };
  }
  const desk = account.adapter.labels;
  if (desk === undefined) return { error: unsupported(account, 'sell labels'), account };
  const sender = withContact(rate.request.from, from);
  const recipient = withContact(rate.request.to, to);
  const { customs } = rate.request;
  throwIfInvalid([
    ...contactErrors(rate.request.from, from, ['input', 'from']),
    ...contactErrors(rate.request.to, to, ['input', 'to']),
    ...labelErrors(sender, recipient, ['input']),
    ...limitErrors(input, rate.offer.price),
    ...(crossesCustoms(sender, recipient) && !customs ? [customsMissing] : []),
  ]);
  const { price } = rate.offer;
  const { maxPrice } = input;
  return ledger.purchases.buy({
    ...key,
    by: context,
    rateHash: hash(rate.id),
    account,
    request: {
      request: rate.request,
      offer: rate.offer,
      from: sender,
      to: recipient,
      format: input.label?.format ?? 'PDF',
      reference: reference?.trim() || undefined,
      quotedAt: rate.expiresAt - rateLifetimeMs,
      maxPrice: maxPrice ?? price,
    },
  });
}

function inputErrors({ idempotencyKey, reference }: ShipmentPurchaseInput): UserError[] {
  const errors = keyErrors(idempotencyKey);
  if ((reference ?? '').length > 100) {
    errors.push({ code: 'INVALID', field: ['input', 'reference'], message: 'has at most 100 characters' });
  }
  return errors;
}

function limitErrors({ maxPrice }: ShipmentPurchaseInput, price: Money): UserError[] {
  if (!maxPrice) return [];
  const wrong = (part: string, message: string): UserError[] => [
    { code: 'INVALID', field: ['input', 'maxPrice', part], message },
  ];
  if (maxPrice.currencyCode !== price.currencyCode) {
    return wrong('currencyCode', `is not that of the rate, ${price.currencyCode}`);
  }
  return compareMoney(maxPrice, price) < 0
    ? wrong('amount', `is less than the ${price.amount} that the rate costs`)
    : [];
}

const customsMissing: UserError = {
  code: 'REQUIRED',
  field: ['input', 'rateId'],
  message: 'goes across a customs border: ask for rates with customs, then buy one of those',
};

const refused = (code: 'RATE_INVALID' | 'RATE_EXPIRED', field: readonly string[], message: string) =>
  new InputError([{ code, field: ['input', ...field], message }]);
