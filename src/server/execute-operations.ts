import { HeaderMap, type ApolloServerOptionsWithGateway } from '@apollo/server';
import type { ExecutionResult, GraphQLSchema } from 'graphql';

import type { Context } from '../auth/context.ts';
import { createExecutor } from './executor.ts';
import type { OperationPlugin } from './operation-plugin.ts';
import { isTraced } from './router-traces.ts';

/**
 * Has Apollo Server execute operations by `createExecutor`. Its own way to do so is a gateway. The plugin answers before a
 * gateway is asked, since Apollo Server creates an object with getters for each call of a gateway: V8 keeps such an object,
 * and all of its request, in memory until it collects the old generation. The gateway returns results with errors, which
 * Apollo Server then formats and reports, and executes what the plugin leaves to it.
 */
export function executeOperations(schema: GraphQLSchema): {
  readonly plugin: OperationPlugin;
  readonly gateway: ApolloServerOptionsWithGateway<Context>['gateway'];
} {
  const execute = createExecutor(schema);
  /** The results that the plugin has left to the gateway. */
  const results = new WeakMap<Context, Promise<ExecutionResult>>();
  return {
    plugin: {
      async responseForOperation({ document, operation, request, contextValue: context }) {
        const { operationName, variables, http } = request;
        if (operation === undefined || isTraced(http?.headers)) return null;
        const executed = execute({
          document,
          operation,
          operationName,
          variables,
          context,
          mayCompile: true,
        });
        const singleResult = await executed.catch(() => undefined);
        if (singleResult && !singleResult.errors)
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        results.set(context, executed);
        return null;
      },
    },
    gateway: {
      onSchemaLoadOrUpdate(onLoad) {
        onLoad({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      load: async () => ({
        executor: async ({ document, operation, request: { operationName, variables }, context }) =>
          results.get(context as Context) ??
          execute({ document, operation, operationName, variables, context: context as Context, mayCompile: false }), // prettier-ignore
      }),
      stop: async () => {},
    },
  };
}
