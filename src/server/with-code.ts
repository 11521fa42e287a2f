import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** Adds the code that Apollo Server adds to errors without one, and leaves out what it reads itself: the HTTP status. */
export function withCode(error: GraphQLError): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  return {
    ...error.toJSON(),
    extensions: { ...extensions, code: extensions.code ?? 'INTERNAL_SERVER_ERROR' },
  };
}
