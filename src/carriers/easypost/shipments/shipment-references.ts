import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { LabelledParcel } from '../../../domain/label.ts';

const preparedShipment = z.object({ shipment: z.string() });

/** Returns the EasyPost shipments of labels, from the label's own reference or the request that bought it. */
export function toShipmentReferences(parcels: readonly LabelledParcel[]): { id: string }[] {
  return parcels.map(({ label, trackingNumber }) => {
    const id = label.reference ?? preparedShipment.safeParse(label.prepared.request).data?.shipment;
    if (id !== undefined) return { id };
    throw new ProviderError(
      'NOT_SUPPORTED',
      `the EasyPost shipment of ${trackingNumber ?? 'a parcel'} is unknown`,
      {
        field: ['shipmentIds'],
      },
    );
  });
}
