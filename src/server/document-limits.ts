import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, Lexer, Source, TokenKind, type ValidationContext, type ValidationRule } from 'graphql';

import type { OperationPlugin } from './operation-plugin.ts';

/**
 * The limits of one GraphQL document. `nesting` counts open brackets of any kind, arguments and lists included; `names` counts
 * fields, aliases, fragments and types, but not what stands in arguments: graphql-js compares fields and fragments in pairs.
 */
export const limits = { depth: 15, aliases: 200, tokens: 10_000, directives: 50, nesting: 100, names: 1500 };

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
 * Rejects a document that takes too long to validate: one that is nested too deep for functions that call themselves, or has
 * too many names. It is replaced before it is parsed, so that the rest of the request goes its usual way.
 */
export const rejectExcess: OperationPlugin = {
  requestDidStart({ request }) {
    const excess = request.query === undefined ? undefined : findExcess(request.query);
    if (excess === undefined) return {};
    request.query = '{ __typename }';
    return {
      didResolveOperation() {
        throw new GraphQLError(excess, {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      },
    };
  },
};

const tooDeep = `The document is too deep: it opens more than ${limits.nesting} brackets inside each other, and fields go at most ${limits.depth} levels deep.`;
const tooLong = `The document is too long: it has more than ${limits.names} names of fields, aliases, fragments and types.`;

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Returns undefined also where the document can't be read or has too many tokens: the parser reports those. */
function findExcess(query: string): string | undefined {
  // Reading the tokens of every request takes time, and few documents have so many brackets or names at all.
  const isShort = query.length < 2 * limits.names;
  if (isShort && (query.match(/[{[(]/g)?.length ?? 0) <= limits.nesting) return undefined;
  const lexer = new Lexer(new Source(query));
  let open = 0;
  let names = 0;
  let inArguments = 0;
  try {
    for (let tokens = 0; tokens <= limits.tokens; tokens += 1) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return undefined;
      if (opening.has(kind)) open += 1;
      if (closing.has(kind)) open -= 1;
      if (kind === TokenKind.PAREN_L) inArguments += 1;
      if (kind === TokenKind.PAREN_R) inArguments -= 1;
      if (kind === TokenKind.NAME && inArguments === 0) names += 1;
      if (open > limits.nesting) return tooDeep;
      if (names > limits.names) return tooLong;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
