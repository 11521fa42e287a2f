import { z } from 'zod';
import { addressFields, mid, zip } from '../labels/label-schema.ts';
import { entryFacilities } from '../prices/price-schemas.ts';
import { calendarDate } from '../validation.ts';

const { phone: _, email: __, ZIPPlus4: ___, ...fields } = addressFields;
const images = ['PDF', 'TIFF', 'JPG', 'PNG', 'GIF', 'SVG'] as const;

/** Closed. The shipment is exactly one of tracking numbers, a MID and a manifest MID. */
export const scanFormSchema = z.strictObject({
  imageInfo: z
    .looseObject({
      imageType: z.enum([...images, 'ZPL203DPI', 'ZPL300DPI', 'NONE']).optional(),
      labelType: z.enum(['8.5X11LABEL', '4X6LABEL']).optional(),
    })
    .optional(),
  form: z.enum(['5630']).optional(),
  imageType: z.enum([...images, 'NONE']).optional(),
  labelType: z.enum(['8.5x11LABEL']).optional(),
  mailingDate: z.string().refine(calendarDate.test, 'String is invalid against requested format date'),
  overwriteMailingDate: z.boolean().default(false),
  entryFacilityZIPCode: zip,
  destinationEntryFacilityType: z.enum(entryFacilities),
  shipment: z.union([
    z.strictObject({ trackingNumbers: z.array(z.string()).min(1).max(40_000) }),
    z.strictObject({ MID: mid.unwrap() }),
    z.strictObject({ manifestMID: mid.unwrap() }),
  ]),
  fromAddress: z.looseObject({
    ...fields,
    ZIPPlus4: z.string().regex(/^\d{4}$/).optional(), // prettier-ignore
  }),
});
export type ScanFormRequest = z.infer<typeof scanFormSchema>;
