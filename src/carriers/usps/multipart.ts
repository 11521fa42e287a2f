import { parseJson } from '../../domain/json.ts';

/** Reads metadata and document, and the prepaid duties beside the metadata, from the MIME message in which labels and SCAN forms arrive. */
export async function readMultipart(contentType: string, body: Buffer) {
  const head = Buffer.from(`content-type: ${contentType}\r\n\r\n`);
  // Imported with the first document: a start needs no parser of MIME.
  const { default: PostalMime } = await import('postal-mime');
  const { attachments } = await PostalMime.parse(Buffer.concat([head, body]), {
    forceRfc822Attachments: true,
  });
  const isMetadata = ({ mimeType }: { mimeType: string }) => mimeType.includes('json');
  const [metadata, ...others] = attachments
    .filter(isMetadata)
    .map(({ content }) => parseJson(Buffer.from(content as string).toString('utf8')));
  // Guess: prepaid duties are a part of their own, as in the document's JSON response.
  const duties = others.find((each) => isDuties(each));
  // The label precedes the receipt and other documents.
  const image = attachments.find((attachment) => !isMetadata(attachment));
  return {
    metadata: duties ? { ...(metadata as object), prepaidDutiesTaxesFees: duties } : metadata,
    image: image && decodeDocument(Buffer.from(image.content as string)),
  };
}

const isDuties = (part: unknown) => typeof part === 'object' && part !== null && 'itemCosts' in part;

/** First bytes of PDF and PNG; a ZPL label may follow printer settings. */
const isDocument = (content: Buffer) => /^(%PDF-|\x89PNG)|\^XA/.test(content.toString('latin1'));

/**
 * Decodes a document from Base64, which it is whatever its headers say, unless the MIME parser has decoded it already.
 * Returns undefined where the content is neither PDF, PNG nor ZPL.
 */
export function decodeDocument(content: Buffer): Buffer | undefined {
  if (isDocument(content)) return content;
  const decoded = Buffer.from(content.toString('latin1'), 'base64');
  return isDocument(decoded) ? decoded : undefined;
}
