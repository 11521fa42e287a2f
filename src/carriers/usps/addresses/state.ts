import type { Address } from '../../../domain/address.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { stateCode } from '../../../domain/states.ts';

/** Throws REJECTED for a US address whose state USPS does not know: its documents list the two-letter codes. */
export function requireState({ country, state }: Address, path: readonly string[]): void {
  if (country !== 'US' || !state || stateCode('US', state) === state) return;
  throw new ProviderError('REJECTED', `USPS knows no state ${JSON.stringify(state.slice(0, 40))}`, {
    field: [...path, 'state'],
    hint: 'Give the name or two-letter code of a US state, territory or military region, such as CA.',
  });
}
