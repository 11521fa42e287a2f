import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Kind, parse, print, visit, type DirectiveNode } from 'graphql';

export interface Subgraph {
  readonly name: string;
  readonly url: string;
}

interface Caller {
  readonly authorization?: string;
}

/** One schema out of what each subgraph says of itself, which it says without a key. */
export async function compose(subgraphs: readonly Subgraph[]) {
  const services = subgraphs.map(async ({ name, url }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    const { data } = (await response.json()) as { data: { _service: { sdl: string } } };
    return { name, url, typeDefs: parse(data._service.sdl) };
  });
  const composed = composeServices(await Promise.all(services));
  if (composed.errors) throw new AggregateError(composed.errors, 'the subgraphs do not compose');
  return composed;
}

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

/** A gateway that hands each caller's key on to the subgraphs. */
export async function startGateway(supergraphSdl: string, port = 0) {
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
  const server = new ApolloServer<Caller>({ gateway });
  const { url } = await startStandaloneServer(server, {
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
    listen: { host: '127.0.0.1', port },
  });
  return { url, close: () => server.stop() };
}

if (import.meta.main) {
  const { supergraphSdl } = await compose([
    { name: 'shipping', url: 'http://127.0.0.1:4000/graphql' },
    { name: 'orders', url: 'http://127.0.0.1:4101/' },
  ]);
  const { url } = await startGateway(supergraphSdl, 4100);
  console.log(`The supergraph listens at ${url}`);
}
