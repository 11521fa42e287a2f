import type { Context } from '../../auth/context.ts';
import { InputError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { permissions, type Permission } from '../../domain/permission.ts';
import type {
  ApiKeyCreateInput,
  Permission as PermissionName,
  Resolvers,
} from '../../generated/resolvers-types.ts';
import type { ApiKeyRow } from '../../storage/tables.ts';
import { withUserErrors } from '../errors.ts';

const daySeconds = 24 * 60 * 60;
const longestOverlapSeconds = 30 * daySeconds;

export const apiKeyResolvers: Resolvers = {
  Mutation: {
    apiKeyCreate: (_, { input }, context) =>
      withUserErrors(async () => ({ ...(await create(input, context)), userErrors: [] })),
    apiKeyRotate: (_, { input: { id, overlapSeconds } }, context) =>
      withUserErrors(async () => {
        const seconds = overlapSeconds ?? daySeconds;
        const message = `is a number of seconds from 0 to ${longestOverlapSeconds}`;
        const isValid = seconds >= 0 && seconds <= longestOverlapSeconds;
        throwIfInvalid(isValid ? [] : [{ code: 'INVALID', field: ['input', 'overlapSeconds'], message }]);
        const until = context.clock.now() + seconds * 1000;
        const changed = await context.workflows.apiKeys.rotate(await requireKey(id, context), until);
        return { ...changed, userErrors: [] };
      }),
    apiKeyDelete: (_, { input }, context) =>
      withUserErrors(async () => {
        const apiKey = await requireKey(input.id, context);
        await context.workflows.apiKeys.delete(apiKey);
        return { apiKey, userErrors: [] };
      }),
  },
  ApiKey: {
    permissions: (row) => row.permissions.map(toName),
    spendLimitPerDay: (row) => row.spend_limit,
    expiresAt: (row) => row.expires_at?.toISOString() ?? null,
    lastUsedAt: (row) => row.last_used_at?.toISOString() ?? null,
    createdAt: (row) => row.created_at.toISOString(),
  },
};

const toName = (permission: Permission) => permission.toUpperCase().replace(':', '_') as PermissionName;

function create({ tenantId, expiresAt, spendLimitPerDay, ...input }: ApiKeyCreateInput, context: Context) {
  const errors: UserError[] = [];
  const add = (code: UserError['code'], field: string, message: string) =>
    errors.push({ code, field: ['input', field], message });
  if (!context.accounts.caller(tenantId)) add('NOT_FOUND', 'tenantId', 'is no tenant of this server');
  if (input.permissions.length === 0) add('REQUIRED', 'permissions', 'names at least one permission');
  if (expiresAt && Date.parse(expiresAt) <= context.clock.now())
    add('INVALID', 'expiresAt', 'lies in the past');
  if (spendLimitPerDay && spendLimitPerDay.amount.startsWith('-'))
    add('INVALID', 'spendLimitPerDay', 'is zero or more');
  throwIfInvalid(errors);
  return context.workflows.apiKeys.create({
    tenantId,
    permissions: permissions.filter((name) => input.permissions.includes(toName(name))),
    expiresAt: expiresAt ? new Date(expiresAt) : undefined,
    spendLimit: spendLimitPerDay ?? undefined,
  });
}

async function requireKey(id: string, context: Context): Promise<ApiKeyRow> {
  const row = await context.storage.apiKeys.find(id);
  // A deleted tenant's keys have expired for good.
  if (row && context.accounts.caller(row.tenant_id)) return row;
  throw new InputError([{ code: 'NOT_FOUND', field: ['input', 'id'], message: 'is no API key' }]);
}
