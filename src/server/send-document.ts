import { createHash } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

export interface SentDocument {
  readonly data: Buffer;
  /** The name under which a browser saves it. */
  readonly fileName: string;
}

/** Sends a document that never changes under its URL: whole, the single byte range that is requested, or 304. */
export function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  { data, fileName }: SentDocument,
): FastifyReply {
  const etag = `"${createHash('sha256').update(data).digest('base64url')}"`;
  reply.headers({
    etag,
    'cache-control': 'private, max-age=86400, immutable',
    'accept-ranges': 'bytes',
    'content-disposition': contentDisposition(fileName),
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const { range: header, 'if-range': ifRange } = request.headers;
  const range = ifRange === undefined || ifRange === etag ? parseRange(header, data.length) : undefined;
  if (range === undefined) return reply.send(data);
  const [start, end] = range;
  if (start > end) return reply.code(416).header('content-range', `bytes */${data.length}`).send();
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${data.length}`)
    .send(data.subarray(start, end + 1));
}

/**
 * Returns the header that shows a document in the browser and names its file: in ASCII, and as it is for clients that know
 * RFC 8187. Characters that a file system or a header reserves are replaced.
 */
function contentDisposition(fileName: string): string {
  const name = fileName.replace(/[\p{Cc}"\\/:*?<>|%]/gu, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `inline; filename="${name.replace(/[^ -~]/g, '_')}"; filename*=UTF-8''${encoded}`;
}

/**
 * Parses a range header with one byte range to its first and last position. A range that can't be satisfied has its start
 * after its end. Undefined for several ranges and other units, which a server may ignore (RFC 9110, section 14.2).
 */
function parseRange(header: string | undefined, size: number): readonly [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!first && !last) return undefined;
  if (!first) return [Math.max(size - Number(last), 0), size - 1];
  return [Number(first), last ? Math.min(Number(last), size - 1) : size - 1];
}
