import { ProviderError, type ProviderErrorDetails, type ProviderFailureCode } from './errors.ts';
import type { Money } from './money.ts';

/** A provider's failure as JSON. */
export type StoredFailure = ProviderErrorDetails & { code: ProviderFailureCode; message: string };

/** Converts an error to a failure that can be stored. Errors of our own lose their message, which is only logged. */
export function toStoredFailure(error: unknown): StoredFailure {
  if (!(error instanceof ProviderError)) {
    return { code: 'UNREADABLE', message: 'an internal error occurred; see the log', refused: false };
  }
  const { code, message, hint, retryable, retryAfterSeconds, field, providerCode, providerMessage, refused } = error; // prettier-ignore
  return { code, message, hint, retryable, retryAfterSeconds, field, providerCode, providerMessage, refused };
}

/** The process ended before it sent the request, or the provider has no record of it. */
export const neverSent: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'it was interrupted, and nothing happened',
  hint: 'Call again with the same key.',
};

/** The provider has no record of the request yet and may still be working on it. */
export const maybeInProgress: StoredFailure = {
  code: 'TIMEOUT',
  message: 'the response was lost; the provider has no record of it yet, and may still be working on it',
  hint: 'Call again with the same key in a few minutes.',
  refused: false,
};

/** The response was lost, and the adapter can't ask for the outcome. */
export const responseLost: StoredFailure = {
  code: 'TIMEOUT',
  message: 'the response was lost, and the provider offers no way to ask for the outcome',
  hint: 'Look it up at the provider, then resolve it by hand: npm run purchases.',
  refused: false,
};

/** Resolved by hand: nothing had happened at the provider. */
export const nothingFound: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'the response was lost; it was resolved by hand: nothing had happened',
  hint: 'Call again with the same key.',
};

/** Resolved by hand: all labels were cancelled. */
export const cancelledByHand: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'the response was lost; it was resolved by hand: what was bought was cancelled',
  hint: 'Call again with the same key.',
};

/** A label arrived after its key was retried. */
export const arrivedTooLate: StoredFailure = {
  code: 'TIMEOUT',
  message: 'a label was bought so late that its key had been tried again: it is voided',
  refused: false,
};

/** The label belongs to another shipment: it was imported, or another rate of the same quote bought it. */
export const purchasedBefore = (shipmentId: string): StoredFailure => ({
  code: 'REJECTED',
  message: `the label of this rate has been bought already: it is the shipment ${shipmentId}`,
  hint: 'Ask for rates again for another label.',
});

/** The labels cost more than the buyer allows. */
export const priceChanged = (maxPrice: Money, price: Money): StoredFailure => ({
  code: 'PRICE_CHANGED',
  message: `the label cost ${price.amount} ${price.currencyCode}, ${maxPrice.amount} ${maxPrice.currencyCode} was allowed, so it is voided`,
  hint: 'Allow this price with maxPrice, or choose another service: rates may offer this one at the old price again.',
});

/** The account was removed from the configuration, so the provider can't be asked. */
export const accountRemoved: StoredFailure = {
  code: 'CREDENTIALS_MISSING',
  message: 'the account was removed, so the outcome cannot be looked up',
  hint: 'Add the account again under its alias, or resolve it by hand: npm run purchases.',
  refused: false,
};
