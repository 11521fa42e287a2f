import { z } from 'zod';

/** What USPS wants to know of an account: the app, and for labels who pays and who owns them. */
export const uspsCredentials = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  crid: z.string().regex(/^\w{2,18}$/).optional(), // prettier-ignore
  mid: mailerId().optional(),
  manifestMid: mailerId().optional(),
  accountType: z.enum(['EPS', 'PERMIT', 'METER']).optional(),
  accountNumber: z.string().min(1).optional(),
  permitNumber: z.string().min(1).optional(),
  permitZip: z.string().regex(/^\d{5}$/).optional(), // prettier-ignore
});

export type UspsCredentials = z.infer<typeof uspsCredentials>;

/** What a payment authorization names, by the type of the paying account, and this account leaves out. */
export function missingForPayment(credentials: UspsCredentials): string[] {
  const { crid, mid, accountType, accountNumber, permitNumber, permitZip } = credentials;
  const payer = accountType === 'PERMIT' ? { permitNumber, permitZip } : { accountNumber };
  const wanted = Object.entries({ crid, mid, accountType, ...payer });
  return wanted.filter(([, value]) => value === undefined).map(([name]) => name);
}

export const uspsOptions = z.object({
  /** Which tracking product the app has; `auto` finds out, and remembers it for a day. */
  tracking: z.enum(['auto', 'v3r2', 'v3']).default('auto'),
  /** Whose prices are quoted; a contract's are those of the payment account. */
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT']).default('COMMERCIAL'),
});

export type UspsOptions = z.infer<typeof uspsOptions>;

/** Mailer identifiers have six or nine digits. */
function mailerId() {
  return z.string().regex(/^(\d{6}|\d{9})$/, 'a MID has 6 or 9 digits');
}
