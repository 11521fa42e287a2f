import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from 'pino';

import type { Account, AccountFailure } from '../accounts/account.ts';
import { currentRequest } from '../auth/request-record.ts';
import { InputError, outcome, ProviderError, type UserError } from '../domain/errors.ts';
import { LedgerUnavailable } from '../storage/unavailable.ts';
import { withHint } from './error-codes.ts';

/** Converts a provider's failure to a GraphQL error with the fields of `ProviderFailure`, for types that have no field for it. */
export function toGraphQLError({ error, account }: AccountFailure): GraphQLError {
  const { code, hint, retryable, retryAfterSeconds, field, providerCode, providerMessage } = error;
  const details = { hint, retryable, retryAfterSeconds, field, providerCode, providerMessage };
  return new GraphQLError(error.message, {
    extensions: {
      code,
      account: account && { id: account.id },
      ...details,
      requestId: currentRequest()?.requestId,
    },
  });
}

/** Calls a provider; throws its failure as a GraphQL error that names the account. */
export async function unwrapFailure<T>(account: Account, call: () => Promise<T>): Promise<T> {
  const result = await outcome(call);
  if (result instanceof ProviderError) throw toGraphQLError({ error: result, account });
  return result;
}

/** Runs a mutation; returns the errors of its input as `userErrors` and throws all others. */
export async function withUserErrors<T>(
  mutate: () => Promise<T>,
): Promise<T | { userErrors: readonly UserError[] }> {
  try {
    return await mutate();
  } catch (error) {
    if (error instanceof InputError) return { userErrors: error.errors };
    throw error;
  }
}

/**
 * Creates the `formatError` of the server, through which every top-level error passes. Errors that are meant for the
 * caller keep their message and code; any other error becomes INTERNAL_SERVER_ERROR, and is logged in full.
 */
export function createErrorFormatter(log: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(error);
    const { path, locations } = formatted;
    const requestId = currentRequest()?.requestId;
    if (original instanceof LedgerUnavailable) log.error({ err: original, path, requestId }, original.message); // prettier-ignore
    const known = toKnownError(original);
    if (known) return { path, locations, message: known.message, extensions: known.extensions };
    if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return withoutStack(formatted);
    log.error({ err: original, path, requestId }, 'a resolver failed');
    return {
      path,
      locations,
      message: 'an internal error occurred; it has been logged',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    };
  };
}

/** The reason with which an operation is aborted that takes too long. */
export class OperationTimeout extends Error {
  override readonly name = 'OperationTimeout';

  constructor(milliseconds: number) {
    super(`the operation took longer than ${milliseconds / 1000} s, and was ended`);
  }
}

const operationTimeout = ({ message }: OperationTimeout) =>
  new GraphQLError(message, {
    extensions: withHint('OPERATION_TIMEOUT'),
  });

function toKnownError(error: unknown): GraphQLError | undefined {
  if (error instanceof InputError) return badUserInput(error);
  if (error instanceof ProviderError) return toGraphQLError({ error });
  if (error instanceof LedgerUnavailable) return ledgerUnavailable(error);
  if (error instanceof OperationTimeout) return operationTimeout(error);
  return undefined;
}

/** One GraphQL error for all errors of a query's input: the message is that of the first, `extensions.errors` has all. */
export function badUserInput({ errors }: Pick<InputError, 'errors'>): GraphQLError {
  const [first] = errors;
  return new GraphQLError(`${first?.field.join('.')}: ${first?.message}`, {
    extensions: {
      code: 'BAD_USER_INPUT',
      field: first?.field,
      errors: errors.map(({ code, field, message }) => ({ code, field, message })),
    },
  });
}

function ledgerUnavailable({ message }: LedgerUnavailable): GraphQLError {
  return new GraphQLError(message, { extensions: withHint('LEDGER_UNAVAILABLE') });
}

function withoutStack(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
  return { ...formatted, extensions };
}
