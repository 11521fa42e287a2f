/** Returns a Markdown table; a column that is empty in every row is left out. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const used = columns.map((_, index) => rows.some((row) => row[index]));
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.filter((_, index) => used[index]).map(escapeCell).join(' | ')} |`; // prettier-ignore
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

const escapeCell = (text = '') => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

export const code = (text: string): string => `\`${text}\``;

/** Joins blocks of Markdown by empty lines. */
export const blocks = (...parts: readonly string[]): string =>
  `${parts.filter((part) => part !== '').join('\n\n')}\n`;
