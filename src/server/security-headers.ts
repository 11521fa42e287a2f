import { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

import { IncomingMessage, ServerResponse } from '../transport/node-http.ts';

type Directives = Readonly<Record<string, readonly string[]>>;

/** What a response may load: nothing, unless it is a page. */
const nothing: Directives = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"] };

/** A page that carries its own scripts and styles, and calls this server only. */
const page: Directives = {
  ...nothing,
  'script-src': ["'self'", "'unsafe-inline'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** What each page loads beyond that, by its path. */
const pages: Readonly<Record<string, Directives>> = {
  '/': page,
  // Its editor starts workers from what the page itself holds.
  '/graphiql': {
    ...page,
    'script-src': ["'self'", "'unsafe-inline'", "'unsafe-eval'", 'blob:', 'data:'],
    'worker-src': ['blob:', 'data:'],
  },
  // Apollo Sandbox, which is a frame of Apollo's.
  '/graphql': {
    ...page,
    'script-src': ["'self'", "'unsafe-inline'", 'https://embeddable-sandbox.cdn.apollographql.com'],
    'img-src': ["'self'", 'data:', 'https://apollo-server-landing-page.cdn.apollographql.com'],
    'style-src': ["'self'", "'unsafe-inline'", 'https://fonts.googleapis.com'],
    'font-src': ['https://fonts.gstatic.com'],
    'manifest-src': ['https://apollo-server-landing-page.cdn.apollographql.com'],
    'frame-src': ['https://sandbox.embed.apollographql.com'],
  },
};

/** The headers of every response, as helmet sets them. It is asked once: it would build its functions anew for each response. */
function commonHeaders() {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const setHeaders = helmet({
    // Set below, since it differs by response.
    contentSecurityPolicy: false,
    xFrameOptions: false,
    crossOriginResourcePolicy: false,
    // What the other hosts of a domain speak is not this server's to say.
    strictTransportSecurity: { includeSubDomains: false },
  });
  setHeaders(request, response, (error) => {
    if (error) throw error as Error;
  });
  return response.getHeaders();
}

const policyOf = (directives: Directives) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');

/**
 * Adds the security headers of every response. No page of this server may be framed; a label may, since a partner's page
 * shows it, and it runs nothing.
 */
export function addSecurityHeaders(app: FastifyInstance): void {
  const common = commonHeaders();
  const framed = { ...common, 'cross-origin-resource-policy': 'cross-origin' };
  const unframed = { ...common, 'cross-origin-resource-policy': 'same-origin', 'x-frame-options': 'DENY' };
  const ofLabel = policyOf(nothing);
  const ofData = policyOf({ ...nothing, 'frame-ancestors': ["'none'"] });
  const ofPages = new Map(Object.entries(pages).map(([path, directives]) => [path, policyOf(directives)]));
  app.addHook('onSend', ({ routeOptions: { url = '' } }, reply, _, done) => {
    const isLabel = url === '/labels/:token';
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    reply.headers(isLabel ? framed : unframed);
    // The tracking page has a policy of its own.
    if (!reply.hasHeader('content-security-policy'))
      reply.header('content-security-policy', (isPage && ofPages.get(url)) || (isLabel ? ofLabel : ofData));
    done();
  });
}
