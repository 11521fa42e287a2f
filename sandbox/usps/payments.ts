import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UspsClient } from './clients.ts';
import { callerOf, guard } from './gateway.ts';
import { businessError, checkedQuery, envelope, oasError, Refusal, validated } from './refusals.ts';
import { issuerOf } from './token.ts';
import type { World } from './world.ts';

const version = '/payments/v3';

/** "Valid for eight hours after issuance"; the answer does not say so, only the token's `exp` does. */
const lifetimeSeconds = 28_800;

const mid = z.string().regex(/^(\d{6}|\d{9})$/);
const roleNames = [
  'PAYER',
  'RATE_HOLDER',
  'LABEL_OWNER',
  'SHIPPER',
  'MAIL_OWNER',
  'PLATFORM',
  'RETURN_LABEL_PAYER',
  'RETURN_LABEL_RATE_HOLDER',
  'RETURN_LABEL_OWNER',
  'LABEL_PROVIDER',
] as const;

/** Open at every level, as documented; what a role needs is a business rule below. */
const parties = z.looseObject({
  roles: z
    .array(
      z.looseObject({
        roleName: z.enum(roleNames).optional(),
        CRID: z.string().min(2).max(18).optional(),
        MID: mid.optional(),
        manifestMID: mid.optional(),
        accountType: z.enum(['EPS', 'PERMIT', 'METER', 'OMAS']).optional(),
        accountNumber: z.string().optional(),
        permitNumber: z.string().optional(),
        permitZIP: z.string().max(5).optional(),
      }),
    )
    .min(1),
});
export type Role = z.infer<typeof parties>['roles'][number];

