import { ProviderError } from '../domain/errors.ts';
import type { StoredFailure } from '../storage/tables.ts';

/** A failure as it is kept: what went wrong on our side is not told. */
export function storedFailure(error: unknown): StoredFailure {
  if (!(error instanceof ProviderError)) {
    return { code: 'UNREADABLE', message: 'it failed on our side; see the log', refused: false };
  }
  const { code, message, hint, retryAfterSeconds, field, providerCode, providerMessage, refused } = error;
  return { code, message, hint, retryAfterSeconds, field, providerCode, providerMessage, refused };
}

/** Nothing was sent before the process that should have was gone. */
export const lostBeforeSending: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'it was cut short, and nothing happened',
  hint: 'Call again with the same key.',
};

/** A provider that knows nothing of it yet may still be at it. */
export const mayBeUnderWay: StoredFailure = {
  code: 'TIMEOUT',
  message: 'the answer was lost; the provider has nothing so far, and may still be at it',
  hint: 'Call again with the same key in a few minutes.',
  refused: false,
};

/** Somebody who looked at it wants no label, whatever the provider sold. */
export const cancelledByHand: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'its answer was lost; somebody looked, and had what was bought cancelled',
  hint: 'Call again with the same key.',
};

/** It was heard of when its key had been tried again. */
export const tooLate: StoredFailure = {
  code: 'TIMEOUT',
  message: 'a label was bought so late that its key had been tried again: it goes back',
  refused: false,
};

/** What its rate sells was sold before, elsewhere or by another rate of the same quote. */
export const soldBefore = (shipmentId: string): StoredFailure => ({
  code: 'REJECTED',
  message: `what this rate sells has been bought already: it is the shipment ${shipmentId}`,
  hint: 'Ask for rates again for another label.',
});

/** Nobody is left who could ask the provider. */
export const accountGone: StoredFailure = {
  code: 'CREDENTIALS_MISSING',
  message: 'the account is gone, so that nobody can ask what became of it',
  hint: 'Add the account again under its alias, or resolve it by hand: npm run purchases.',
  refused: false,
};
