import { slipLines, type LabelWriter } from './writer.ts';

/** The printable height of a 4x6 inch label at 203 dots per inch, and the lines of text that a slip takes of it. */
const top = 40;
const lineHeight = 30;
const textRows = 2;
const entriesPerLabel = 18;

/** Writes a ZPL stream: the labels one after the other, then slips of 4x6 inches at 203 dots per inch. */
export function createZplWriter(): LabelWriter {
  const labels: Uint8Array[] = [];
  return {
    async add({ data }) {
      labels.push(data, Buffer.from('\n'));
    },
    async finish(skipped) {
      const lines = slipLines(skipped);
      for (let start = 0; start < lines.length; start += entriesPerLabel) {
        labels.push(Buffer.from(slip(lines.slice(start, start + entriesPerLabel))));
      }
      return Buffer.concat(labels);
    },
  };
}

function slip(lines: readonly string[]): string {
  const fields = lines.map((line, index) => {
    const y = top + index * (textRows * lineHeight + 4);
    return `^FO30,${y}^A0N,24,24^FB752,${textRows},4,L^FD${line}^FS`;
  });
  return `^XA${fields.join('')}^XZ\n`;
}