export function paymentRoutes(app: FastifyInstance, world: World) {
  const onRequest = guard(world, 'payments', version);

  app.post('/payments/v3/payment-authorization', { onRequest }, async (request) => {
    const { roles } = validated(version, parties, request.body);
    const client = callerOf(request);
    checkRoles(roles);
    checkAccounts(world, client, roles);
    checkEnrolment(world, client, roles);
    const iat = Math.floor(world.clock.now() / 1000);
    const paymentAuthorizationToken = world.signer.mint({
      iss: issuerOf(world),
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
      const { accountType, permitZIPCode, amount } = checkedQuery(
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
      const owner = world.clients.find((each) => each.accountNumber === request.params.number);
      if (owner === undefined) throw envelope(version, 404);
      return {
        accountType,
        accountNumber: owner.accountNumber,
        nonProfitStatus: false,
        ...(amount === undefined ? {} : { sufficientFunds: owner.accountTrouble !== 'insufficient-funds' }),
      };
    },
  );
}

const refuse = (code: string, detail: string) => businessError(version, code, detail, 'roles');

/** The rules of the error workbook, in its order of codes. */
function checkRoles(roles: Role[]) {
  for (const role of roles) {
    const name = role.roleName;
    if (name === undefined) throw refuse('160219', 'Cannot have a role without roleName');
    if (role.CRID === undefined) throw refuse('160218', `${name} requires CRID`);
    if (name === 'LABEL_OWNER' || name === 'RETURN_LABEL_OWNER') {
      if (role.MID === undefined) throw refuse('160221', `${name} requires MID`);
      if (role.manifestMID === undefined) throw refuse('160222', `${name} requires manifestMID`);
    }
    if (/PAYER|RATE_HOLDER|LABEL_PROVIDER/.test(name)) checkAccountFields(name, role);
  }
  const names = roles.map((role) => role.roleName);
  if (new Set(names).size < names.length) throw refuse('160227', 'no duplicate roles allowed');
  if (!names.includes('PAYER')) throw refuse('160228', 'PAYER is required');
  if (!names.includes('LABEL_OWNER')) throw refuse('160229', 'LABEL_OWNER is required');
}

function checkAccountFields(name: string, role: Role) {
  switch (role.accountType) {
    case undefined:
      throw refuse('160223', `${name} requires accountType`);
    case 'METER':
      throw refuse('160290', 'Meter pricing is only available to PC Postage Providers');
    case 'EPS':
      if (!role.accountNumber) {
        throw refuse('160224', `${name} requires accountNumber when accountType is EPS`);
      }
      return;
    default:
      if (name === 'LABEL_PROVIDER')
        throw refuse('160372', 'LABEL_PROVIDER only supports the accountType of EPS');
      if (!role.permitNumber) {
        throw refuse('160225', `${name} requires permitNumber when accountType is ${role.accountType}`);
      }
      if (!role.permitZIP) {
        throw refuse('160226', `${name} requires permitZipCode when accountType is ${role.accountType}`);
      }
  }
}

const troubles: Record<NonNullable<UspsClient['accountTrouble']>, [code: string, detail: string]> = {
  inactive: ['100002', 'Your EPS Account is not Active, please check your account and try again.'],
  'no-payment-method': [
    '100003',
    'Your EPS Account does not have a Primary Payment Method, please check your account and try again.',
  ],
  'insufficient-funds': [
    '100007',
    'Your Trust balance has insufficient funds. Please fund your Trust balance and try again.',
  ],
};

/** Guess: an EPS account is found where it is the calling app's own. */
function checkAccounts(world: World, client: UspsClient, roles: Role[]) {
  const payer = roles.find((role) => role.roleName === 'PAYER');
  if (payer?.accountType !== 'EPS') return;
  if (payer.accountNumber !== client.accountNumber) {
    throw refuse('100001', `Could not find an EPS Account with number: ${payer.accountNumber}.`);
  }
  const trouble = client.accountTrouble && troubles[client.accountTrouble];
  if (trouble !== undefined) throw refuse(...trouble);
}

/** Shape D: a sentence and the role it is about, and no `error` key (issues 20 and 21). */
function checkEnrolment(world: World, client: UspsClient, roles: Role[]) {
  const owner = roles.find((role) => role.roleName === 'LABEL_OWNER');
  const own =
    owner?.CRID === client.crid && owner.MID === client.mid && owner.manifestMID === client.manifestMid;
  if (client.enrolled && own) return;
  throw new Refusal(world.switches.notEnrolledStatus, {
    body: "CRID isn't enrolled in USPS Ship Outbound",
    roles: [{ roleName: 'LABEL_OWNER', MID: owner?.MID, CRID: owner?.CRID, manifestMID: owner?.manifestMID }],
  });
}

/**
 * The roles that a label call's `X-Payment-Authorization-Token` stands for.
 * Guess: nothing was recorded of a missing or expired one; a message of its own tells it from the bearer's 401.
 */
export function paymentOf(
  world: World,
  apiVersion: string,
  request: FastifyRequest,
  path = '/label',
): { owner: Role; payer: Role; priceType: 'COMMERCIAL' | 'CONTRACT' } {
  const header = request.headers['x-payment-authorization-token'];
  if (typeof header !== 'string' || header === '') {
    if (world.switches.paymentTokenMissingStatus === 401) throw badPayment(apiVersion);
    throw oasError(apiVersion, [
      `ERROR - Header parameter 'X-Payment-Authorization-Token' is required on path '${path}' but not found in request.: []`,
    ]);
  }
  const claims = world.signer.read(header);
  if (claims === 'malformed' || claims === 'foreign') throw badPayment(apiVersion);
  if (claims.typ !== 'Payment' || !claims.aud?.includes('labels')) throw badPayment(apiVersion);
  if (claims.azp !== callerOf(request).id || claims.exp * 1000 <= world.clock.now())
    throw badPayment(apiVersion);
  const roles = claims.roles as Role[];
  const owner = roles.find((role) => role.roleName === 'LABEL_OWNER');
  const payer = roles.find((role) => role.roleName === 'PAYER');
  if (owner === undefined || payer === undefined) throw badPayment(apiVersion);
  const rateHolder = roles.find((role) => role.roleName === 'RATE_HOLDER');
  const { contractAccount } = callerOf(request);
  const hasContract = contractAccount !== undefined && rateHolder?.accountNumber === contractAccount;
  return { owner, payer, priceType: hasContract ? 'CONTRACT' : 'COMMERCIAL' };
}

const badPayment = (apiVersion: string) =>
  envelope(apiVersion, 401, 'The Payment Authorization Token is missing, invalid or expired.', [
    {
      title: 'invalid_payment_authorization_token',
      detail: 'The payment authorization token presented with the request is missing, invalid or expired.',
      source: 'X-Payment-Authorization-Token',
    },
  ]);
