import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from 'pino';

import type { Account } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';
import { InputError, outcome, ProviderError, type UserError } from '../domain/errors.ts';
import { LedgerUnavailable } from '../storage/unavailable.ts';
import type { Failure } from './provider.ts';

/** Everything that is wrong with a query's input, as one GraphQL error: the first by its path, the rest beside it. */
function badInput({ errors }: InputError): GraphQLError {
  const [first] = errors;
  return new GraphQLError(`${first?.field.join('.')}: ${first?.message}`, {
    extensions: {
      code: 'BAD_USER_INPUT',
      field: first?.field,
      errors: errors.map(({ code, field, message }) => ({ code, field, message })),
    },
  });
}

/** A provider's failure where a field has no room for one; it says what a `ProviderFailure` would. */
export function toGraphQLError({ error, account }: Failure, context?: Context): GraphQLError {
  const { code, hint, retryable, retryAfterSeconds, field, providerCode, providerMessage } = error;
  const details = { hint, retryable, retryAfterSeconds, field, providerCode, providerMessage };
  return new GraphQLError(error.message, {
    extensions: { code, account: account && { id: account.id }, ...details, requestId: context?.requestId },
  });
}

/** What an account is asked in a field that has no room for its failure. */
export async function unwrapFailure<T>(
  account: Account,
  context: Context,
  ask: () => Promise<T>,
): Promise<T> {
  const answer = await outcome(ask);
  if (answer instanceof ProviderError) throw toGraphQLError({ error: answer, account }, context);
  return answer;
}

/** What can't be written down is not done. */
function unavailable({ message }: LedgerUnavailable): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      code: 'LEDGER_UNAVAILABLE',
      hint: 'Send it again later, with the same idempotency key where it has one: what was done is found by it.',
      retryable: true,
    },
  });
}

export const unauthenticated = () =>
  new GraphQLError('this needs an API key: send it as `Authorization: Bearer <key>`', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });

/**
 * The one door through which errors meet GraphQL. What we meant to say passes; anything else becomes one calm
 * sentence for the caller and a full entry in the log.
 */
export function createErrorFormatter(log: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    const place = { path: formatted.path, locations: formatted.locations };
    const told =
      original instanceof InputError
        ? badInput(original)
        : original instanceof ProviderError
          ? toGraphQLError({ error: original })
          : original instanceof LedgerUnavailable
            ? unavailable(original)
            : undefined;
    if (original instanceof LedgerUnavailable)
      log.error({ err: original, path: formatted.path }, original.message);
    if (told) return { ...place, message: told.message, extensions: told.extensions };
    if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return withoutStack(formatted);
    log.error({ err: original, path: formatted.path }, 'a resolver failed');
    return {
      ...place,
      message: 'something failed on our side; it has been logged',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

function withoutStack(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
  return { ...formatted, extensions };
}

/** What a mutation answers where its input is at fault; everything else stays thrown. */
export async function withUserErrors<T>(
  work: () => Promise<T>,
): Promise<T | { userErrors: readonly UserError[] }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return { userErrors: error.errors };
    throw error;
  }
}
