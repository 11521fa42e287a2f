import { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { BearerOptions } from '../../transport/bearer-token.ts';
import { clientCredentials } from '../../transport/client-credentials.ts';
import { lacksLicense } from './addresses/license.ts';
import { createUsps, isOk, parseBody } from './client.ts';
import { missingForPayment, type UspsCredentials, type UspsOptions } from './credentials.ts';
import { unauthorizedCause } from './error-response.ts';
import { failureOf, paymentFailureOf, unreadable } from './errors.ts';
import { requireScope } from './scopes.ts';
import { fallsBack } from './tracking/batch-fallback.ts';

type TokenOptions = Omit<BearerOptions, 'key' | 'tokens'>;

/** Options of the OAuth token, which every call carries. */
export function oauth(
  baseUrl: string,
  { clientId, clientSecret }: UspsCredentials,
  options: UspsOptions,
  clock: Clock,
): TokenOptions {
  return {
    ...clientCredentials({
      url: new URL('/oauth2/v3/token', baseUrl),
      clientId,
      clientSecret,
      clock,
      toError: (response, cause) =>
        isOk(response) ? unreadable('the token', cause) : failureOf(response, clock.now()),
    }),
    rejectsToken: (response) => ['token', 'unspecified'].includes(unauthorizedCause(response) ?? ''),
    blocksApi(response, request) {
      if (request.api === 'addresses' && lacksLicense(response)) return true;
      const cause = unauthorizedCause(response);
      // A label's 401 without a cause may be about the payment token.
      if (cause === 'unspecified' && request.api.endsWith('labels')) return false;
      return cause !== undefined && cause !== 'payment' && !fallsBack(response, request, options);
    },
    check: (token, request) => requireScope(token, request.api),
  };
}

/** The response has no expiry; the document says eight hours (Payments 3.1.20). */
const paymentTokenLifetimeMs = 8 * 60 * 60 * 1000;
const paymentResponse = z.object({ paymentAuthorizationToken: z.string().min(1) });

/** Options of the payment token, which label calls carry too: it names the payer and the owner of the label. */
export function paymentAuthorization(
  baseUrl: string,
  credentials: UspsCredentials,
  { priceType }: UspsOptions,
  clock: Clock,
): TokenOptions {
  return {
    clock,
    async fetchToken(send, signal) {
      requirePaymentCredentials(credentials);
      const sentAt = clock.now();
      const response = await createUsps(baseUrl, send, clock).send(
        {
          api: 'payments',
          method: 'POST',
          path: '/payments/v3/payment-authorization',
          json: toPaymentRequest(credentials, priceType),
        },
        signal,
      );
      if (!isOk(response)) throw paymentFailureOf(response, clock.now());
      const { paymentAuthorizationToken } = parseBody(paymentResponse, response, 'the payment authorization');
      return {
        value: paymentAuthorizationToken,
        receivedAt: clock.now(),
        expiresAt: sentAt + paymentTokenLifetimeMs,
      };
    },
    header: (token) => ({ 'x-payment-authorization-token': token.value }),
    // A 401 that names scope or bearer is not about this token; one without a cause may be.
    rejectsToken: (response) => ['payment', 'unspecified'].includes(unauthorizedCause(response) ?? ''),
  };
}

function requirePaymentCredentials(credentials: UspsCredentials): void {
  const missing = missingForPayment(credentials);
  if (missing.length === 0) return;
  const message = `labels can't be paid for without ${missing.join(', ')}`;
  throw new ProviderError('PAYMENT_NOT_AUTHORIZED', message, {
    hint: 'Set these in the credentials of the account: they name the owner and the payer of labels.',
  });
}

function toPaymentRequest(credentials: UspsCredentials, priceType: UspsOptions['priceType']) {
  const { crid: CRID, mid: MID, manifestMid: manifestMID } = credentials;
  const { accountType, accountNumber, permitNumber, permitZip: permitZIP } = credentials;
  const payer = accountType === 'PERMIT' ? { permitNumber, permitZIP } : { accountNumber };
  const account = { accountType, ...payer };
  const owner = { CRID, MID, manifestMID: manifestMID ?? MID };
  // Without a rate holder a label costs the commercial price, though the contract's was quoted.
  const rateHolder = priceType === 'CONTRACT' ? [{ roleName: 'RATE_HOLDER', CRID, ...account }] : [];
  return {
    roles: [
      { roleName: 'PAYER', ...owner, ...account },
      { roleName: 'LABEL_OWNER', ...owner, ...account },
      ...rateHolder,
    ],
  };
}
