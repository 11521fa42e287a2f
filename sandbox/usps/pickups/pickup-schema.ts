import { z } from 'zod';
import { anyState } from '../addresses/states.ts';
import { calendarDate } from '../validation.ts';

/** Package types in the order of the guide, with the newest mail class last among the classes. */
export const packageTypes = [
  'FIRST-CLASS_PACKAGE_SERVICE',
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL',
  'RETURNS',
  'USPS_GROUND_ADVANTAGE',
  'INTERNATIONAL',
  'OTHER',
] as const;

const short = (max: number) => z.string().max(max);

/** Open, so that it accepts the `phone` of the guide beside the fields of the document. */
const contact = z.looseObject({
  email: z.email().max(50).optional(),
  cellNumber: z.string().regex(/^\d{10}$/).optional(), // prettier-ignore
});

/** Closed at every level except the address and contacts. */
export const pickupSchema = z.strictObject({
  pickupDate: z.string().refine(calendarDate.test, 'String is invalid against requested format date'),
  pickupAddress: z.strictObject({
    firstName: short(50).min(1),
    lastName: short(50).min(1),
    firm: short(50).optional(),
    address: z.looseObject({
      streetAddress: short(50).min(1),
      secondaryAddress: short(50).nullish(),
      city: short(28).min(1).optional(),
      state: short(100).min(2).regex(anyState).optional(),
      ZIPCode: z.string().regex(/^\d{5}$/).optional(), // prettier-ignore
      ZIPPlus4: z.string().regex(/^\d{4}$/).nullish(), // prettier-ignore
      urbanization: short(96).optional(),
    }),
    contact: z.array(contact).min(1).max(2),
  }),
  packages: z.array(z.strictObject({ packageType: z.enum(packageTypes), packageCount: z.int() })),
  estimatedWeight: z.number(),
  pickupLocation: z.strictObject({
    packageLocation: z.enum([
      'FRONT_DOOR',
      'BACK_DOOR',
      'SIDE_DOOR',
      'KNOCK_ON_DOOR',
      'MAIL_ROOM',
      'OFFICE',
      'PORCH',
      'RECEPTION',
      'MAILBOX',
      'OTHER',
    ]),
    specialInstructions: z.string().optional(),
    dogPresent: z.boolean().optional(),
  }),
  nextAvailablePickup: z.boolean().default(false),
});
export type PickupRequest = z.infer<typeof pickupSchema>;

/** The update of a pickup. As documented, all its fields are optional. */
export const pickupUpdateSchema = z.strictObject({
  confirmationNumber: z.string().optional(),
  pickupDate: pickupSchema.shape.pickupDate.optional(),
  carrierPickupRequest: pickupSchema.optional(),
});
