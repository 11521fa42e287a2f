import type { Account } from '../context.ts';
import type { ProviderError } from '../domain/errors.ts';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { callerOf } from './caller.ts';

/** A failure and the account that it happened to. */
export interface Failure {
  readonly error: Omit<ProviderError, 'name' | 'stack' | 'cause'>;
  readonly account?: Account;
}

export const providerResolvers: Resolvers = {
  Query: {
    providerAccounts: (_, __, context) => callerOf(context).accounts,
  },
  ProviderAccount: {
    quotas: async (account) => (await account.carrier.quotas?.()) ?? [],
  },
  ProviderQuota: {
    resetsAt: ({ resetsAt }) => (resetsAt === undefined ? null : new Date(resetsAt).toISOString()),
  },
  ProviderFailure: {
    account: ({ account }) => account ?? null,
    code: ({ error }) => error.code,
    message: ({ error }) => error.message,
    hint: ({ error }) => error.hint ?? null,
    retryable: ({ error }) => error.retryable,
    retryAfterSeconds: ({ error }) => error.retryAfterSeconds ?? null,
    field: ({ error }) => error.field ?? null,
    providerCode: ({ error }) => error.providerCode ?? null,
    providerMessage: ({ error }) => error.providerMessage ?? null,
    requestId: (_, __, { requestId }) => requestId,
  },
};
