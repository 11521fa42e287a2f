import { outcome, ProviderError } from '../../domain/errors.ts';
import type { CallOptions, Diagnostic } from '../adapter.ts';
import { checkClock } from '../diagnostics.ts';
import { readClaims } from './diagnostics/claims.ts';
import { checkEnvironment } from './diagnostics/environment.ts';
import { checkIdentifiers, checkPayment } from './diagnostics/payment.ts';
import { checkQuota } from './diagnostics/quota.ts';
import { checkScopes } from './diagnostics/scopes.ts';
import { skipped, type DiagnosticContext } from './diagnostics/context.ts';
import { missingToken, validToken } from './diagnostics/token.ts';
import { missingScope } from './scopes.ts';

/**
 * Checks an account by at most three calls: the token, an address where the token's issuer leaves its environment open,
 * and the payment authorization. Makes no call where both tokens are cached.
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
        checkIdentifiers(context.credentials),
        skipped('payment', reason),
        await checkQuota(context),
        skipped('clock', reason),
      ];
    }
    const claims = readClaims(token);
    const scope = token.scope ?? claims.scope?.split(/\s+/).filter(Boolean);
    const environment = await checkEnvironment(context, claims, call);
    const identifiers = checkIdentifiers(context.credentials);
    // A token of another environment is refused by every API, whatever products the app has.
    const blocked = environment.status === 'failed' ? [] : (await context.token.tokenState()).blocked;
    const scopes = checkScopes({ scope, blocked, withoutLabels: identifiers.status === 'warning', token });
    const noPayment =
      environment.status === 'failed'
        ? 'USPS does not accept the token'
        : identifiers.status !== 'ok'
          ? 'the identifiers are incomplete'
          : missingScope({ scope }, 'payments') && 'the token lacks the scope payments';
    return [
      validToken(token, previous),
      environment,
      scopes,
      identifiers,
      noPayment ? skipped('payment', noPayment) : await checkPayment(context, call),
      await checkQuota(context),
      checkClock(claims.iat && claims.iat * 1000, token.receivedAt),
    ];
  };
