import { transliterate } from './transliteration.ts';

/** What a page shows. Positions and sizes are in points of 1/72 inch, from the upper left corner. */
export type Mark = TextMark | BarcodeMark | { kind: 'rule'; x: number; y: number; width: number };

/** One line of text in ASCII. It is drawn smaller, then cut, where it is wider than `width`. */
export interface TextMark {
  kind: 'text';
  text: string;
  x: number;
  /** The top of the line. */
  y: number;
  width: number;
  size: number;
  bold: boolean;
  align: 'left' | 'center' | 'right';
}

export interface BarcodeMark extends Barcode {
  kind: 'barcode';
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Barcode {
  number: string;
  /** USPS prints `gs1-128` (Publication 199), in which `420` and the five-digit `routing` precede the number. */
  type: 'gs1-128' | 'code128';
  routing?: string | undefined;
}

export interface Page {
  width: number;
  height: number;
  marks: readonly Mark[];
}

/** Every page of the sandbox carries this line. */
export const notValid = 'SANDBOX - NOT VALID POSTAGE';

export const labelSize = { width: 288, height: 432 };
export const letterSize = { width: 612, height: 792 };

/** Creates a line of text, transliterated. */
export const textMark = (
  text: string,
  place: { x: number; y: number; width: number; size: number },
  { bold = false, align = 'left' }: { bold?: boolean; align?: TextMark['align'] } = {},
): TextMark => ({ kind: 'text', text: transliterate(text), ...place, bold, align });

/** The smallest share of its size at which a text is drawn before it is cut. */
const smallest = 0.5;

/** Fits a text into the width of its line: first by a smaller size, then by cutting it. `measure` returns its width. */
export function fitted(
  { text, size, width }: TextMark,
  measure: (text: string, size: number) => number,
): { text: string; size: number } {
  const natural = measure(text, size);
  if (natural <= width) return { text, size };
  const shrunk = Math.max(size * smallest, Math.floor(((size * width) / natural) * 10) / 10);
  if (measure(text, shrunk) <= width) return { text, size: shrunk };
  let kept = text;
  while (kept.length > 1 && measure(`${kept}...`, shrunk) > width) kept = kept.slice(0, -1);
  return { text: `${kept.trimEnd()}...`, size: shrunk };
}
