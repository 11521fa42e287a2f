import { z } from 'zod';

import type { LabelFormat } from '../../../domain/shipment.ts';

/** Names a label document that USPS keeps: `LabelDocument.source`. */
export const reprintSource = (trackingNumber: string, format: LabelFormat) =>
  `reprint:${trackingNumber}:${format}`;

const sourceSchema = z
  .string()
  .transform((source) => source.split(':'))
  .pipe(z.tuple([z.literal('reprint'), z.string().min(1), z.enum(['PDF', 'PNG', 'ZPL'])]));

/** Reads the source that `reprintSource` returns. */
export function readReprintSource(source: string): { trackingNumber: string; format: LabelFormat } {
  const [, trackingNumber, format] = sourceSchema.parse(source);
  return { trackingNumber, format };
}
