import { readFileSync } from 'node:fs';

import type { FastifyInstance } from 'fastify';

/** Everything that a page loads comes from this server, in files of its own. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Adds `/page.css`, the styles that the pages share. */
export const addPageStyles = (app: FastifyInstance): void =>
  addFile(app, '/page.css', new URL('page.css', import.meta.url));

/** Adds a page at `path`, and the files of `folder` that it loads below it. */
export function addPage(
  app: FastifyInstance,
  path: string,
  page: string,
  { folder, files }: { readonly folder: URL; readonly files: readonly string[] },
): void {
  addText(app, path, 'text/html; charset=utf-8', page);
  for (const file of files) addFile(app, `${path}/${file}`, new URL(file, folder));
}

const addFile = (app: FastifyInstance, path: string, file: URL) =>
  addText(app, path, contentTypes[path.split('.').at(-1)!]!, readFileSync(file, 'utf8'));

function addText(app: FastifyInstance, path: string, type: string, text: string): void {
  app.get(path, async (_, reply) => reply.headers(securityHeaders).type(type).send(text));
}
