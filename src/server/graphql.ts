import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Logger } from 'pino';

import type { Context } from '../auth/context.ts';
import { createErrorFormatter, unauthenticated } from '../resolvers/errors.ts';
import { buildSchema } from '../resolvers/schema/schema.ts';
import type { Example } from './examples.ts';
import type { Metrics } from './metrics.ts';

/** What one document may ask; a caller who needs more asks twice. */
const limits = { depth: 15, aliases: 200, tokens: 10_000, directives: 50 };

/** Left to themselves, the rules throw, and what is thrown counts as a fault of the server. */
const asFaultOfTheDocument = {
  exposeLimits: true,
  propagateOnRejection: false,
  onReject: [(document: ValidationContext | null, error: GraphQLError) => document?.reportError(error)],
};

export interface GraphqlOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Shown on the landing page. */
  readonly example: Example;
  /** Prefilled there, where it may be known to everybody who sees the page. */
  readonly apiKey?: string;
}

export function createApollo({ log, metrics, example, apiKey }: GraphqlOptions): ApolloServer<Context> {
  const validationRules = [
    maxDepthRule({ n: limits.depth, ignoreIntrospection: true, ...asFaultOfTheDocument }),
    maxAliasesRule({ n: limits.aliases, ...asFaultOfTheDocument }),
    maxDirectivesRule({ n: limits.directives, ...asFaultOfTheDocument }),
  ] as unknown as ValidationRule[];
  return new ApolloServer<Context>({
    schema: buildSchema(),
    introspection: true,
    // It would send the signal again, which counts as a second one, and ends what is under way.
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
      ApolloServerPluginLandingPageLocalDefault({
        footer: false,
        document: example.query,
        variables: { ...example.variables },
        headers: apiKey ? { authorization: `Bearer ${apiKey}` } : undefined,
        embed: { runTelemetry: false },
      }),
    ],
  });
}

/** Root fields that say what may be asked rather than answer it. */
const open = new Set(['__schema', '__type', '__typename', '_service']);

/** Lets nobody in without a key. */
const requireAuth: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, contextValue: { caller } }) {
        const fields = operation ? rootFields(operation.selectionSet, document) : [];
        if (caller === undefined && fields.some((field) => !open.has(field))) throw unauthenticated();
      },
    };
  },
};

/** Takes no text that JSON can carry and a database can not keep: U+0000, and half of a surrogate pair. */
const rejectInvalidText: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, request: { variables } }) {
        const parts: unknown[] = [variables];
        visit(document, { StringValue: ({ value }) => void parts.push(value) });
        // It grows while it is walked: what is nested too deep for recursion is walked as well.
        for (const part of parts) {
          if (typeof part === 'string' && (part.includes('\0') || !part.isWellFormed())) throw unwritable();
          if (typeof part === 'object' && part !== null)
            for (const each of Object.values(part)) parts.push(each);
        }
      },
    };
  },
};

const unwritable = () =>
  new GraphQLError('a text holds U+0000, or half of a surrogate pair: those are no characters', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/** Logs and counts what was asked by operation and error codes alone. */
const recordOperations = (metrics: Metrics): ApolloServerPlugin<Context> => ({
  async requestDidStart({ contextValue }) {
    const started = performance.now();
    return {
      async willSendResponse({ operationName, operation, errors }) {
        const milliseconds = performance.now() - started;
        const codes = errors?.map((error) => String(error.extensions.code));
        contextValue.log.info(
          { operation: operationName, milliseconds: Math.round(milliseconds), errors: codes },
          'answered',
        );
        // What could not be read as an operation is none.
        metrics.onOperation(operation?.operation ?? 'none', milliseconds, codes?.[0]);
      },
    };
  },
});

function rootFields({ selections }: SelectionSetNode, document: DocumentNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(fragment.selectionSet, document) : [];
  });
}
