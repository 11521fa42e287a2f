import { ProviderError } from '../../../domain/errors.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { meaningOf } from '../error-codes.ts';
import { readErrorBody, type ErrorBody } from '../error-response.ts';
import { failureOf } from '../errors.ts';

/** Maps an error response about one number: unknown so far, another mailer's, or an error that any call may have. */
export function trackingFailureOf(response: HttpResponse, now: number): ProviderError {
  const body = readErrorBody(response);
  if (isUnknownNumber(body)) return notFound(body.message, body.code);
  const failure = failureOf(response, now, inputPaths);
  if (failure.code === 'NOT_FOUND') return notFound(failure.providerMessage, failure.providerCode);
  const denied = /not authorized|access controls/i.test(failure.providerMessage ?? '');
  if (failure.code !== 'ACCOUNT_NOT_AUTHORIZED' && !(denied && failure.code === 'REJECTED')) return failure;
  return new ProviderError('ACCOUNT_NOT_AUTHORIZED', failure.message, {
    ...failure,
    hint: 'USPS shows a parcel only to the owner of its label’s MID: use that account, or have its owner authorize this one.',
  });
}

const inputPaths = { trackingNumber: ['trackingNumber'] } as const;

/** Returns true for an error about a number that USPS has not scanned yet, does not know, or takes for another thing. */
export function isUnknownNumber({ code = '', message }: ErrorBody): boolean {
  return isAwaited(message) || (/^15/.test(code) && meaningOf(code)?.code === 'NOT_FOUND');
}

/** Returns true for words that the number may be known later. */
const isAwaited = (message: string) =>
  /tracking is not available|status update (is )?not yet available/i.test(message);

/** The code of a number without a scan. Users report these words with 150006 too, which is about another fault. */
const awaitedCode = '150001';

/** The words decide where they contradict the code. */
function notFound(message = '', code = ''): ProviderError {
  const isLater = isAwaited(message) || meaningOf(code) === meaningOf(awaitedCode);
  const meaning = isLater ? meaningOf(awaitedCode) : (meaningOf(code) ?? meaningOf(awaitedCode));
  return new ProviderError('NOT_FOUND', `USPS has no tracking data for this number yet: ${message}`, {
    hint: meaning?.hint,
    retryable: isLater,
    providerCode: code || undefined,
    providerMessage: message || undefined,
  });
}
