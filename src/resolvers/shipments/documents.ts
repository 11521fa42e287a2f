import type { Context } from '../../auth/context.ts';
import { contentTypes, sealLabelLink, type LabelFormat, type LabelLink } from '../../domain/shipment.ts';
import type { StoredParcel, StoredShipment } from '../../storage/shipments.ts';
import { isPrintable } from '../../workflows/printable.ts';

/** A download link expires after a day; each read of its object issues a new one. */
const linkLifetimeMs = 24 * 60 * 60 * 1000;

/** Issues a download link to a label, a form or a manifest. */
export function issueLink(link: Omit<LabelLink, 'expiresAt'>, format: LabelFormat, context: Context) {
  const expiresAt = context.clock.now() + linkLifetimeMs;
  return {
    format,
    url: `${context.publicUrl}/labels/${sealLabelLink(context.sealer, { ...link, expiresAt })}`,
    contentType: contentTypes[format],
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** The label of a parcel; null if it can't be used. */
export function labelOf(shipment: StoredShipment, parcel: StoredParcel | undefined, context: Context) {
  if (parcel === undefined || !isPrintable(shipment, parcel)) return null;
  const { position, label_format, reprint_format } = parcel;
  const link = { id: shipment.id, position, reprint: reprint_format ?? undefined };
  return issueLink(link, reprint_format ?? label_format, context);
}

/** The documents to print in addition to the label; none if the label can't be used. */
export function formsOf(shipment: StoredShipment, parcel: StoredParcel, context: Context) {
  if (!isPrintable(shipment, parcel)) return [];
  return parcel.forms.map(({ number, name, format }) => ({
    name,
    ...issueLink({ id: shipment.id, position: parcel.position, form: number }, format, context),
  }));
}
