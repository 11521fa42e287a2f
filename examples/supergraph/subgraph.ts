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

/** Returns what a composer takes of these servers, by the names of their subgraphs, and closes all of them together. */
export const together = (servers: Readonly<Record<string, RunningServer>>) => ({
  subgraphs: Object.entries(servers).map(([name, { url }]) => ({ name, url })),
  close: async () => void (await Promise.all(Object.values(servers).map((server) => server.close()))),
});

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
