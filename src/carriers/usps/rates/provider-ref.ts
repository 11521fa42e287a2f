import { z } from 'zod';

/** `Offer.providerRef`: the values that labels must repeat for the quoted price to apply. */
export const rateRefSchema = z.object({
  mailClass: z.string(),
  extraServices: z.array(z.number()).optional(),
  /** US dollars. */
  packageValue: z.number().optional(),
  parcels: z.array(
    z.object({
      processingCategory: z.string(),
      rateIndicator: z.string(),
      destinationEntryFacilityType: z.string(),
    }),
  ),
});
export type RateRef = z.infer<typeof rateRefSchema>;
