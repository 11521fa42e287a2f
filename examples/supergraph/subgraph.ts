import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse } from 'graphql';

/** Who asks, as the gateway says it: the header `authorization`. */
export interface Caller {
  readonly authorization?: string;
}

/** A server on loopback. */
export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a subgraph on loopback. Port 0 is any free one. */
export async function startSubgraph(
  sdl: string,
  resolvers: GraphQLResolverMap<Caller>,
  port = 0,
): Promise<RunningServer> {
  const server = new ApolloServer<Caller>({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, {
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
    listen: { host: '127.0.0.1', port },
  });
  return { url, close: () => server.stop() };
}
