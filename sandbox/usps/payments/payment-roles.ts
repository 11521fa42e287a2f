import { z } from 'zod';
import type { AccountProblem, UspsClient } from '../oauth/clients.ts';
import { businessError, ErrorResponse } from '../errors.ts';
import type { UspsSwitches } from '../state.ts';

const version = '/payments/v3';

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

/** Open at every level, as documented; the required fields of a role are business rules below. */
export const paymentAuthorizationSchema = z.looseObject({
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
export type Role = z.infer<typeof paymentAuthorizationSchema>['roles'][number];

const rolesError = (code: string, detail: string) => businessError(version, code, detail, 'roles');

/** Texts of the error workbook; `<role>` stands for the role's name. */
const roleErrors: Record<string, string> = {
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
const roleError = (code: string, role = '') => rolesError(code, roleErrors[code]!.replace('<role>', role));

/** Throws the first error that the roles of a payment authorization have: a code of the workbook, or not enrolled. */
export function checkRoles(roles: Role[], client: UspsClient, switches: UspsSwitches) {
  const { paymentErrorCode: code } = client;
  if (code !== undefined) throw rolesError(code, roleErrors[code] ?? 'Bad Request');
  checkRoleFields(roles, client);
  checkAccount(client, roles);
  checkEnrolment(switches, client, roles);
}

/** The rules of the error workbook, in its order of codes. */
function checkRoleFields(roles: Role[], client: UspsClient) {
  for (const role of roles) {
    const name = role.roleName;
    if (name === undefined) throw roleError('160219');
    if (role.CRID === undefined) throw roleError('160218', name);
    if (name === 'LABEL_OWNER' || name === 'RETURN_LABEL_OWNER') {
      if (role.MID === undefined) throw roleError('160221', name);
      if (role.manifestMID === undefined) throw roleError('160222', name);
    }
    if (/PAYER|RATE_HOLDER|LABEL_PROVIDER/.test(name)) checkAccountFields(name, role, client);
  }
  const names = roles.map((role) => role.roleName);
  if (new Set(names).size < names.length) throw roleError('160227');
  if (!names.includes('PAYER')) throw roleError('160228');
  if (!names.includes('LABEL_OWNER')) throw roleError('160229');
}

function checkAccountFields(name: string, role: Role, client: UspsClient) {
  switch (role.accountType) {
    case undefined:
      throw roleError('160223', name);
    case 'METER':
      if (!client.pcPostage) throw roleError('160290');
      if (!role.accountNumber) throw roleError('160289');
      return;
    case 'EPS':
      if (!role.accountNumber) throw roleError('160224', name);
      return;
    default:
      if (name === 'LABEL_PROVIDER') throw roleError('160372');
      if (!role.permitNumber) throw roleError('160225', name);
      if (!role.permitZIP) throw roleError('160226', name);
  }
}

const accountErrors: Record<AccountProblem, [code: string, detail: string]> = {
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

/** Guess: an EPS account exists only if it is the client's own. */
function checkAccount(client: UspsClient, roles: Role[]) {
  const payer = roles.find((role) => role.roleName === 'PAYER');
  if (payer?.accountType !== 'EPS') return;
  if (payer.accountNumber !== client.accountNumber) {
    throw rolesError('100001', `Could not find an EPS Account with number: ${payer.accountNumber}.`);
  }
  const error = client.accountProblem && accountErrors[client.accountProblem];
  if (error !== undefined) throw rolesError(...error);
}

/** Error shape D: a sentence and the role, without an `error` key (USPS/api-examples#20 and #21). */
function checkEnrolment(switches: UspsSwitches, client: UspsClient, roles: Role[]) {
  const owner = roles.find((role) => role.roleName === 'LABEL_OWNER');
  const own =
    owner?.CRID === client.crid && owner.MID === client.mid && owner.manifestMID === client.manifestMid;
  if (client.enrolled && own) return;
  throw new ErrorResponse(switches.notEnrolledStatus, {
    body: "CRID isn't enrolled in USPS Ship Outbound",
    roles: [{ roleName: 'LABEL_OWNER', MID: owner?.MID, CRID: owner?.CRID, manifestMID: owner?.manifestMID }],
  });
}
