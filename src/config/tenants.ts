import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { accountSchema, alias, toAccountConfig, type AccountConfig, type ValidAccount } from './account.ts';
import { apiKeySetting, toApiKeyConfig, type ApiKeyConfig } from './api-key.ts';
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
  readonly apiKeys: readonly ApiKeyConfig[];
  readonly accounts: readonly AccountConfig[];
  /** Whether responses tell the calls that they took, unless a request says otherwise. Default: false. */
  readonly providerCalls?: boolean;
  /** The most provider calls of an operation, unless a request sets another figure. Default: no limit. */
  readonly maxProviderCalls?: number;
  /** Whether signed links show the journey of a parcel on `/track` to who has no key. Default: false. */
  readonly trackingLinks?: boolean;
  /** Which parcels are watched. */
  readonly watch?: WatchSettings;
  readonly limits?: TenantLimits;
  /** The operations that the tenant registered. Default: none, and any operation is allowed. */
  readonly persistedOperations?: PersistedOperations;
  /** True for the tenant that environment variables describe, which is then the only one. */
  readonly single?: true;
}

/** Which parcels of a tenant are asked for until they have arrived. */
export interface WatchSettings {
  /** Whether the parcels of shipments that are purchased here are. Default: true. */
  readonly purchased?: boolean;
  /** The most parcels that `trackerWatch` may watch. Default: 100,000. */
  readonly limit?: number;
}

const watch = z.strictObject({
  purchased: z.boolean().optional(),
  limit: z.int().nonnegative().max(1_000_000).optional(),
});

const tenantsFile = z.strictObject({
  tenants: z
    .array(
      z.strictObject({
        id: alias,
        name: z.string().min(1).optional(),
        apiKeys: z.array(apiKeySetting).min(1),
        providerCalls: z.boolean().optional(),
        maxProviderCalls: z.int().nonnegative().optional(),
        trackingLinks: z.boolean().optional(),
        watch: watch.optional(),
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
          apiKeys.map((key, index) => [toApiKeyConfig(key).hash, [tenant, 'apiKeys', index]]),
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
    apiKeys: apiKeys.map(toApiKeyConfig),
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
