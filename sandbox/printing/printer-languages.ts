import { fitted, type BarcodeMark, type Page, type TextMark } from './page.ts';

/** Printer fonts are measured roughly: a letter is this share of its height wide. */
const letterWidth = 0.55;
const measure = (text: string, size: number) => text.length * size * letterWidth;

/** Returns the lower left corner that a text has by its alignment, and the text as it fits. */
function placed(mark: TextMark) {
  const { text, size } = fitted(mark, measure);
  const slack = Math.max(0, mark.width - measure(text, size));
  return { text, size, x: mark.x + { left: 0, center: slack / 2, right: slack }[mark.align] };
}

/** Draws pages in ZPL II. `setup` stands at the beginning of each label, such as `^MMT`. */
export function toZpl(pages: readonly Page[], { dotsPerInch = 203, setup = '' } = {}): string {
  const dots = (points: number) => Math.round((points * dotsPerInch) / 72);
  const at = (x: number, y: number) => `^FO${dots(x)},${dots(y)}`;
  const draw = (mark: Page['marks'][number]) => {
    if (mark.kind === 'rule') return `${at(mark.x, mark.y)}^GB${dots(mark.width)},2,2^FS`;
    if (mark.kind === 'barcode') return `${at(mark.x, mark.y)}${zplBarcode(mark, dots, dotsPerInch)}`;
    const { text, size, x } = placed(mark);
    const height = dots(size);
    const field = text.replace(/[\^~\\]/g, ' ');
    return `${at(x, mark.y)}^A0N,${height},${Math.round(height * 0.9)}^FD${field}^FS`;
  };
  return pages
    .map(({ width, height, marks }) =>
      [`^XA${setup}`, `^PW${dots(width)}`, `^LL${dots(height)}`, ...marks.map(draw), '^XZ', ''].join('\n'),
    )
    .join('');
}

/** `>;` selects the digits of Code 128 and `>8` is FNC1, which begins a GS1-128 and separates its parts. */
function zplBarcode(mark: BarcodeMark, dots: (points: number) => number, dotsPerInch: number): string {
  const { type, number, routing, height } = mark;
  const prefix = routing === undefined ? '' : `420${routing.slice(0, 5)}>8`;
  const data = type === 'gs1-128' ? `>;>8${prefix}${number}` : number;
  const module = Math.round((2 * dotsPerInch) / 203);
  return `^BY${module}^BCN,${dots(height)},N,N,N^FD${data}^FS`;
}

/** Draws pages in EPL2 at 203 dots per inch. */
export function toEpl2(pages: readonly Page[]): string {
  const dots = (points: number) => Math.round((points * 203) / 72);
  const draw = (mark: Page['marks'][number]) => {
    if (mark.kind === 'rule') return `LO${dots(mark.x)},${dots(mark.y)},${dots(mark.width)},2`;
    if (mark.kind === 'barcode') {
      return `B${dots(mark.x)},${dots(mark.y)},0,1,2,6,${dots(mark.height)},N,"${mark.number}"`;
    }
    const { text, size, x } = placed(mark);
    // Fonts 1 to 4 are 12, 16, 20 and 24 dots high.
    const fontNumber = Math.min(4, Math.max(1, Math.round(dots(size) / 4) - 3));
    return `A${dots(x)},${dots(mark.y)},0,${fontNumber},1,1,N,"${text.replace(/["\\]/g, ' ')}"`;
  };
  return pages
    .map(({ width, marks }) => ['', 'N', `q${dots(width)}`, ...marks.map(draw), 'P1', ''].join('\n'))
    .join('');
}
