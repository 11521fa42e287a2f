import bwipjs from 'bwip-js/node';
import type { Barcode } from './page.ts';

/**
 * Builds the barcode. A USPS barcode (IMpb) is a GS1-128 of `420` with the ZIP code, then the number, whose first two
 * digits are its application identifier (Publication 199, 3.1). The ZIP+4 is left out, as in construct C03.
 */
export function barcodeOptions({ type, number, routing }: Barcode): { bcid: string; text: string } {
  if (type === 'code128') return { bcid: 'code128', text: number };
  const prefix = routing === undefined ? '' : `(420)${routing.slice(0, 5)}`;
  return { bcid: 'gs1-128', text: `${prefix}(${number.slice(0, 2)})${number.slice(2)}` };
}

/** Returns the widths of bars and spaces in modules, beginning with a bar. */
export function barWidths(barcode: Barcode): number[] {
  const [symbol] = bwipjs.raw(barcodeOptions(barcode));
  return (symbol as { sbs: number[] }).sbs;
}
