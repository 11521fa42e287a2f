import type { FastifyInstance } from 'fastify';

import { placeholders, type Example } from './examples.ts';
import { fillPlaceholders } from './fill-placeholders.ts';

/**
 * Adds `/graphiql`, a self-hosted GraphiQL that needs no internet, with a tab for each example. The page of 9 MB is
 * loaded when somebody first asks for it.
 */
export function addGraphiql(
  app: FastifyInstance,
  examples: readonly Example[],
  apiKey: string | undefined,
): void {
  let page: Promise<string> | undefined;
  app.get('/graphiql', async (_, reply) =>
    reply.type('text/html; charset=utf-8').send(await (page ??= renderPage(examples, apiKey))),
  );
}

async function renderPage(examples: readonly Example[], apiKey: string | undefined): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = apiKey ? JSON.stringify({ authorization: `Bearer ${apiKey}` }, null, 2) : undefined;
  const defaultTabs = examples.map(({ query, variables }) => ({
    query,
    variables: variables && JSON.stringify(variables, null, 2),
    headers,
  }));
  const page = renderGraphiQL({
    title: 'Parcelgraph',
    endpoint: '/graphql',
    // Its subscriptions would be GET requests, which the server refuses: any page could send them.
    method: 'POST',
    headers,
    defaultTabs,
  });
  // GraphiQL fills the editors from the browser's storage, not from the first tab; on a first visit they would be empty.
  const fillStorage = `if (!localStorage.getItem('graphiql:tabState'))
    for (const [name, value] of Object.entries(${JSON.stringify(defaultTabs[0])})) localStorage.setItem('graphiql:' + name, value);`;
  const head = `<meta name="viewport" content="width=device-width, initial-scale=1">
    <style>${style}</style>
    <script>${fillStorage}(${fillPlaceholders.toString()})(${JSON.stringify(placeholders)});</script>
  </head>`;
  return page.replace('</head>', () => head).replace('globalAPI: false', () => 'globalAPI: true');
}

/** On its first visit GraphiQL leaves tabs moved aside by an unfinished animation, where a click misses them. */
const style = '.graphiql-tab { transform: none !important; }';
