import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';

import type { Context } from '../auth/context.ts';
import type { createErrorFormatter } from '../resolvers/errors.ts';
import { authorize } from './authorize.ts';
import { controlCaching } from './cache-control.ts';
import { limitRules, limits, rejectExcess } from './document-limits.ts';
import type { Example } from './examples.ts';
import { executeOperations } from './execute-operations.ts';
import { reportInputPaths } from './input-paths.ts';
import { landingPage } from './landing-page.ts';
import type { Metrics } from './metrics.ts';
import { limitCost } from './operation-cost.ts';
import { combinePlugins } from './operation-plugin.ts';
import { usePersistedOperations } from './persisted-operations.ts';
import { planOperations } from './plan.ts';
import { reportProviderCalls } from './provider-calls.ts';
import { traceForRouters } from './router-traces.ts';
import { beginSubscriptions } from './subscriptions/begin-subscription.ts';
import { recordOperations, rejectInvalidText } from './plugins.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: ReturnType<typeof createErrorFormatter>;
  readonly metrics: Metrics;
  /** The operations that the landing page shows, one at a time. */
  readonly examples: readonly Example[];
  /** The API key that the landing page fills in; left out where the page must not reveal it. */
  readonly apiKey?: string;
}

export function createApollo({
  schema,
  formatError,
  metrics,
  examples,
  apiKey,
}: ApolloOptions): ApolloServer<Context> {
  const execution = executeOperations(schema);
  return new ApolloServer<Context>({
    gateway: execution.gateway,
    introspection: true,
    // Apollo would send the signal again, and a second signal ends the process at once.
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: limitRules,
    formatError,
    plugins: [
      combinePlugins([
        usePersistedOperations,
        rejectExcess,
        authorize,
        limitCost,
        rejectInvalidText,
        reportInputPaths,
        recordOperations(metrics),
        reportProviderCalls,
        planOperations(formatError),
        beginSubscriptions(formatError),
        controlCaching,
        execution.plugin,
      ]),
      // It would resolve every field to calculate what `controlCaching` tells from the document.
      ApolloServerPluginCacheControlDisabled(),
      // `traceForRouters` stands in its place.
      ApolloServerPluginInlineTraceDisabled(),
      traceForRouters(),
      landingPage(examples, apiKey),
    ],
  });
}
