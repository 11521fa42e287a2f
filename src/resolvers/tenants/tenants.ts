import { checkTenantInput } from '../../accounts/tenant-input.ts';
import type { Resolvers } from '../../generated/resolvers-types.ts';
import { withUserErrors } from '../errors.ts';
import { requireLedgerTenant } from './require-tenant.ts';

export const tenantResolvers: Resolvers = {
  Query: {
    tenants: (_, __, context) => context.accounts.callers(),
    tenant: (_, { id }, context) => context.accounts.caller(id) ?? null,
  },
  Mutation: {
    tenantCreate: (_, { input }, context) =>
      withUserErrors(async () => {
        checkTenantInput(input);
        await context.tenantChanges.create(input);
        return { tenant: context.accounts.caller(input.id) ?? null, userErrors: [] };
      }),
    tenantDelete: (_, { input: { id } }, context) =>
      withUserErrors(async () => {
        const tenant = requireLedgerTenant(id, 'id', context);
        await context.tenantChanges.delete(id);
        return { tenant, userErrors: [] };
      }),
  },
  Tenant: {
    id: ({ tenant }) => tenant.id,
    name: ({ tenant }) => tenant.name,
    createdAt: ({ tenant }) => tenant.createdAt?.toISOString() ?? null,
    accounts: ({ accounts }) => accounts,
    apiKeys: ({ tenant }, _, { storage }) => storage.apiKeys.list(tenant.id),
  },
};
