import type { FastifyInstance } from 'fastify';

import type { Example } from './examples.ts';

/** Adds `/`, which says what this server is and where to go. It needs no internet. */
export function addHome(
  app: FastifyInstance,
  examples: readonly Example[],
  apiKey: string | undefined,
): void {
  const page = renderHome(examples, apiKey);
  app.get('/', async (_, reply) => reply.type('text/html; charset=utf-8').send(page));
}

const renderHome = (examples: readonly Example[], apiKey: string | undefined): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Parcelgraph</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
      dt { font-weight: 600; margin-top: 0.75rem; }
      dd { margin: 0; }
    </style>
  </head>
  <body>
    <h1>Parcelgraph</h1>
    <p>One GraphQL API in front of many shipping providers: rates, labels, pickups and tracking.</p>
    <p>${
      apiKey
        ? `The providers of this server are emulated, and no purchase is real. The key is <code>${apiKey}</code>: send it as <code>Authorization: Bearer ${apiKey}</code>.`
        : 'Send your key as <code>Authorization: Bearer …</code>.'
    }</p>
    <dl>
      <dt><a href="/graphiql">/graphiql</a></dt>
      <dd>An editor with examples in tabs. It needs no internet.</dd>
      <dt><a href="/track">/track</a></dt>
      <dd>The journey of a parcel, as it happens.</dd>
      <dt><a href="/console">/console</a></dt>
      <dd>For operators: accounts, quotas, failures, and what needs attention.</dd>
      <dt><a href="/graphql">/graphql</a></dt>
      <dd>The API, by POST; subscriptions also by WebSocket. In a browser with internet it opens Apollo Sandbox,
        with any of the examples: ${examples.map(({ name }) => `<a href="/graphql?example=${name}">${name}</a>`).join(', ')}.</dd>
      <dt>/mcp</dt>
      <dd>Tools for agents, by the Model Context Protocol: docs/mcp.md.</dd>
      <dt><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></dt>
      <dd>Whether the process runs, whether it can serve requests, and its counts for Prometheus.</dd>
    </dl>
    <p>README.md has the whole way with curl; docs/README.md lists the guides.</p>
  </body>
</html>
`;
