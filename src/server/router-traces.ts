import type { ApolloServerPlugin } from '@apollo/server';

import type { Context } from '../auth/context.ts';

/** Tells whether a router asks for a trace of the resolvers. */
export const isTraced = (headers: { get(name: string): string | null | undefined } | undefined): boolean =>
  headers?.get('apollo-federation-include-trace') === 'ftv1';

/**
 * Traces the resolvers for a router that asks for it. Apollo Server's own plugin prepares a trace for each request; it is loaded
 * for the first that asks.
 */
export function traceForRouters(): ApolloServerPlugin<Context> {
  let loading: Promise<ApolloServerPlugin<Context>> | undefined;
  return {
    async requestDidStart(request) {
      if (!isTraced(request.request.http?.headers)) return undefined;
      const plugin = await (loading ??= loadPlugin());
      return plugin.requestDidStart?.(request);
    },
  };
}

async function loadPlugin(): Promise<ApolloServerPlugin<Context>> {
  const { ApolloServerPluginInlineTrace } = await import('@apollo/server/plugin/inlineTrace');
  return ApolloServerPluginInlineTrace({ includeErrors: { masked: true } });
}
