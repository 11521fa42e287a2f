import { addressErrors, normalizeAddress, type Address } from './address.ts';
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

/** What a provider sold: one parcel's label, number and charge. */
export interface PurchasedLabel {
  readonly trackingNumber: string;
  /** The provider's own name of it, where the number does not say enough. */
  readonly reference?: string;
  /** Postage, options and fees: what the account is charged. */
  readonly price: Money;
  /** What of that a quote had told: all but what only buying adds. */
  readonly quotedAmount: Money;
  readonly charges: readonly ShippingCharge[];
  readonly label: LabelDocument;
  /** What else is to be printed: customs papers that are no part of the label. */
  readonly forms?: readonly ShipmentForm[];
}

/** A paper that goes with a parcel. */
export interface ShipmentForm {
  /** For people: "Commercial invoice". */
  readonly name: string;
  readonly document: LabelDocument;
}

export type RefundStatus = 'REQUESTED' | 'REFUNDED' | 'REFUSED' | 'NOT_APPLICABLE';

/** What became of a label that was given back. */
export interface Refund {
  readonly status: RefundStatus;
  /** The label is void: it must not be used. A refund that is only asked for is no void yet. */
  readonly voided: boolean;
  /** What came back, where the provider tells; all of the price when left out. */
  readonly amount?: Money;
  /** The provider's own reference of the request. */
  readonly reference?: string;
}

/** The label itself, or where the provider keeps it until we fetch it. */
export type LabelDocument = { readonly format: LabelFormat } & (
  { readonly data: Uint8Array } | { readonly source: string }
);

/** What a link to a label, or to a manifest's form, opens. */
export interface LabelLink {
  /** The shipment's, or the manifest's. */
  readonly id: string;
  /** Which of its parcels. */
  readonly position: number;
  /** Which of the parcel's forms; its label when left out. */
  readonly form?: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The link is the permission: it names one label of one shipment, and ends. */
export function sealLabelLink(sealer: Sealer, link: LabelLink): string {
  return sealer.seal('label', '', link);
}

export function openLabelLink(sealer: Sealer, token: string): LabelLink | undefined {
  // Sealed by us under this purpose, it holds what `sealLabel` put there.
  return sealer.open('label', '', token) as LabelLink | undefined;
}

const added = ['name', 'company', 'phone', 'email'] as const;

/** The quoted address with what a purchase may add: who, and how to reach them. */
export function withContact(quoted: Address, addition: Address | null | undefined): Address {
  const given = Object.entries(normalizeAddress(addition ?? {})).filter(([key]) => isAdded(key));
  return { ...quoted, ...Object.fromEntries(given) };
}

/** Refuses an addition that would change what was priced. */
export function contactErrors(
  quoted: Address,
  addition: Address | null | undefined,
  path: readonly string[],
): readonly UserError[] {
  return Object.entries(normalizeAddress(addition ?? {}))
    .filter(([key, value]) => !isAdded(key) && !same(value as string | boolean, quoted[key as keyof Address]))
    .map(([key]) => ({
      code: 'NOT_ALLOWED' as const,
      field: [...path, key],
      message: 'differs from the address that was quoted; ask for rates with the new address',
    }));
}

/** What a label wants beyond what the quote knew. */
export function labelErrors(from: Address, to: Address, path: readonly string[]): readonly UserError[] {
  return [
    ...addressErrors(from, 'label', [...path, 'from']),
    ...addressErrors(to, 'label', [...path, 'to']),
  ].map((error) => {
    const mend = isAdded(error.field.at(-1)!)
      ? 'give it here'
      : 'ask for rates with the whole address, then buy that rate';
    return { ...error, message: `${error.message}: ${mend}` };
  });
}

const isAdded = (key: string) => (added as readonly string[]).includes(key);
const same = (a: string | boolean, b: string | boolean | null | undefined) =>
  String(a).toUpperCase() === String(b ?? '').toUpperCase();
