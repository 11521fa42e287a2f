import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
} from '@apollo/server';

import type { Context } from '../auth/context.ts';

/** The hooks of an operation, which Apollo Server's documentation describes; each may do without a promise. */
export interface OperationHooks {
  didResolveOperation?(operation: GraphQLRequestContextDidResolveOperation<Context>): void | Promise<void>;
  responseForOperation?(
    operation: GraphQLRequestContextResponseForOperation<Context>,
  ): GraphQLResponse | null | Promise<GraphQLResponse | null>;
  didEncounterErrors?(operation: GraphQLRequestContextDidEncounterErrors<Context>): void;
  willSendResponse?(operation: GraphQLRequestContextWillSendResponse<Context>): void | Promise<void>;
}

/** One concern of operations. One that keeps something from hook to hook creates its hooks for each request. */
export interface OperationPlugin extends OperationHooks {
  requestDidStart?(request: GraphQLRequestContext<Context>): OperationHooks | undefined;
}

/**
 * Combines plugins into one of Apollo Server, whose hooks call theirs in turn until one throws. Apollo Server itself calls
 * all hooks of an event at once, and waits for each with promises of its own, which takes longer than the hooks.
 */
export function combinePlugins(plugins: readonly OperationPlugin[]): ApolloServerPlugin<Context> {
  return {
    async requestDidStart(request) {
      const all: OperationHooks[] = [];
      for (const plugin of plugins) {
        const hooks = plugin.requestDidStart ? plugin.requestDidStart(request) : plugin;
        if (hooks) all.push(hooks);
      }
      return {
        async didResolveOperation(operation) {
          for (const hooks of all) {
            const pending = hooks.didResolveOperation?.(operation);
            if (pending) await pending;
          }
        },
        async responseForOperation(operation) {
          for (const hooks of all) {
            const response = await hooks.responseForOperation?.(operation);
            if (response) return response;
          }
          return null;
        },
        async didEncounterErrors(operation) {
          for (const hooks of all) hooks.didEncounterErrors?.(operation);
        },
        async willSendResponse(operation) {
          for (const hooks of all) {
            const pending = hooks.willSendResponse?.(operation);
            if (pending) await pending;
          }
        },
      };
    },
  };
}
