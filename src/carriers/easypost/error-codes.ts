import type { ProviderFailureCode } from '../../domain/errors.ts';
import type { PublishedError } from '../provider.ts';
import { knownErrors } from './known-errors.ts';

interface Failure {
  readonly code: ProviderFailureCode;
  readonly hint?: string;
  /** What the error code says, for a response without words. */
  readonly sentence?: string;
  /** The path into our input, where the error code implies it. */
  readonly field?: readonly string[];
}

/** Groups of codes, any of which means the same. */
const failuresByGroup: readonly (readonly [RegExp, ProviderFailureCode, string])[] = [
  [/^APIKEY\./, 'CREDENTIALS_REJECTED', 'Use an active API key of the EasyPost dashboard.'],
  [
    /^MODE\./,
    'WRONG_ENVIRONMENT',
    'Objects of test keys (EZTK) and of production keys (EZAK) are separate: use the other key.',
  ],
  [/^BILLING\./, 'PAYMENT_NOT_AUTHORIZED', 'Add funds to the EasyPost wallet.'],
];

/** The errors that EasyPost publishes. */
export const publishedErrors: readonly PublishedError[] = Object.entries(knownErrors).map(
  ([codes, [meaning, hint, , code]]) => ({ codes, code, meaning, hint }),
);

/** Maps an error response to our failure, by its error code first and its status otherwise. */
export function toFailure(status: number, errorCode = ''): Failure {
  const group = failuresByGroup.find(([pattern]) => pattern.test(errorCode));
  if (group) return { code: group[1], hint: group[2] };
  const byStatus = failureOfStatus(status);
  if (!Object.hasOwn(knownErrors, errorCode)) return byStatus;
  const [sentence, hint, field, code] = knownErrors[errorCode]!;
  return { code: code ?? byStatus.code, hint, sentence, field: field?.split('.') };
}

function failureOfStatus(status: number): Failure {
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
