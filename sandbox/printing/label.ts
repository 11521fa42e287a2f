import { grouped } from './number-groups.ts';
import { labelSize, letterSize, notValid, textMark, type Barcode, type Mark, type Page } from './page.ts';

/** The content of an emulated label. */
export interface LabelDesign {
  /** The service as the carrier prints it, in large letters: "USPS GROUND ADVANTAGE". */
  title: string;
  from: readonly string[];
  to: readonly string[];
  trackingNumber: string;
  /** Which of several parcels this is. Default: there is one. */
  piece?: { number: number; total: number } | undefined;
  /** What the driver has to know, above the barcode: "ADULT SIGNATURE REQUIRED". Default: nothing. */
  banner?: readonly string[] | undefined;
  /** Small lines at the bottom: weight, mailing date, references. */
  details: readonly string[];
  /** Lines of the customs declaration, beside the details. Default: the parcel needs none. */
  customs?: readonly string[] | undefined;
  /** Default: `code128`. */
  barcode?: Barcode['type'];
  /** The destination's postal code, for a `gs1-128` barcode. */
  routing?: string;
  /** Lines of a receipt, printed beneath the label on a letter page. Default: no receipt, and a page of 4x6 inches. */
  receipt?: readonly string[];
}

const margin = 12;
const inner = labelSize.width - 2 * margin;

/** Lays out a label. There is no frame, since its sides would disturb a scan of the barcode. */
export function labelPage(label: LabelDesign): Page {
  const receipt = label.receipt === undefined ? [] : receiptMarks(label.receipt, labelSize.height + margin);
  return {
    ...(label.receipt === undefined ? labelSize : letterSize),
    marks: [...labelMarks(label), ...receipt],
  };
}

/** Lays out a receipt of 4x6 inches. */
export const receiptPage = (lines: readonly string[]): Page => ({
  ...labelSize,
  marks: receiptMarks(lines, margin),
});

function labelMarks(label: LabelDesign): Mark[] {
  const { piece, banner = [], customs = [] } = label;
  const line = (text: string, y: number, size: number, style?: Parameters<typeof textMark>[2]) =>
    textMark(text, { x: margin + 4, y, width: inner - 8, size }, style);
  const centered = { bold: true, align: 'center' } as const;
  const declaration = customs.length > 0 ? ['CUSTOMS DECLARATION', ...customs] : [];
  return [
    rule(margin),
    line(label.title, 20, 17, centered),
    rule(44),
    line(notValid, 50, 14, centered),
    rule(70),
    // Leaves room for the number of the piece.
    ...label.from
      .slice(0, 7)
      .map((text, index) => textMark(text, { x: margin + 4, y: 75 + index * 9, width: inner - 80, size: 8 })),
    ...(piece === undefined
      ? []
      : [line(`${piece.number} of ${piece.total}`, 75, 14, { bold: true, align: 'right' })]),
    line('SHIP TO:', 140, 8, { bold: true }),
    ...label.to.slice(0, 7).map((text, index) => line(text, 151 + index * 13, 11.5)),
    rule(244),
    ...(banner.length > 0 ? [line(banner.join(' - '), 248, 10, centered)] : []),
    // A quiet zone of ten modules on either side.
    {
      kind: 'barcode' as const,
      type: label.barcode ?? 'code128',
      number: label.trackingNumber,
      routing: label.routing,
      x: margin + 20,
      y: 264,
      width: inner - 40,
      height: 62,
    },
    line(grouped(label.trackingNumber), 332, 11, centered),
    rule(348),
    ...columnMarks(customs.length > 0 ? [label.details, declaration] : [label.details]),
    rule(labelSize.height - margin),
  ];
}

/** Small lines at the bottom, in columns side by side. */
const columnMarks = (columns: readonly (readonly string[])[]): Mark[] =>
  columns.flatMap((lines, column) => {
    const width = (inner - 8) / columns.length;
    const place = { x: margin + 4 + column * width, width: width - 6, size: 7 };
    return lines.slice(0, 8).map((text, index) => textMark(text, { ...place, y: 352 + index * 8.2 }));
  });

const rule = (y: number): Mark => ({ kind: 'rule', x: margin, y, width: inner });

function receiptMarks(lines: readonly string[], top: number): Mark[] {
  const line = (text: string, index: number) =>
    textMark(text, { x: margin, y: top + 14 + index * 10, width: inner, size: 8 });
  return [
    textMark('RECEIPT', { x: margin, y: top, width: inner, size: 10 }, { bold: true }),
    ...[notValid, ...lines].map(line),
  ];
}
