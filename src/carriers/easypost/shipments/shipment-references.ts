import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { LabelledParcel } from '../../adapter.ts';

const bySoldShipment = z.object({ shipment: z.string() });

/** EasyPost's shipments behind labels: named by the label, or by what it was bought with. */
export function toShipments(parcels: readonly LabelledParcel[]): { id: string }[] {
  return parcels.map(({ label, trackingNumber }) => {
    const id = label.reference ?? bySoldShipment.safeParse(label.prepared.request).data?.shipment;
    if (id !== undefined) return { id };
    throw new ProviderError('NOT_SUPPORTED', `EasyPost's shipment of ${trackingNumber} is not known`, {
      field: ['shipmentIds'],
    });
  });
}
