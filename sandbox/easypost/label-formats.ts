/** Formats of label files, with the type and extension of each. */
export const labelFormats = {
  PNG: { type: 'image/png', extension: 'png' },
  PDF: { type: 'application/pdf', extension: 'pdf' },
  // Guess: PNG is recorded and PDF is widely quoted; the types of the printer languages are not published.
  ZPL: { type: 'application/zpl', extension: 'zpl' },
  EPL2: { type: 'application/epl2', extension: 'epl2' },
} as const;

export type LabelFormat = keyof typeof labelFormats;

export const isLabelFormat = (name: string): name is LabelFormat => name in labelFormats;
