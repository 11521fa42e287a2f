import { z } from 'zod';

/** Credentials of the app and, to buy labels, the identifiers of the label owner and the payer. */
export const uspsCredentials = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Customer registration id, from the Business Customer Gateway. */
  crid: z.string().regex(/^\w{2,18}$/).optional(), // prettier-ignore
  /** Mailer id that owns labels. */
  mid: mailerId().optional(),
  /** Mailer id that labels are manifested under. Default: `mid`. */
  manifestMid: mailerId().optional(),
  accountType: z.enum(['EPS', 'PERMIT', 'METER']).optional(),
  /** Number of the EPS account or the meter. */
  accountNumber: z.string().min(1).optional(),
  permitNumber: z.string().min(1).optional(),
  /** ZIP code of the post office that holds the permit. */
  permitZip: z.string().regex(/^\d{5}$/).optional(), // prettier-ignore
  /** Signs the pushes of tracking subscriptions. USPS takes 32 characters. */
  webhookSecret: z.string().length(32, 'has 32 characters').optional(),
});

export type UspsCredentials = z.infer<typeof uspsCredentials>;

/** Returns the names of the credentials that a payment authorization requires and the account does not set. */
export function missingForPayment(credentials: UspsCredentials): string[] {
  const { crid, mid, accountType, accountNumber, permitNumber, permitZip } = credentials;
  const payer = accountType === 'PERMIT' ? { permitNumber, permitZip } : { accountNumber };
  const required = Object.entries({ crid, mid, accountType, ...payer });
  return required.filter(([, value]) => value === undefined).map(([name]) => name);
}

export const uspsOptions = z.object({
  /**
   * The tracking product of the app: `v3r2` tracks 35 numbers a call, `v3` one. `auto` tries v3r2, and uses v3 for a day
   * where the app does not have it. Default: "auto".
   */
  tracking: z.enum(['auto', 'v3r2', 'v3']).default('auto'),
  /** The prices that are quoted. CONTRACT prices are those of the payment account. Default: "COMMERCIAL". */
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT']).default('COMMERCIAL'),
  /**
   * Estimates prices from earlier answers, and spends a share of the quota on checking them. Default: no estimates; a share
   * of 0.1.
   */
  rateCard: z.strictObject({ spotCheckShare: z.number().min(0.01).max(1).default(0.1) }).optional(),
});

export type UspsOptions = z.infer<typeof uspsOptions>;

function mailerId() {
  return z.string().regex(/^(\d{6}|\d{9})$/, 'a MID has 6 or 9 digits');
}
