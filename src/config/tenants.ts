import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { accountSchema, alias, toAccountConfig, type AccountConfig, type ValidAccount } from './account.ts';
import { apiKey, configuredHash } from './api-key.ts';
import { describeFaults, messages, type Rename } from './faults.ts';
import {
  persistedOperations,
  tenantLimits,
  type PersistedOperations,
  type TenantLimits,
} from './tenant-limits.ts';
import { resolveSecrets } from './secrets.ts';
import type { Environment, Settings } from './settings.ts';
import { accountsOfVariables, firstVariables, variableOfPath, variablePrefixes } from './variables.ts';

export interface TenantConfig {
  readonly id: string;
  readonly name: string;
  /** The SHA-256 of each API key, in hex. The keys themselves are not kept. */
  readonly apiKeyHashes: readonly string[];
  readonly accounts: readonly AccountConfig[];
  /** Whether responses tell the calls that they took, unless a request says otherwise. Default: false. */
  readonly providerCalls?: boolean;
  /** The most provider calls of an operation, unless a request sets another figure. Default: no limit. */
  readonly maxProviderCalls?: number;
  readonly limits?: TenantLimits;
  /** The operations that the tenant registered. Default: none, and any operation is allowed. */
  readonly persistedOperations?: PersistedOperations;
  /** True for the tenant that environment variables describe, which is then the only one. */
  readonly single?: true;
}

const tenantsFile = z.strictObject({
  tenants: z
    .array(
      z.strictObject({
        id: alias,
        name: z.string().min(1).optional(),
        apiKeys: z.array(apiKey).min(1),
        providerCalls: z.boolean().optional(),
        maxProviderCalls: z.int().nonnegative().optional(),
        limits: tenantLimits.optional(),
        persistedOperations: persistedOperations.optional(),
        accounts: z.array(accountSchema).superRefine((accounts, check) =>
          checkUnique(
            accounts.map(({ id }, index) => [id as string, [index, 'id']]),
            check,
          ),
        ),
      }),
    )
    .min(1)
    .superRefine((tenants, check) => {
      checkUnique(
        tenants.map(({ id }, index) => [id, [index, 'id']]),
        check,
      );
      checkUnique(
        tenants.flatMap(({ apiKeys }, tenant) =>
          apiKeys.map((key, index) => [configuredHash(key), [tenant, 'apiKeys', index]]),
        ),
        check,
      );
    }),
});

/** Reads the tenants of the file, or the single tenant of the environment variables, and adds their faults. */
export function readTenants(env: Environment, settings: Settings, faults: string[]): TenantConfig[] {
  const accounts = accountsOfVariables(env);
  if (settings.PARCELGRAPH_TENANTS === undefined) {
    const or = new Intl.ListFormat('en-GB', { type: 'disjunction' });
    if (accounts.length === 0)
      faults.push(`no provider is configured: set ${or.format([...firstVariables, 'PARCELGRAPH_TENANTS'])}`);
    if (env.PARCELGRAPH_API_KEY === undefined)
      faults.push('PARCELGRAPH_API_KEY: is required: the API key that callers send');
    const tenant = { id: 'default', apiKeys: [settings.PARCELGRAPH_API_KEY ?? 'missing-key'], accounts };
    const tenants = parseTenants({ tenants: [tenant] }, env, faults, variableOfPath(accounts));
    return tenants.map((parsed) => ({ ...parsed, single: true }));
  }
  if (accounts.length > 0 || env.PARCELGRAPH_API_KEY !== undefined) {
    const and = new Intl.ListFormat('en-GB');
    const variables = ['PARCELGRAPH_API_KEY', ...variablePrefixes.map((prefix) => `${prefix}*`)];
    faults.push(`PARCELGRAPH_TENANTS: the file lists every tenant: unset ${and.format(variables)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(settings.PARCELGRAPH_TENANTS, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not valid JSON' : 'can’t be read';
    // The path is not repeated, since it may be the document itself, set in the wrong place.
    faults.push(`PARCELGRAPH_TENANTS: the file ${reason}`);
    return [];
  }
  return parseTenants(document, env, faults);
}

function parseTenants(
  document: unknown,
  env: Environment,
  faults: string[],
  rename?: Rename,
): TenantConfig[] {
  const parsed = tenantsFile.safeParse(resolveSecrets(document, env, faults), messages);
  if (!parsed.success) {
    faults.push(...describeFaults(parsed.error, rename));
    return [];
  }
  return parsed.data.tenants.map(({ id, name, apiKeys, accounts, ...settings }) => ({
    id,
    name: name ?? id,
    ...settings,
    apiKeyHashes: apiKeys.map(configuredHash),
    accounts: accounts.map((account) => toAccountConfig(account as unknown as ValidAccount)),
  }));
}

/** Adds a fault for each value that is not the first of its kind. */
function checkUnique(
  values: readonly (readonly [value: string, path: PropertyKey[]])[],
  check: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const [value, path] of values) {
    if (seen.has(value)) check.addIssue({ code: 'custom', path, message: 'is given twice' });
    seen.add(value);
  }
}
