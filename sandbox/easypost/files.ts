import type { FastifyInstance } from 'fastify';
import { formPages, type FormDesign } from '../printing/forms.ts';
import { labelPage, type LabelDesign } from '../printing/label.ts';
import { toEpl2, toZpl } from '../printing/printer-languages.ts';
import { notFound } from './api-error.ts';
import { randomHex } from './collection.ts';
import { isoTime } from './dates.ts';
import { labelFormats, type LabelFormat } from './label-formats.ts';
import type { EasyPostState } from './state.ts';

/** What a file shows: labels, one a page, or a form. */
export type Printable = { labels: readonly LabelDesign[] } | { form: FormDesign };

/** Label and form files, served without a key to any client that has the URL, as EasyPost's storage does. */
export interface Files {
  /** Stores a design and returns the path of its file, which is drawn when it is fetched. */
  publish(folder: 'postage_label' | 'form' | 'scan_form', format: LabelFormat, design: Printable): string;
  urlOf(path: string): string;
}

export function createFiles(state: EasyPostState, app: FastifyInstance): Files {
  const kind = 'easypost/file';
  app.get<{ Params: { '*': string } }>('/files/*', async (request, reply) => {
    const file = state.store.get<{ format: LabelFormat; design: Printable }>(kind, request.params['*']);
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

/** Loads the libraries that draw with the first file that needs them. */
async function draw(format: LabelFormat, design: Printable): Promise<Buffer | string> {
  const pages = 'labels' in design ? design.labels.map(labelPage) : formPages(design.form);
  switch (format) {
    case 'PNG':
      return (await import('../printing/png.ts')).toPng(pages[0]!);
    case 'PDF':
      return (await import('../printing/pdf.ts')).toPdf(pages);
    case 'ZPL':
      return toZpl(pages);
    case 'EPL2':
      return toEpl2(pages);
  }
}
