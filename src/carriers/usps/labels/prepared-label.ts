import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { dateAt } from '../../../domain/calendar.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import type { PreparedRequest } from '../../../domain/prepared-request.ts';
import type { Direction } from '../rates/direction.ts';

/** A label request as storage keeps it. The body is sent byte for byte each time. */
const preparedSchema = z.object({
  body: z.string(),
  format: z.enum(['PDF', 'PNG', 'ZPL']).default('PDF'),
  /** The direction. Stored rows have this name. */
  way: z.enum(['outbound', 'return', 'international']).default('outbound'),
  /** Index of the parcel in the shipment. */
  position: z.number().default(0),
});

export interface PreparedLabel {
  readonly body: string;
  readonly format: LabelFormat;
  readonly direction: Direction;
  readonly position: number;
}

/** Prepares a label under a new idempotency key. */
export const prepareLabel = ({ body, format, direction, position }: PreparedLabel): PreparedRequest => ({
  attemptId: randomUUID(),
  request: { body, format, way: direction, position } satisfies z.infer<typeof preparedSchema>,
});

export function readPrepared(request: unknown): PreparedLabel {
  const { way: direction, ...prepared } = preparedSchema.parse(request);
  return { ...prepared, direction };
}

/** Removes the body, which holds the addresses. Cancelling needs the direction alone. */
export const redactPrepared = (request: unknown) => ({ ...preparedSchema.parse(request), body: '' });

/** The part of a label request that tells its last mailing date; returns have none. */
const mailingSchema = z.object({
  fromAddress: z.object({ ZIPCode: z.string() }),
  packageDescription: z.object({ mailingDate: z.string().optional() }),
});

/** Returns true while the mailing date of a prepared label has not passed at its origin. */
export function isMailable(request: unknown, now: number): boolean {
  const { fromAddress, packageDescription } = mailingSchema.parse(JSON.parse(readPrepared(request).body));
  const { mailingDate } = packageDescription;
  const today = dateAt({ country: 'US', postalCode: fromAddress.ZIPCode }, now);
  return mailingDate === undefined || mailingDate >= today;
}
