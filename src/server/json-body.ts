import { isUtf8 } from 'node:buffer';

import type { FastifyInstance } from 'fastify';

/** A body that is refused before it is interpreted. The HTTP status and the message are sent to the caller. */
export class RejectedBody extends Error {
  override readonly name = 'RejectedBody';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * Parses JSON bodies in one way only, so that no proxy in front of the server reads another operation than the server
 * does. Refused are: a compressed body, a charset other than UTF-8, bytes that are not UTF-8, a key that stands twice in
 * one object, and the keys `__proto__` and `constructor.prototype`.
 */
export function addJsonBody(app: FastifyInstance): void {
  // Refuses the keys that reach a prototype.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
      return done(new RejectedBody(415, 'the body is compressed: send it without content-encoding'));
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset))
      return done(new RejectedBody(415, 'the body has another charset: send it as UTF-8'));
    if (!isUtf8(body)) return done(new RejectedBody(400, 'the body is not UTF-8'));
    const text = body.toString();
    return parse(request, text, (error, value) => {
      const key = error || hasDistinctKeys(text, value) ? undefined : findDuplicateKey(text);
      if (key === undefined) return done(error, value);
      return done(new RejectedBody(400, `the key ${JSON.stringify(key.slice(0, 100))} stands twice in one object`)); // prettier-ignore
    });
  });
}

/**
 * Returns true only where no object of a valid JSON text has a key twice: the text has as many keys as its parsed value. It
 * is false too where a text value holds what looks like the end of a key. It takes a fraction of the time of `findDuplicateKey`.
 */
function hasDistinctKeys(text: string, value: unknown): boolean {
  const keyEnd = /"\s*:/g;
  let keys = 0;
  while (keyEnd.test(text)) keys += 1;
  const values = [value];
  // The list grows while it is walked.
  for (const each of values) {
    if (typeof each !== 'object' || each === null) continue;
    const members = Object.values(each) as unknown[];
    if (!Array.isArray(each)) keys -= members.length;
    for (const member of members) if (typeof member === 'object') values.push(member);
  }
  return keys === 0;
}

/** Returns a key that one object of a valid JSON text has twice; `JSON.parse` takes the last one and says nothing. */
function findDuplicateKey(text: string): string | undefined {
  /** The keys of each open object; undefined for an open array. */
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = last!.includes('\\') ? (JSON.parse(last!) as string) : last!.slice(1, -1);
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    } else last = token;
  }
  return undefined;
}
