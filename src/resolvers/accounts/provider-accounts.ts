import type { Resolvers } from '../../generated/resolvers-types.ts';
import { requireCaller } from '../require-caller.ts';

export const providerAccountResolvers: Resolvers = {
  Query: {
    providerAccounts: (_, __, context) => requireCaller(context).accounts,
  },
  ProviderAccount: {
    quotas: async ({ adapter }) => (await adapter.quotas?.()) ?? [],
    usage: ({ id, tenantId }, { since }, context) =>
      context.storage.usage.since(tenantId ?? requireCaller(context).tenant.id, id, new Date(since)),
    breakers: (account) => account.breakers(),
  },
  ProviderUsage: {
    operation: ({ operation }) => operation ?? null,
    client: ({ client }) => client ?? null,
  },
  ProviderBreaker: {
    retryAt: ({ retryAt }) => (retryAt === undefined ? null : new Date(retryAt).toISOString()),
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
    field: ({ error, argument = ['input'] }) =>
      argument && error.field ? [...argument, ...error.field] : null,
    providerCode: ({ error }) => error.providerCode ?? null,
    providerMessage: ({ error }) => error.providerMessage ?? null,
    requestId: (_, __, { requestId }) => requestId,
  },
};
