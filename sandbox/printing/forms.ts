import { grouped } from './number-groups.ts';
import { letterSize, notValid, textMark, type Barcode, type Mark, type Page } from './page.ts';

/** A table of a form: the share of the width of each column, its heading, and the cells of its rows. */
interface Table {
  columns: readonly { heading: string; share: number; align?: 'left' | 'right' }[];
  rows: readonly (readonly string[])[];
}

/** The content of a form on letter paper. */
export interface FormDesign {
  /** "COMMERCIAL INVOICE". */
  title: string;
  /** Blocks side by side beneath the title: shipper, receiver, numbers and dates. */
  blocks: readonly { heading: string; lines: readonly string[] }[];
  barcode?: Barcode;
  table?: Table;
  /** Sums beneath the table, at the right. */
  totals?: readonly string[];
  /** Sentences beneath it, and the name of who signs. */
  declaration?: { lines: readonly string[]; signer: string };
}

const margin = 36;
const inner = letterSize.width - 2 * margin;
const rowHeight = 14;
const bottom = letterSize.height - margin;

/** Lays out a form: as many pages as its table needs, with its end on the last one. */
export function formPages(form: FormDesign): Page[] {
  const { table, totals = [], declaration } = form;
  const { marks: head, y: top } = headOf(form);
  const endHeight = totals.length * rowHeight + (declaration ? declaration.lines.length * 12 + 60 : 0);
  const perPage = Math.floor((bottom - top - endHeight - rowHeight) / rowHeight);
  const rows = table?.rows ?? [];
  const count = Math.max(1, Math.ceil(rows.length / perPage));
  return Array.from({ length: count }, (_, index) => {
    const shown = rows.slice(index * perPage, (index + 1) * perPage);
    const end = top + (table === undefined ? 0 : (shown.length + 1) * rowHeight) + 6;
    return {
      ...letterSize,
      marks: [
        ...head,
        textMark(
          `Page ${index + 1} of ${count}`,
          { x: margin, y: 40, width: inner, size: 8 },
          { align: 'right' },
        ),
        ...(table === undefined ? [] : tableMarks({ ...table, rows: shown }, top)),
        ...(index === count - 1 ? endMarks(totals, declaration, end) : []),
      ],
    };
  });
}

function headOf({ title, blocks, barcode }: FormDesign): { marks: Mark[]; y: number } {
  const width = inner / Math.max(1, blocks.length);
  const blockMarks = blocks.flatMap(({ heading, lines }, column) => {
    const place = { x: margin + column * width, width: width - 10 };
    return [
      textMark(heading, { ...place, y: 88, size: 8 }, { bold: true }),
      ...lines.map((text, index) => textMark(text, { ...place, y: 100 + index * 12, size: 9 })),
    ];
  });
  const y = 112 + Math.max(0, ...blocks.map(({ lines }) => lines.length)) * 12;
  const marks: Mark[] = [
    textMark(title, { x: margin, y: 36, width: inner - 80, size: 18 }, { bold: true }),
    textMark(notValid, { x: margin, y: 60, width: inner, size: 11 }, { bold: true }),
    rule(80),
    ...blockMarks,
    rule(y - 6),
  ];
  if (barcode === undefined) return { marks, y };
  const width4 = { x: margin + 80, width: inner - 160 };
  return {
    marks: [
      ...marks,
      { kind: 'barcode', ...barcode, ...width4, y: y + 4, height: 50 },
      textMark(grouped(barcode.number), { ...width4, y: y + 58, size: 10 }, { bold: true, align: 'center' }),
      rule(y + 76),
    ],
    y: y + 82,
  };
}

function tableMarks({ columns, rows }: Table, top: number): Mark[] {
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  let x = margin;
  const places = columns.map(({ share, align = 'left' }) => {
    const place = { x, width: (share / total) * inner - 6, align };
    x += (share / total) * inner;
    return place;
  });
  const row = (cells: readonly string[], y: number, bold: boolean) =>
    cells.map((text, index) => {
      const { x: left, width, align } = places[index]!;
      return textMark(text, { x: left, y, width, size: 9 }, { bold, align });
    });
  return [
    ...row(
      columns.map(({ heading }) => heading),
      top,
      true,
    ),
    ...rows.flatMap((cells, index) => row(cells, top + (index + 1) * rowHeight, false)),
    rule(top + (rows.length + 1) * rowHeight),
  ];
}

function endMarks(totals: readonly string[], declaration: FormDesign['declaration'], top: number): Mark[] {
  const sums = totals.map((text, index) =>
    textMark(
      text,
      { x: margin, y: top + index * rowHeight, width: inner, size: 10 },
      { bold: true, align: 'right' },
    ),
  );
  if (declaration === undefined) return sums;
  const y = top + totals.length * rowHeight + 12;
  const signature = y + declaration.lines.length * 12 + 24;
  return [
    ...sums,
    ...declaration.lines.map((text, index) =>
      textMark(text, { x: margin, y: y + index * 12, width: inner, size: 9 }),
    ),
    { kind: 'rule', x: margin, y: signature, width: 240 },
    textMark(`Signature: ${declaration.signer}`, { x: margin, y: signature + 4, width: 240, size: 9 }),
  ];
}

const rule = (y: number): Mark => ({ kind: 'rule', x: margin, y, width: inner });
