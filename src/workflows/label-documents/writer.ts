import type { LabelSkip } from '../../domain/label-document.ts';
import type { LabelFormat } from '../../domain/shipment.ts';

/** Writes labels one after the other into one file. */
export interface LabelWriter {
  /** Adds a label. Throws where its file can't be read; what was added before stays. */
  add(label: { readonly format: LabelFormat; readonly data: Uint8Array }): Promise<void>;
  /** Ends the file with a slip that lists what is not in it; no slip where nothing is skipped. */
  finish(skipped: readonly LabelSkip[]): Promise<Buffer>;
}

/** The lines of a slip: a title, then each shipment with its reason. */
export function slipLines(skipped: readonly LabelSkip[]): readonly string[] {
  if (skipped.length === 0) return [];
  return [
    `Not in this document: ${skipped.length} of the shipments or parcels`,
    ...skipped.map(({ shipmentId, reason }) => printable(`${shipmentId} ${reason}`)),
  ];
}

/** Replaces what a PDF font of the standard fourteen can't write, and the command characters of ZPL. */
const printable = (text: string) => text.slice(0, 300).replace(/[^ -~]|[\^~\\]/g, '?');
