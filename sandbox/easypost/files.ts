import type { FastifyInstance } from 'fastify';
import { labelPdf, labelPng, type LabelDesign } from '../label-image.ts';
import { notFound } from './api-error.ts';
import { randomHex } from './collection.ts';
import { isoTime } from './dates.ts';
import type { EasyPostState } from './state.ts';

export const labelFormats = {
  PNG: { type: 'image/png', extension: 'png' },
  PDF: { type: 'application/pdf', extension: 'pdf' },
  // Guess: PNG is recorded and PDF is widely quoted; the types of the printer languages are not published.
  ZPL: { type: 'application/zpl', extension: 'zpl' },
  EPL2: { type: 'application/epl2', extension: 'epl2' },
} as const;

export type LabelFormat = keyof typeof labelFormats;

export const isLabelFormat = (name: string): name is LabelFormat => name in labelFormats;

/** Label and form files, served without a key to any client that has the URL, as EasyPost's storage does. */
export interface Files {
  /** Stores a design and returns the path of its file, which is drawn when it is fetched. */
  publish(folder: 'postage_label' | 'form' | 'scan_form', format: LabelFormat, design: LabelDesign): string;
  urlOf(path: string): string;
}

export function createFiles(state: EasyPostState, app: FastifyInstance): Files {
  const kind = 'easypost/file';
  app.get<{ Params: { '*': string } }>('/files/*', async (request, reply) => {
    const file = state.store.get<{ format: LabelFormat; design: LabelDesign }>(kind, request.params['*']);
    if (file === undefined) throw notFound();
    return reply.type(labelFormats[file.format].type).send(await draw(file.format, file.design));
  });
  return {
    publish(folder, format, design) {
      const day = isoTime(state.clock.now()).slice(0, 10).replaceAll('-', '');
      const path = `${folder}/${day}/e8${randomHex()}.${labelFormats[format].extension}`;
      state.store.put(kind, path, { format, design });
      return path;
    },
    urlOf: (path) => `${state.url()}/files/${path}`,
  };
}

function draw(format: LabelFormat, design: LabelDesign): Buffer | string | Promise<Buffer> {
  switch (format) {
    case 'PNG':
      return labelPng(design);
    case 'PDF':
      return labelPdf(design);
    case 'ZPL':
      return zpl(design);
    case 'EPL2':
      return epl2(design);
  }
}

const linesOf = ({ title, from, to, details }: LabelDesign) => [title, ...from, '', ...to, '', ...details];

/** Draws a ZPL II label of 4 by 6 inches at 203 dots per inch. */
function zpl(design: LabelDesign): string {
  const text = linesOf(design).map(
    (line, index) => `^FO40,${40 + index * 40}^A0N,30,30^FD${line.replace(/[\^~\\]/g, ' ')}^FS`,
  );
  const barcode = `^FO60,${80 + text.length * 40}^BY3^BCN,160,Y,N,N^FD${design.trackingNumber}^FS`;
  return ['^XA', '^PW812', '^LL1218', ...text, barcode, '^XZ', ''].join('\n');
}

function epl2(design: LabelDesign): string {
  const text = linesOf(design).map(
    (line, index) => `A40,${40 + index * 40},0,4,1,1,N,"${line.replace(/["\\]/g, ' ')}"`,
  );
  const barcode = `B60,${80 + text.length * 40},0,1,3,6,160,B,"${design.trackingNumber}"`;
  return ['', 'N', 'q812', ...text, barcode, 'P1', ''].join('\n');
}
