import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';

import type { Context } from '../auth/context.ts';

/** Tells whether a router asks for a trace of the resolvers. */
export const isTraced = (headers: { get(name: string): string | null | undefined } | undefined): boolean =>
  headers?.get('apollo-federation-include-trace') === 'ftv1';

/** Traces the resolvers for a router that asks for it. Apollo Server's own plugin prepares a trace for each request. */
export function traceForRouters(): ApolloServerPlugin<Context> {
  const plugin: ApolloServerPlugin<Context> = ApolloServerPluginInlineTrace({
    includeErrors: { masked: true },
  });
  return {
    ...plugin,
    requestDidStart: async (request) =>
      isTraced(request.request.http?.headers) ? plugin.requestDidStart?.(request) : undefined,
  };
}
