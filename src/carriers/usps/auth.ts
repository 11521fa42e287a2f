import { z } from 'zod';

import type { Clock } from '../../domain/clock.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { BearerOptions, Token } from '../../transport/bearer-token.ts';
import { clientCredentials } from '../../transport/client-credentials.ts';
import { createUsps, isOk, read } from './client.ts';
import { missingForPayment, type UspsCredentials, type UspsOptions } from './credentials.ts';
import { failureOf, paymentFailureOf, refusedBy401, unreadable } from './errors.ts';
import { fallsBack } from './tracking/tracking.ts';

type Bearer = Omit<BearerOptions, 'key' | 'tokens'>;

/** The first token. */
export function oauth(
  baseUrl: string,
  { clientId, clientSecret }: UspsCredentials,
  options: UspsOptions,
  clock: Clock,
): Bearer {
  return {
    ...clientCredentials({
      url: new URL('/oauth2/v3/token', baseUrl),
      clientId,
      clientSecret,
      clock,
      failureOf: (answer, cause) =>
        isOk(answer) ? unreadable('the token', cause) : failureOf(answer, clock.now()),
    }),
    refusesToken: (answer) => ['token', 'unsaid'].includes(refusedBy401(answer) ?? ''),
    blocksApi(answer, request) {
      const refused = refusedBy401(answer);
      // A label's that does not say may be the payment token's.
      if (refused === 'unsaid' && request.api.endsWith('labels')) return false;
      return refused !== undefined && refused !== 'payment' && !fallsBack(answer, request, options);
    },
    check: (token, request) => requireScope(token, request.api),
  };
}

/** The scope that each API wants, in every spelling that tokens and documents have been seen to use. */
const scopes: Record<string, readonly string[]> = {
  addresses: ['addresses'],
  'shipping-options': ['shipments'],
  tracking: ['tracking'],
  payments: ['payments'],
  labels: ['labels'],
  'international-labels': ['international-labels'],
  'scan-forms': ['scan-forms', 'scan-form'],
  pickup: ['pickup', 'carrier-pickup'],
  locations: ['locations'],
};

/** What of an API's scope a token lacks; undefined where it has it, or USPS did not say what it granted. */
export function lackedScope({ scope: granted }: Pick<Token, 'scope'>, api: string): string | undefined {
  const wanted = scopes[api];
  if (granted === undefined || wanted === undefined) return undefined;
  return wanted.some((scope) => granted.includes(scope)) ? undefined : wanted.join(' or ');
}

function requireScope(token: Token, api: string): void {
  const lacked = lackedScope(token, api);
  if (lacked === undefined) return;
  throw new ProviderError('SCOPE_MISSING', `the USPS app was not granted the scope ${lacked}`, {
    hint: 'Add the API product to the app in the USPS developer portal, or ask USPS for it by service request.',
  });
}

/** The payment token has no expiry field; the document says eight hours (Payments 3.1.20). */
const paymentLifeMs = 8 * 60 * 60 * 1000;
const paymentAnswer = z.object({ paymentAuthorizationToken: z.string().min(1) });

/** The second token, which labels are paid by: who pays, and who owns the label. */
export function paymentAuthorization(
  baseUrl: string,
  credentials: UspsCredentials,
  { priceType }: UspsOptions,
  clock: Clock,
): Bearer {
  return {
    clock,
    async fetchToken(send, signal) {
      const missing = missingForPayment(credentials);
      if (missing.length > 0) {
        const message = `labels can't be paid for without ${missing.join(', ')}`;
        throw new ProviderError('PAYMENT_NOT_AUTHORIZED', message, {
          hint: 'Set these among the credentials of the account: who owns labels, and who pays for them.',
        });
      }
      const { crid: CRID, mid: MID, manifestMid: manifestMID } = credentials;
      const { accountType, accountNumber, permitNumber, permitZip: permitZIP } = credentials;
      const payer = accountType === 'PERMIT' ? { permitNumber, permitZIP } : { accountNumber };
      const account = { accountType, ...payer };
      const owner = { CRID, MID, manifestMID: manifestMID ?? MID };
      // Without a rate holder a label costs the commercial price, though the contract's was quoted.
      const holder = priceType === 'CONTRACT' ? [{ roleName: 'RATE_HOLDER', CRID, ...account }] : [];
      const usps = createUsps(baseUrl, send, clock);
      const answer = await usps.send(
        {
          api: 'payments',
          method: 'POST',
          path: '/payments/v3/payment-authorization',
          json: {
            roles: [
              { roleName: 'PAYER', ...owner, ...account },
              { roleName: 'LABEL_OWNER', ...owner, ...account },
              ...holder,
            ],
          },
        },
        signal,
      );
      if (!isOk(answer)) throw paymentFailureOf(answer, clock.now());
      const { paymentAuthorizationToken } = read(paymentAnswer, answer, 'the payment authorization');
      const receivedAt = clock.now();
      return { value: paymentAuthorizationToken, receivedAt, expiresAt: receivedAt + paymentLifeMs };
    },
    header: (token) => ({ 'x-payment-authorization-token': token.value }),
    // What the body says of scope or bearer is not this token's fault; what is left may be.
    refusesToken: (answer) => ['payment', 'unsaid'].includes(refusedBy401(answer) ?? ''),
  };
}
