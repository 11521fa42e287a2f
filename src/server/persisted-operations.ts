import type { GraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { sha256 } from '../domain/sha256.ts';
import { withHint } from '../resolvers/error-codes.ts';
import { toolDocuments } from './mcp/tools.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/**
 * Finds the document of an operation that the tenant registered and that a client names by its SHA-256 alone, as Apollo's
 * clients do; where the tenant requires it, refuses any other document before it is executed, but those of the tools of
 * `/mcp`. A document that is not registered is kept as an automatic persisted query where the tenant allows it.
 */
export const usePersistedOperations: OperationPlugin = {
  requestDidStart({ request, contextValue: { caller } }) {
    const { documents, required = false } = caller?.tenant.persistedOperations ?? {};
    request.query ??= documents?.get(hashOf(request) ?? '');
    const { query } = request;
    const isRegistered = query !== undefined && (toolDocuments.has(query) || documents?.has(sha256(query)));
    if (!required || isRegistered) return {};
    return {
      didResolveOperation() {
        throw new GraphQLError(
          'this tenant sends registered operations only, and this one is not registered',
          {
            extensions: {
              ...withHint('PERSISTED_OPERATION_REQUIRED'),
              http: { status: 403 },
            },
          },
        );
      },
    };
  },
};

function hashOf({ extensions }: GraphQLRequest): string | undefined {
  const { sha256Hash } = (extensions?.persistedQuery ?? {}) as { sha256Hash?: unknown };
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}
