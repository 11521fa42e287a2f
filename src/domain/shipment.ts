import { validateAddress, normalizeAddress, type Address } from './address.ts';
import type { UserError } from './errors.ts';
import type { Money } from './money.ts';
import type { ShippingCharge } from './rate.ts';
import type { Sealer } from './seal.ts';

export type ShipmentStatus = 'PURCHASING' | 'PURCHASED' | 'VOIDED' | 'FAILED' | 'UNCERTAIN';
export type LabelFormat = 'PDF' | 'PNG' | 'ZPL';

export const contentTypes: Record<LabelFormat, string> = {
  PDF: 'application/pdf',
  PNG: 'image/png',
  ZPL: 'application/zpl',
};

/** Returns the format of a file by its first bytes; undefined where it is in none of ours. */
export function formatOfFile(data: Uint8Array): LabelFormat | undefined {
  const start = Buffer.from(data.subarray(0, 1024)).toString('latin1');
  if (start.startsWith('%PDF')) return 'PDF';
  if (start.startsWith('\x89PNG')) return 'PNG';
  // Printer settings may stand before the first label.
  return start.includes('^XA') ? 'ZPL' : undefined;
}

/** A purchased label: one parcel's document, tracking number and charge. */
export interface PurchasedLabel {
  /** Undefined where the carrier does not track the label, as with letters; it then has a `reference`. */
  readonly trackingNumber?: string;
  /** The provider's own reference, where the tracking number does not identify the label. */
  readonly reference?: string;
  /** The amount charged to the account: postage, options and fees. Undefined where the provider's answer does not tell. */
  readonly price?: Money;
  /** The part of `price` that the quote included: all but fees that are added at purchase. Undefined as `price` is. */
  readonly quotedAmount?: Money;
  readonly charges: readonly ShippingCharge[];
  readonly label: LabelDocument;
  /** Further documents to print: customs forms that are not part of the label. */
  readonly forms?: readonly ShipmentForm[];
}

/** The name of a label in history and messages: its tracking number, or the provider's reference where it has none. */
export const labelName = (label: Pick<PurchasedLabel, 'trackingNumber' | 'reference'>): string =>
  label.trackingNumber ?? label.reference ?? 'a label without a number';

/** A document that accompanies a parcel. */
export interface ShipmentForm {
  /** The name to display: "Commercial invoice". */
  readonly name: string;
  readonly document: LabelDocument;
}

export type RefundStatus = 'REQUESTED' | 'REFUNDED' | 'REFUSED' | 'NOT_APPLICABLE';

/** The refund of a voided label. */
export interface Refund {
  readonly status: RefundStatus;
  /** The label is void and must not be used. False while the refund is only requested. */
  readonly voided: boolean;
  /** The refunded amount, where the provider reports it. Default: the whole price. */
  readonly amount?: Money;
  /** The provider's own reference of the refund request. */
  readonly reference?: string;
}

/** A label's content, or the URL or reference from which it is fetched at the provider. */
export type LabelDocument = { readonly format: LabelFormat } & (
  { readonly data: Uint8Array } | { readonly source: string }
);

/** The document that a label link opens: a label, a form of a parcel, or the form of a manifest. */
export interface LabelLink {
  /** The id of the shipment or the manifest. */
  readonly id: string;
  /** Index of the parcel within the shipment. */
  readonly position: number;
  /** Index of the parcel's form. Default: the label itself. */
  readonly form?: number;
  /** The format of a reprint of the label. Default: the label as purchased. */
  readonly reprint?: LabelFormat;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Creates the token of a label link. The token grants access to one document until it expires. */
export function sealLabelLink(sealer: Sealer, link: LabelLink): string {
  return sealer.seal('label', '', link);
}

/** Opens the token of a label link; returns undefined where it is not valid. The caller checks `expiresAt`. */
export function openLabelLink(sealer: Sealer, token: string): LabelLink | undefined {
  // Only `sealLabelLink` seals documents with this purpose.
  return sealer.open('label', '', token) as LabelLink | undefined;
}

const contactFields = ['name', 'company', 'phone', 'email'] as const;

/** Adds the contact that a purchase may supply (name, company, phone, email) to the quoted address. */
export function withContact(quoted: Address, addition: Address | null | undefined): Address {
  const contact = Object.entries(normalizeAddress(addition ?? {})).filter(([key]) => isContactField(key));
  return { ...quoted, ...Object.fromEntries(contact) };
}

/** Validates the address of a purchase, which may add a contact but not change the quoted address; returns every error found. */
export function validateContact(
  quoted: Address,
  addition: Address | null | undefined,
  path: readonly string[],
): readonly UserError[] {
  return Object.entries(normalizeAddress(addition ?? {}))
    .filter(
      ([key, value]) =>
        !isContactField(key) && !equals(value as string | boolean, quoted[key as keyof Address]),
    )
    .map(([key]) => ({
      code: 'NOT_ALLOWED' as const,
      field: [...path, key],
      message: 'differs from the quoted address; ask for rates with the new address',
    }));
}

/** Validates the addresses of a label and returns every error found, with the way to supply what is missing. */
export function validateLabelAddresses(
  from: Address,
  to: Address,
  path: readonly string[],
): readonly UserError[] {
  return [
    ...validateAddress(from, 'label', [...path, 'from']),
    ...validateAddress(to, 'label', [...path, 'to']),
  ].map((error) => {
    const remedy = isContactField(error.field.at(-1)!)
      ? 'add it to this purchase'
      : 'ask for rates with the complete address, then purchase one of those';
    return { ...error, message: `${error.message}: ${remedy}` };
  });
}

const isContactField = (key: string) => (contactFields as readonly string[]).includes(key);
const equals = (a: string | boolean, b: string | boolean | null | undefined) =>
  String(a).toUpperCase() === String(b ?? '').toUpperCase();
