import type { ApolloServerPlugin } from '@apollo/server';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, Lexer, Source, TokenKind, type ValidationContext, type ValidationRule } from 'graphql';

import type { Context } from '../auth/context.ts';

/** The limits of one GraphQL document. `nesting` counts open brackets of any kind, arguments and lists included. */
export const limits = { depth: 15, aliases: 200, tokens: 10_000, directives: 50, nesting: 100 };

/** Reports a violation as a validation error. By default the rules throw, which counts as an internal error. */
const reportAsValidationError = {
  exposeLimits: true,
  propagateOnRejection: false,
  onReject: [(document: ValidationContext | null, error: GraphQLError) => document?.reportError(error)],
};

export const limitRules = [
  maxDepthRule({ n: limits.depth, ignoreIntrospection: true, ...reportAsValidationError }),
  maxAliasesRule({ n: limits.aliases, allowList: [], ...reportAsValidationError }),
  maxDirectivesRule({ n: limits.directives, ...reportAsValidationError }),
] as unknown as ValidationRule[];

/**
 * Rejects a document that is nested too deep for functions that call themselves: parser, validation and execution. It is
 * replaced before it is parsed, so that the rest of the request goes its usual way.
 */
export const rejectDeepNesting: ApolloServerPlugin<Context> = {
  async requestDidStart({ request }) {
    if (request.query === undefined || !isTooDeep(request.query)) return {};
    request.query = '{ __typename }';
    return {
      async didResolveOperation() {
        const message = `The document is too deep: it opens more than ${limits.nesting} brackets inside each other, and fields go at most ${limits.depth} levels deep.`;
        throw new GraphQLError(message, {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      },
    };
  },
};

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Returns false also where the document can't be read or has too many tokens: the parser reports those. */
function isTooDeep(query: string): boolean {
  // Reading the tokens of every request takes time, and few documents have so many brackets at all.
  if ((query.match(/[{[(]/g)?.length ?? 0) <= limits.nesting) return false;
  const lexer = new Lexer(new Source(query));
  let open = 0;
  try {
    for (let tokens = 0; tokens <= limits.tokens; tokens += 1) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return false;
      if (opening.has(kind)) open += 1;
      if (closing.has(kind)) open -= 1;
      if (open > limits.nesting) return true;
    }
  } catch {
    return false;
  }
  return false;
}
