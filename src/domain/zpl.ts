/**
 * Commands that configure the printer and have no share in the drawing: print mode, media type and tracking, darkness,
 * speed, tear-off, backfeed, saving of settings (Zebra, ZPL II Programming Guide). The printer's own settings apply.
 */
const settings = /^[\^~](MM|MN|MT|MD|MF|MW|JU|JZ|JS|PR|SD|TA)/;

/** Modes that a drawing needs and that outlive it, with the command that restores the printer's default. */
const modes: Readonly<Record<string, string>> = {
  PO: '^PON',
  PM: '^PMN',
  LR: '^LRN',
  LH: '^LH0,0',
  LS: '^LS0',
  LT: '^LT0',
  MU: '^MUD',
  JM: '^JMA',
  CI: '^CI0',
};

/** A graphic in binary form, whose bytes are no commands; or a command with its parameters. */
const token = /\^GF[BC],(?<bytes>\d+),\d+,\d+,|[\^~][A-Z@0-9]{2}[^\^~\r\n]*/gi;

/**
 * Returns a ZPL document that leaves the printer's modes as default, so that the next label is printed as if this one had
 * not been. A document that renames the command characters is returned as it is.
 */
export function restorePrinterModes(document: Uint8Array): Buffer {
  // Each byte is one character, so that nothing changes but what is replaced.
  const text = Buffer.from(document).toString('latin1');
  if (/[\^~](CC|CT)/i.test(text)) return Buffer.from(document);
  const lastFormat = text.lastIndexOf('^XA');
  const changed = new Map<string, string>();
  let result = '';
  let end = 0;
  let isMapKept = false;
  for (const match of text.matchAll(token)) {
    if (match.index < end) continue;
    const [command] = match;
    const length = command.length + Number(match.groups?.bytes ?? 0);
    result += text.slice(end, match.index);
    end = match.index + length;
    const upper = command.toUpperCase();
    const name = upper.slice(1, 3);
    // A map that is kept for the next format may carry a layer of this label; after the last one it prints over the next label.
    const isLastMap = name === 'MC' && match.index > lastFormat;
    if (name === 'MC' && !isLastMap) isMapKept = upper.startsWith('^MCN');
    if (modes[name] !== undefined) changed.set(name, upper.trim());
    if (!settings.test(upper) && !isLastMap) result += text.slice(match.index, end);
  }
  result += text.slice(end);
  if (isMapKept) result = result.replace(/\^XZ(?!.*\^XZ)/s, '^MCY^XZ');
  const resets = [...changed].flatMap(([name, command]) => (command === modes[name] ? [] : [modes[name]]));
  // A format without fields prints nothing.
  if (resets.length > 0) result = `${result.trimEnd()}\n^XA${resets.join('')}^XZ\n`;
  return Buffer.from(result, 'latin1');
}
