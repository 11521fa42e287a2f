/** Parses a CSV file with a header (RFC 4180) to one object a row. */
export function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, separator, quoted, plain] of text
    .trim()
    .matchAll(/(,|\r?\n|^)(?:"((?:[^"]|"")*)"|([^,\r\n]*))/g)) {
    if (separator?.endsWith('\n')) rows.push([]);
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  }
  const [header, ...records] = rows;
  return records.map((cells) => Object.fromEntries(header!.map((name, index) => [name, cells[index] ?? ''])));
}
