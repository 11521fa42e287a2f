import type { ProviderError } from '../../../domain/errors.ts';
import type { Token, TokenState } from '../../../transport/bearer-token.ts';
import type { Diagnostic } from '../../adapter.ts';
import { formatTime } from '../../diagnostics.ts';
import { failed, ok, warning } from './context.ts';

const check = 'token';

/** Reports a token that USPS granted now or earlier. `previous` is the state before the check. */
export function validToken(token: Token, previous: TokenState): Diagnostic {
  const expiry = formatTime(token.expiresAt);
  if (previous.token?.value !== token.value)
    return ok(check, `USPS granted a token that is valid until ${expiry}`);
  if (previous.refusal === undefined) return ok(check, `the cached token is valid until ${expiry}`);
  return warning(
    check,
    `the cached token is valid until ${expiry}, but USPS refused the credentials for the next one; every call fails with 401 after that`,
    'Client credentials have no refresh token: set the Consumer Key and Consumer Secret that the developer portal shows now.',
  );
}

/** Reports why USPS granted no token. */
export function missingToken(error: ProviderError, previous: TokenState, clientId: string): Diagnostic {
  const { code, message, hint, providerCode } = error;
  switch (code) {
    case 'RATE_LIMITED':
    case 'QUOTA_EXHAUSTED':
      return failed(
        check,
        `${message}; a token lasts eight hours, so a program requests tokens in a loop, and refused requests count too`,
        'Stop the program that retries after a 401 (this server or another with the same client id) and resolve the 401 first; the quota resets within the hour.',
      );
    case 'CREDENTIALS_REJECTED':
      return rejectedCredentials(error, previous, clientId);
    case 'NOT_FOUND':
    case 'REJECTED':
    case 'UNREADABLE':
      if (providerCode !== undefined) return failed(check, message, hint);
      return failed(
        check,
        `this host grants no tokens at /oauth2/v3/token: ${message}`,
        'Set the base URL to https://apis.usps.com or https://apis-tem.usps.com, without a path: /oauth2/v1 and Web Tools hosts are retired.',
      );
    default:
      return failed(check, message, hint);
  }
}

function rejectedCredentials(error: ProviderError, { token, refusal }: TokenState, clientId: string) {
  const { message, hint, providerMessage = '' } = error;
  const retry = refusal ? `; they are not sent again before ${formatTime(refusal.until)}` : '';
  if (/content.?type|grant.?type/i.test(providerMessage)) {
    return failed(
      check,
      `USPS did not receive the form-encoded token request: ${providerMessage}`,
      'A proxy between this server and USPS changes the token request: it must pass on a form with its grant_type, not JSON.',
    );
  }
  if (webToolsId.test(clientId)) {
    return failed(
      check,
      `the client id has the form of a Web Tools user id, which this API does not accept${retry}`,
      'Register an app in the USPS developer portal, and set its Consumer Key and Consumer Secret as clientId and clientSecret.',
    );
  }
  if (token) {
    return failed(
      check,
      `the last token expired at ${formatTime(token.expiresAt)}, client credentials have no refresh token, and USPS refuses the credentials for a new one${retry}`,
      'USPS accepted them before: check in the USPS developer portal whether the secret was replaced or the approval of the app withdrawn, and set the current values.',
    );
  }
  return failed(check, `${message}${retry}`, hint);
}

/** Guess: three digits, five characters of the owner's name, four digits, by ids in public examples. */
const webToolsId = /^\d{3}[A-Z0-9]{5}\d{4}$/i;
