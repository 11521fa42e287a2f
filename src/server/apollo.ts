import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { GraphQLSchema } from 'graphql';

import type { Context } from '../auth/context.ts';
import type { createErrorFormatter } from '../resolvers/errors.ts';
import { authorize } from './authorize.ts';
import { controlCaching } from './cache-control.ts';
import { limitRules, limits, rejectExcess } from './document-limits.ts';
import type { Example } from './examples.ts';
import { reportInputPaths } from './input-paths.ts';
import type { Metrics } from './metrics.ts';
import { limitCost } from './operation-cost.ts';
import { usePersistedOperations } from './persisted-operations.ts';
import { planOperations } from './plan.ts';
import { reportProviderCalls } from './provider-calls.ts';
import { beginSubscriptions } from './subscriptions/begin-subscription.ts';
import { recordOperations, rejectInvalidText } from './plugins.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: ReturnType<typeof createErrorFormatter>;
  readonly metrics: Metrics;
  /** The operation that the landing page shows. */
  readonly example: Example;
  /** The API key that the landing page fills in; left out where the page must not reveal it. */
  readonly apiKey?: string;
}

export function createApollo({
  schema,
  formatError,
  metrics,
  example,
  apiKey,
}: ApolloOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    // Apollo would send the signal again, and a second signal ends the process at once.
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: limitRules,
    formatError,
    plugins: [
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
      // It would resolve every field to calculate what `controlCaching` tells from the document.
      ApolloServerPluginCacheControlDisabled(),
      controlCaching,
      ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
      landingPage(example, apiKey),
    ],
  });
}

/** Apollo Sandbox. Its page needs internet; without, it links to GraphiQL. */
function landingPage(example: Example, apiKey: string | undefined): ApolloServerPlugin<Context> {
  const plugin = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: example.query,
    variables: { ...example.variables },
    headers: apiKey ? { authorization: `Bearer ${apiKey}` } : undefined,
    embed: { runTelemetry: false },
  });
  return {
    async serverWillStart(service) {
      const listener = await plugin.serverWillStart?.(service);
      const page = await listener?.renderLandingPage?.();
      return {
        renderLandingPage: async () => ({
          html: async () =>
            (typeof page?.html === 'function' ? await page.html() : (page?.html ?? ''))
              .replace(
                'it appears that you might be offline.',
                () => 'you might be offline. <a href="/graphiql">GraphiQL</a> works without internet.',
              )
              // Without internet the place of Apollo Sandbox stays empty, and covers the link.
              .replace(
                '.fallback {',
                () => '#embeddableSandbox:empty { pointer-events: none; }\n        .fallback {',
              ),
        }),
      };
    },
  };
}
