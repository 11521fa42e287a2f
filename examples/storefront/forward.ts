import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const { PARCELGRAPH_URL = 'http://127.0.0.1:4000', PARCELGRAPH_API_KEY = 'sandbox' } = process.env;

const documents = JSON.parse(
  readFileSync(new URL('src/generated/persisted-documents.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** The operations of the page by their names. A browser names one, and can send no other with the shop's key. */
const operations = new Map(
  Object.values(documents).map((document) => [
    /\b(?:query|mutation|subscription) (\w+)/.exec(document)![1],
    document,
  ]),
);

interface Call {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly accept?: string;
}

/** Reads the call to the API that a request asks for: undefined if it asks for none, a status if it is refused. */
async function readCall(request: IncomingMessage): Promise<Call | number | undefined> {
  const { method, url = '', headers } = request;
  if (method === 'GET' && url.startsWith('/labels/')) return { path: url, method };
  const isGraphQL = url === '/graphql';
  if (method !== 'POST' || !(isGraphQL || /^\/sandbox\/parcels\/\w+\/travel$/.test(url))) return undefined;
  // A page of another site can't send this type without being asked about it by the browser.
  if (!headers['content-type']?.startsWith('application/json')) return 415;
  if (Number(headers['content-length'] ?? Infinity) > 100_000) return 413;
  const body = JSON.parse(await text(request)) as { operationName?: string; variables?: unknown } | null;
  if (!isGraphQL) return { path: url, method, body: JSON.stringify(body) };
  const { operationName, variables } = body ?? {};
  const query = operations.get(operationName);
  if (query === undefined) return 403;
  return {
    path: url,
    method,
    body: JSON.stringify({ operationName, variables, query }),
    accept: headers.accept,
  };
}

/** Sends a call to the API with the shop's key, and its response to the browser as it comes. */
async function send({ path, method, body, accept = '*/*' }: Call, response: ServerResponse): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  const answer = await fetch(new URL(path, PARCELGRAPH_URL), {
    method,
    body,
    headers: {
      accept,
      ...(body && { 'content-type': 'application/json', authorization: `Bearer ${PARCELGRAPH_API_KEY}` }),
    },
    signal: closed.signal,
  });
  for (const name of [
    'content-type',
    'content-disposition',
    'cache-control',
    'retry-after',
    'x-request-id',
  ]) {
    const value = answer.headers.get(name);
    if (value !== null) response.setHeader(name, value);
  }
  response.writeHead(answer.status);
  await pipeline(answer.body!, response);
}

/**
 * Forwards the operations of the page to the API at PARCELGRAPH_URL with the key PARCELGRAPH_API_KEY, which no browser sees;
 * and the labels, whose links are their own permission. Anything else is left to `next`.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  try {
    const call = await readCall(request);
    if (call === undefined) next();
    else if (typeof call === 'number') response.writeHead(call).end();
    else await send(call, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.writeHead(error instanceof SyntaxError ? 400 : 502).end();
  }
}
