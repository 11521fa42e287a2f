import type { StandardizedAddress } from './standardization.ts';

/** DPVEnhancedConfirmation by DPVConfirmation: a missing unit is S in place of D, a dropped one D in place of S. */
const confirmations = { Y: 'Y', D: 'S', S: 'D', N: 'N' } as const;

/**
 * The fields of `additionalInfo` that version 3.3.1 adds, as far as the sandbox knows an address. Guess: the fields that
 * they replace (`business`, which is deprecated, and `vacant`) are gone.
 */
export function enhancedInfo({ carrierRoute, confirmation, business, correction }: StandardizedAddress) {
  const isPhantomRoute = /^R77[79]$/.test(carrierRoute);
  return {
    DPVEnhancedConfirmation: isPhantomRoute ? 'R' : confirmations[confirmation],
    DPVBusiness: business ? 'Y' : 'N',
    DPVUsageCode: business ? 'B' : 'A',
    DPVVacant: 'N',
    DPVSeasonal: 'N',
    DPVThrowback: 'N',
    DPVNostat: 'N',
    defaultFlag: correction === '32' ? 'Y' : 'N',
  };
}
