import type { LabelFormat, LabelLink } from './shipment.ts';

/** How labels lie on a page: each on a page of its own, or four on a sheet. */
export type LabelLayout = 'SINGLE' | 'FOUR_PER_LETTER' | 'FOUR_PER_A4';

/** The formats that hold many labels in one file. */
export type LabelDocumentFormat = Exclude<LabelFormat, 'PNG'>;

/** The label of one parcel, in one of the formats that there are of it. */
export type LabelLocation = Omit<LabelLink, 'expiresAt' | 'form'>;

/** A shipment, or a parcel of it, that a document does not include. */
export interface LabelSkip {
  readonly shipmentId: string;
  /** A sentence for people, without a period. */
  readonly reason: string;
}

/** Many labels to print as one file, in their order. */
export interface LabelDocumentContent {
  readonly format: LabelDocumentFormat;
  readonly layout: LabelLayout;
  readonly labels: readonly LabelLocation[];
  readonly skipped: readonly LabelSkip[];
}
