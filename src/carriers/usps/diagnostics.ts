import { outcome, ProviderError, type Outcome } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/http.ts';
import type { CallOptions, Diagnostic } from '../adapter.ts';
import { checkClock } from '../diagnostics.ts';
import { readClaims } from './diagnostics/claims.ts';
import { checkEnvironment } from './diagnostics/environment.ts';
import { checkLicense } from './diagnostics/license.ts';
import { checkIdentifiers, checkPayment } from './diagnostics/payment.ts';
import { checkQuota } from './diagnostics/quota.ts';
import { checkScopes } from './diagnostics/scopes.ts';
import { skipped, type DiagnosticContext } from './diagnostics/context.ts';
import { missingToken, validToken } from './diagnostics/token.ts';
import { missingScope } from './scopes.ts';

/**
 * Checks an account by at most three calls: the token, a city look-up unless this process knows that the Addresses API
 * accepts the app, and the payment authorization. Makes no call where that is known and both tokens are cached.
 */
export const diagnose =
  (context: DiagnosticContext) =>
  async (call: CallOptions): Promise<readonly Diagnostic[]> => {
    const previous = await context.token.tokenState();
    const token = await outcome(() => context.token.token(call.signal));
    if (token instanceof ProviderError) {
      const reason = 'no token was granted';
      return [
        missingToken(token, previous, context.credentials.clientId),
        skipped('environment', reason),
        skipped('scopes', reason),
        skipped('license', reason),
        checkIdentifiers(context.credentials),
        skipped('payment', reason),
        await checkQuota(context),
        skipped('clock', reason),
      ];
    }
    const claims = readClaims(token);
    const scope = token.scope ?? claims.scope?.split(/\s+/).filter(Boolean);
    const lookUpCity = createCityLookUp(context, call);
    const environment = await checkEnvironment(context, claims, lookUpCity);
    const identifiers = checkIdentifiers(context.credentials);
    // A token of another environment is refused by every API, whatever products the app has.
    const isForeign = environment.status === 'failed';
    const license = isForeign
      ? skipped('license', 'USPS does not accept the token')
      : await checkLicense(context, scope, lookUpCity);
    const { blocked: refusing } = await context.token.tokenState();
    const blocked = isForeign ? [] : refusing.filter((api) => api !== 'addresses');
    const scopes = checkScopes({ scope, blocked, withoutLabels: identifiers.status === 'warning', token });
    const noPayment = isForeign
      ? 'USPS does not accept the token'
      : identifiers.status !== 'ok'
        ? 'the identifiers are incomplete'
        : missingScope({ scope }, 'payments') && 'the token lacks the scope payments';
    return [
      validToken(token, previous),
      environment,
      scopes,
      license,
      identifiers,
      noPayment ? skipped('payment', noPayment) : await checkPayment(context, call),
      await checkQuota(context),
      checkClock(claims.iat && claims.iat * 1000, token.receivedAt),
    ];
  };

/** Returns a function that looks up a city, at most once however often it is called. */
function createCityLookUp({ usps }: DiagnosticContext, { signal }: CallOptions) {
  const request = {
    api: 'addresses',
    path: '/addresses/v3/city-state',
    query: { ZIPCode: '20260' },
  } as const;
  let response: Promise<Outcome<HttpResponse>> | undefined;
  return () => (response ??= outcome(() => usps.send(request, signal)));
}
