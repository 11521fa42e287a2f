import { decodePDFRawStream, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib';

/** Returns the text of each page of a PDF, whose strings are hexadecimal. Gaps between its parts are left out. */
export async function pageTexts(file: Uint8Array): Promise<string[]> {
  const document = await PDFDocument.load(file);
  const texts: string[] = [];
  for (const index of document.getPageIndices()) {
    // A document of the page alone has its streams and no other's.
    const single = await PDFDocument.create();
    single.addPage((await single.copyPages(document, [index]))[0]);
    await single.flush();
    const objects = single.context.enumerateIndirectObjects();
    texts.push(
      objects.flatMap(([, object]) => (object instanceof PDFRawStream ? textOf(object) : [])).join('\n'),
    );
  }
  return texts;
}

function textOf(stream: PDFRawStream): string[] {
  if (stream.dict.lookup(PDFName.of('Subtype')) === PDFName.of('Image')) return [];
  const content = Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1');
  return [...content.matchAll(/\[((?:<[0-9a-f]*>\s*-?[\d.]*\s*)+)\] TJ|(<[0-9a-f]*>) Tj/gi)].map(
    ([, parts, string]) =>
      [...(parts ?? string)!.matchAll(/<([0-9a-f]*)>/gi)]
        .map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1'))
        .join(''),
  );
}
