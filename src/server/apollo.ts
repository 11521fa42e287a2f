import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';
import type { Logger } from 'pino';

import type { Context } from '../auth/context.ts';
import { createErrorFormatter } from '../resolvers/errors.ts';
import { buildSchema } from '../resolvers/schema/schema.ts';
import type { Example } from './examples.ts';
import type { Metrics } from './metrics.ts';
import { recordOperations, rejectInvalidText, requireAuth } from './plugins.ts';

/** The limits of one GraphQL document. */
const limits = { depth: 15, aliases: 200, tokens: 10_000, directives: 50 };

/** Reports a violation as a validation error. By default the rules throw, which counts as an internal error. */
const reportAsValidationError = {
  exposeLimits: true,
  propagateOnRejection: false,
  onReject: [(document: ValidationContext | null, error: GraphQLError) => document?.reportError(error)],
};

export interface ApolloOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The operation that the landing page shows. */
  readonly example: Example;
  /** The API key that the landing page fills in; left out where the page must not reveal it. */
  readonly apiKey?: string;
}

export function createApollo({ log, metrics, example, apiKey }: ApolloOptions): ApolloServer<Context> {
  const validationRules = [
    maxDepthRule({ n: limits.depth, ignoreIntrospection: true, ...reportAsValidationError }),
    maxAliasesRule({ n: limits.aliases, ...reportAsValidationError }),
    maxDirectivesRule({ n: limits.directives, ...reportAsValidationError }),
  ] as unknown as ValidationRule[];
  return new ApolloServer<Context>({
    schema: buildSchema(),
    introspection: true,
    // Apollo would send the signal again, and a second signal ends the process at once.
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules,
    formatError: createErrorFormatter(log),
    plugins: [
      requireAuth,
      rejectInvalidText,
      recordOperations(metrics),
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
