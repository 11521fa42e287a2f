import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';

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

/**
 * Adds the security headers of every response. No page of this server may be framed; a label may, since a partner's page
 * shows it, and it runs nothing.
 */
export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    // Set below, since it differs by response.
    contentSecurityPolicy: false,
    xFrameOptions: false,
    crossOriginResourcePolicy: false,
    // What the other hosts of a domain speak is not this server's to say.
    strictTransportSecurity: { includeSubDomains: false },
  });
  app.addHook('onSend', async ({ routeOptions: { url } }, reply) => {
    const isLabel = url === '/labels/:token';
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    const framed: Directives = isLabel ? {} : { 'frame-ancestors': ["'none'"] };
    // The tracking page has a policy of its own.
    if (!reply.hasHeader('content-security-policy'))
      setPolicy(reply, (isPage && pages[url ?? '']) || { ...nothing, ...framed });
    reply.header('cross-origin-resource-policy', isLabel ? 'cross-origin' : 'same-origin');
    if (!isLabel) reply.header('x-frame-options', 'DENY');
  });
}

const setPolicy = (reply: FastifyReply, directives: Directives) =>
  reply.header(
    'content-security-policy',
    Object.entries(directives)
      .map(([name, sources]) => `${name} ${sources.join(' ')}`)
      .join('; '),
  );
