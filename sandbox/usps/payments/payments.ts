import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientOf, authorizeRequest } from '../oauth/gateway.ts';
import { checkRoles, paymentAuthorizationSchema, type Role } from './payment-roles.ts';
import { businessError, envelope } from '../errors.ts';
import { validateQuery, openApiError, validateBody } from '../validation.ts';
import { issuerOf } from '../oauth/token-signer.ts';
import type { UspsState } from '../state.ts';

const version = '/payments/v3';

/** "Valid for eight hours after issuance"; of the response only the token's `exp` says so. */
const lifetimeSeconds = 28_800;

export function paymentRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'payments', version);

  app.post('/payments/v3/payment-authorization', { onRequest }, async (request) => {
    const { roles } = validateBody(version, paymentAuthorizationSchema, request.body);
    const client = clientOf(request);
    checkRoles(roles, client, state.switches);
    const iat = Math.floor(state.clock.now() / 1000);
    const paymentAuthorizationToken = await state.signer.sign({
      iss: issuerOf(state.environment),
      sub: client.crid,
      azp: client.id,
      typ: 'Payment',
      aud: ['labels', 'international-labels'],
      roles,
      iat,
      exp: iat + lifetimeSeconds,
      jti: randomUUID(),
    });
    return { paymentAuthorizationToken, roles };
  });

  app.get<{ Params: { number: string } }>(
    '/payments/v3/payment-account/:number',
    { onRequest },
    async (request) => {
      const { accountType, permitZIPCode, amount } = validateQuery(
        version,
        '/payment-account/{account-number}',
        request.query,
        { accountType: /^(EPS|PERMIT)$/, permitZIPCode: /^\d{5}$/, amount: /^\d+(\.\d+)?$/ },
        ['accountType'],
      );
      if (accountType === 'PERMIT' && permitZIPCode === undefined) {
        throw businessError(
          version,
          '160215',
          "permitZIPCode is required for an accountType of 'PERMIT'",
          'permitZIPCode',
        );
      }
      const owner = state.clients.find((each) => each.accountNumber === request.params.number);
      if (owner === undefined) throw envelope(version, 404);
      return {
        accountType,
        accountNumber: owner.accountNumber,
        nonProfitStatus: false,
        ...(amount === undefined ? {} : { sufficientFunds: owner.accountProblem !== 'insufficient-funds' }),
      };
    },
  );
}

export interface PaymentAuthorization {
  owner: Role;
  payer: Role;
  priceType: 'COMMERCIAL' | 'CONTRACT';
}

/**
 * Reads the `X-Payment-Authorization-Token` of a label request. Throws an error response when it is missing, invalid or
 * expired. Guess: no such response is recorded; a message of its own distinguishes it from the 401 of the bearer token.
 */
export async function paymentAuthorizationOf(
  state: UspsState,
  apiVersion: string,
  request: FastifyRequest,
  path = '/label',
): Promise<PaymentAuthorization> {
  const header = request.headers['x-payment-authorization-token'];
  if (typeof header !== 'string' || header === '') {
    if (state.switches.paymentTokenMissingStatus === 401) throw invalidPaymentToken(apiVersion);
    throw openApiError(apiVersion, [
      `ERROR - Header parameter 'X-Payment-Authorization-Token' is required on path '${path}' but not found in request.: []`,
    ]);
  }
  const claims = await state.signer.verify(header);
  if (claims === 'malformed' || claims === 'foreign') throw invalidPaymentToken(apiVersion);
  if (claims.typ !== 'Payment' || !claims.aud?.includes('labels')) throw invalidPaymentToken(apiVersion);
  if (claims.azp !== clientOf(request).id || claims.exp * 1000 <= state.clock.now())
    throw invalidPaymentToken(apiVersion);
  const roles = claims.roles as Role[];
  const owner = roles.find((role) => role.roleName === 'LABEL_OWNER');
  const payer = roles.find((role) => role.roleName === 'PAYER');
  if (owner === undefined || payer === undefined) throw invalidPaymentToken(apiVersion);
  const rateHolder = roles.find((role) => role.roleName === 'RATE_HOLDER');
  const { contractAccount } = clientOf(request);
  const hasContract = contractAccount !== undefined && rateHolder?.accountNumber === contractAccount;
  return { owner, payer, priceType: hasContract ? 'CONTRACT' : 'COMMERCIAL' };
}

const invalidPaymentToken = (apiVersion: string) =>
  envelope(apiVersion, 401, 'The Payment Authorization Token is missing, invalid or expired.', [
    {
      title: 'invalid_payment_authorization_token',
      detail: 'The payment authorization token presented with the request is missing, invalid or expired.',
      source: 'X-Payment-Authorization-Token',
    },
  ]);
