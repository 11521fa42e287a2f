import type { ProviderFailureCode } from '../../domain/errors.ts';

interface Failure {
  readonly code: ProviderFailureCode;
  readonly hint?: string;
}

/** Error codes of EasyPost (docs.easypost.com/docs/errors) that say more than the status of their response. */
const failuresByCode: readonly (readonly [RegExp, ProviderFailureCode, string])[] = [
  [/^APIKEY\./, 'CREDENTIALS_REJECTED', 'Use an active API key of the EasyPost dashboard.'],
  [
    /^MODE\./,
    'WRONG_ENVIRONMENT',
    'Objects of test keys (EZTK) and of production keys (EZAK) are separate: use the other key.',
  ],
  [/^(PAYMENT_REQUIRED|BILLING\.)/, 'PAYMENT_NOT_AUTHORIZED', 'Add funds to the EasyPost wallet.'],
  [/^SHIPMENT\.MISSING_RATE$/, 'REJECTED', 'The rate is no longer for sale: ask for rates again.'],
  [/^TRACKER\.(NO_CARRIER|MULTIPLE_CARRIERS)_FOR_CODE$/, 'NOT_FOUND', 'Name the carrier of the number.'],
  [
    /^TRACKER\.CARRIER_CODE_MISMATCH$/,
    'NOT_FOUND',
    'The number does not belong to that carrier: check both.',
  ],
  [/^TRACKER\.UNSUPPORTED_CARRIER$/, 'NOT_SUPPORTED', 'EasyPost does not track this carrier.'],
  [/^TRACKER\.INVALID_TEST_CODE$/, 'WRONG_ENVIRONMENT', 'Use a test key (EZTK) for test tracking numbers.'],
];

/** Maps an error response to our failure code, by its error code first and its status otherwise. */
export function toFailure(status: number, errorCode = ''): Failure {
  const found = failuresByCode.find(([pattern]) => pattern.test(errorCode));
  if (found) return { code: found[1], hint: found[2] };
  switch (status) {
    case 401:
      return { code: 'CREDENTIALS_REJECTED', hint: 'Check the API key of the account.' };
    case 402:
      return { code: 'PAYMENT_NOT_AUTHORIZED', hint: 'Add funds to the EasyPost wallet.' };
    case 403:
      return {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        hint: 'The EasyPost account lacks the permission for this call.',
      };
    case 404:
      return { code: 'NOT_FOUND' };
    case 423:
      // EasyPost is still creating the object.
      return { code: 'UNAVAILABLE', hint: 'Try again in a moment.' };
    case 429:
      return { code: 'RATE_LIMITED', hint: 'Try again in a moment.' };
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return { code: 'UNAVAILABLE', hint: 'Try again later.' };
    default:
      return { code: 'REJECTED' };
  }
}

/** Codes of a purchase that is still in progress, or that the carrier has not answered: it may still create a label. */
const undecided = /^SHIPMENT\.(PURCHASE\.IN_PROGRESS|POSTAGE\.(NO_RESPONSE|TIMED_OUT))$/;

/** True where an error response proves that EasyPost did nothing: a 4xx with an error code, timeouts excepted. */
export const isRefusal = (status: number, errorCode = ''): boolean =>
  status >= 400 && status < 500 && status !== 408 && !undecided.test(errorCode);
