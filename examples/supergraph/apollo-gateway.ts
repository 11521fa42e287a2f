import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Kind, parse, print, visit, type DirectiveNode } from 'graphql';

import type { Caller, RunningServer } from './subgraph.ts';

/**
 * Removes what a supergraph demands of its router by `@authenticated` and `@requiresScopes`. Apollo Router enforces it; the
 * gateway for JavaScript refuses such a supergraph. The shipping subgraph enforces the same by itself.
 */
function withoutAuthorization(supergraphSdl: string): string {
  const names = ['authenticated', 'requiresScopes'];
  const isLink = ({ name, arguments: [url] = [] }: DirectiveNode) =>
    name.value === 'link' &&
    url?.value.kind === Kind.STRING &&
    names.includes(url.value.value.split('/').at(-2)!);
  return print(
    visit(parse(supergraphSdl), {
      Directive: (node) => (names.includes(node.name.value) || isLink(node) ? null : undefined),
      DirectiveDefinition: ({ name }) => (names.includes(name.value) ? null : undefined),
    }),
  );
}

/** Starts Apollo Gateway, which hands each caller's key on to the subgraphs. It has no subscriptions. */
export async function startApolloGateway(supergraphSdl: string, port = 0): Promise<RunningServer> {
  const gateway = new ApolloGateway({
    supergraphSdl: withoutAuthorization(supergraphSdl),
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        url,
        willSendRequest({ request, context }) {
          const { authorization } = context as Caller;
          if (authorization) request.http?.headers.set('authorization', authorization);
        },
      }),
  });
  const server = new ApolloServer<Caller>({ gateway, includeStacktraceInErrorResponses: false });
  const { url } = await startStandaloneServer(server, {
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
    listen: { host: '127.0.0.1', port },
  });
  return { url: `${url}graphql`, close: () => server.stop() };
}
