import { ProviderError } from '../../domain/errors.ts';
import type { Token } from '../../transport/bearer-token.ts';
import { licenseHint } from './addresses/license.ts';
import { productHint } from './errors.ts';

/** The scope that each API requires, in every spelling seen in tokens and documents. */
const scopes: Readonly<Record<string, readonly string[]>> = {
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

/** Returns the scope of an API that a token lacks; undefined where it has it, or USPS did not name the granted scope. */
export function missingScope({ scope: granted }: Pick<Token, 'scope'>, api: string): string | undefined {
  const accepted = scopes[api];
  if (granted === undefined || accepted === undefined) return undefined;
  return accepted.some((scope) => granted.includes(scope)) ? undefined : accepted.join(' or ');
}

/** Throws SCOPE_MISSING where the token does not cover the API. */
export function requireScope(token: Token, api: string): void {
  const missing = missingScope(token, api);
  if (missing === undefined) return;
  throw new ProviderError('SCOPE_MISSING', `the USPS app was not granted the scope ${missing}`, {
    hint: api === 'addresses' ? licenseHint : productHint,
  });
}
