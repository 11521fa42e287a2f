import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, Kind, visit, type DocumentNode, type SelectionSetNode } from 'graphql';

import type { Context } from '../auth/context.ts';
import { unauthenticated } from '../resolvers/require-caller.ts';
import type { Metrics } from './metrics.ts';

/** The root fields that need no API key: introspection, also that of a federation router. */
const publicFields = new Set(['__schema', '__type', '__typename', '_service']);

/** Rejects an operation without a valid API key before it is executed, unless it selects public fields only. */
export const requireAuth: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, operation, contextValue: { caller } }) {
        const fields = operation ? rootFields(operation.selectionSet, document) : [];
        if (caller === undefined && fields.some((field) => !publicFields.has(field))) throw unauthenticated();
      },
    };
  },
};

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

/** Rejects strings that JSON can carry and Postgres can't store: U+0000 and unpaired surrogates. */
export const rejectInvalidText: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, request: { variables } }) {
        const values: unknown[] = [variables];
        visit(document, { StringValue: ({ value }) => void values.push(value) });
        // The list grows while it is walked: no recursion, whose depth a client could exhaust.
        for (const value of values) {
          if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
            throw invalidText();
          if (typeof value === 'object' && value !== null)
            for (const part of Object.values(value)) values.push(part);
        }
      },
    };
  },
};

const invalidText = () =>
  new GraphQLError('a string contains U+0000 or an unpaired surrogate, which are not characters', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/** Logs and counts each operation by its name, duration and error codes; no arguments, which hold addresses. */
export const recordOperations = (metrics: Metrics): ApolloServerPlugin<Context> => ({
  async requestDidStart({ contextValue }) {
    const started = performance.now();
    return {
      async willSendResponse({ operationName, operation, errors }) {
        const milliseconds = performance.now() - started;
        const codes = errors?.map((error) => String(error.extensions.code));
        contextValue.log.info(
          { operation: operationName, milliseconds: Math.round(milliseconds), errors: codes },
          'operation completed',
        );
        // A document that can't be parsed has no operation.
        metrics.onOperation(operation?.operation ?? 'none', milliseconds, codes?.[0]);
      },
    };
  },
});
