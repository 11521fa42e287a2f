import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** Adds the code that Apollo Server adds to errors without one. */
export const withCode = (error: GraphQLError): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions },
});
