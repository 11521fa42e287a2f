import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccountTrouble, UspsClient } from './clients.ts';
import { callerOf, guard } from './gateway.ts';
import { businessError, checkedQuery, envelope, oasError, Refusal, validated } from '../errors.ts';
import { issuerOf } from './token.ts';
import type { UspsState } from '../state.ts';

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

export function paymentRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'payments', version);

  app.post('/payments/v3/payment-authorization', { onRequest }, async (request) => {
    const { roles } = validated(version, parties, request.body);
    const client = callerOf(request);
    const forced = client.paymentRefusal;
    if (forced !== undefined) throw refuse(forced, refusals[forced] ?? 'Bad Request');
    checkRoles(roles, client);
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

/** What a role lacks, in the words of the error workbook. */
const refusals: Record<string, string> = {
  160218: '<role> requires CRID',
  160219: 'Cannot have a role without roleName',
  160220: '<role> requires accountType of PERMIT or EPS',
  160221: '<role> requires MID',
  160222: '<role> requires manifestMID',
  160223: '<role> requires accountType',
  160224: '<role> requires accountNumber when accountType is EPS',
  160225: '<role> requires permitNumber when accountType is PERMIT',
  160226: '<role> requires permitZipCode when accountType is PERMIT',
  160227: 'no duplicate roles allowed',
  160228: 'PAYER is required',
  160229: 'LABEL_OWNER is required',
  160289: 'PAYER requires accountNumber when accountType is METER',
  160290: 'Meter pricing is only available to PC Postage Providers',
  160372: 'LABEL_PROVIDER only supports the accountType of EPS',
};
const lacks = (code: string, role = '') => refuse(code, refusals[code]!.replace('<role>', role));

/** The rules of the error workbook, in its order of codes. */
function checkRoles(roles: Role[], client: UspsClient) {
  for (const role of roles) {
    const name = role.roleName;
    if (name === undefined) throw lacks('160219');
    if (role.CRID === undefined) throw lacks('160218', name);
    if (name === 'LABEL_OWNER' || name === 'RETURN_LABEL_OWNER') {
      if (role.MID === undefined) throw lacks('160221', name);
      if (role.manifestMID === undefined) throw lacks('160222', name);
    }
    if (/PAYER|RATE_HOLDER|LABEL_PROVIDER/.test(name)) checkAccountFields(name, role, client);
  }
  const names = roles.map((role) => role.roleName);
  if (new Set(names).size < names.length) throw lacks('160227');
  if (!names.includes('PAYER')) throw lacks('160228');
  if (!names.includes('LABEL_OWNER')) throw lacks('160229');
}

function checkAccountFields(name: string, role: Role, client: UspsClient) {
  switch (role.accountType) {
    case undefined:
      throw lacks('160223', name);
    case 'METER':
      if (!client.pcPostage) throw lacks('160290');
      if (!role.accountNumber) throw lacks('160289');
      return;
    case 'EPS':
      if (!role.accountNumber) throw lacks('160224', name);
      return;
    default:
      if (name === 'LABEL_PROVIDER') throw lacks('160372');
      if (!role.permitNumber) throw lacks('160225', name);
      if (!role.permitZIP) throw lacks('160226', name);
  }
}

const troubles: Record<AccountTrouble, [code: string, detail: string]> = {
  inactive: ['100002', 'Your EPS Account is not Active, please check your account and try again.'],
  'no-payment-method': [
    '100003',
    'Your EPS Account does not have a Primary Payment Method, please check your account and try again.',
  ],
  'inactive-payment-method': [
    '100004',
    'EPS Primary Payment Method is not Active, please check your payment method and try again.',
  ],
  'card-not-validated': [
    '100005',
    'We are having trouble validating your credit card, please try again later.',
  ],
  'card-refused': [
    '100006',
    'We are having trouble validating your credit card, please check your credit card details and try again.',
  ],
  'insufficient-funds': [
    '100007',
    'Your Trust balance has insufficient funds. Please fund your Trust balance and try again.',
  ],
};

/** Guess: an EPS account is found where it is the calling app's own. */
function checkAccounts(world: UspsState, client: UspsClient, roles: Role[]) {
  const payer = roles.find((role) => role.roleName === 'PAYER');
  if (payer?.accountType !== 'EPS') return;
  if (payer.accountNumber !== client.accountNumber) {
    throw refuse('100001', `Could not find an EPS Account with number: ${payer.accountNumber}.`);
  }
  const trouble = client.accountTrouble && troubles[client.accountTrouble];
  if (trouble !== undefined) throw refuse(...trouble);
}

/** Shape D: a sentence and the role it is about, and no `error` key (issues 20 and 21). */
function checkEnrolment(world: UspsState, client: UspsClient, roles: Role[]) {
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
  world: UspsState,
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
