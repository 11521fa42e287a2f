import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

import { z } from 'zod';

import type { Environment, Provider } from '../carriers/adapter.ts';
import { providers } from '../carriers/registry.ts';
import { isLoopback } from '../transport/networks.ts';
import type { QuotaLimits } from '../transport/quota.ts';

/** Everything that is set from outside, read once and judged whole. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** What links to labels begin with; where we listen when left out. */
  readonly publicUrl?: string;
  readonly storage: { readonly url: string } | { readonly folder: string };
  readonly dataDir: string;
  /** Undefined in sandbox mode, where it is made and kept beside the ledger. */
  readonly secret?: string;
  readonly previousSecret?: string;
  /** What names people is deleted after so many days; never when left out. */
  readonly retentionDays?: number;
  readonly tenants: readonly TenantConfig[];
  /** Nothing is configured: the emulated providers run in this process. */
  readonly sandbox?: { readonly quota?: number };
}

export interface TenantConfig {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of each key, in hex: the keys themselves are forgotten. */
  readonly apiKeyHashes: readonly string[];
  readonly accounts: readonly AccountConfig[];
  /** Made of environment variables; there is no other. */
  readonly single?: true;
}

export interface AccountConfig {
  /** The tenant's alias. */
  readonly id: string;
  readonly provider: Provider;
  readonly name: string;
  readonly environment: Environment;
  readonly baseUrl: string;
  readonly credentials: unknown;
  readonly options: unknown;
  readonly quota: QuotaLimits;
  /** What took the place of a host that its provider has switched off. */
  readonly retired?: string;
}

/** Every fault of a configuration, each with its path; never a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`); // prettier-ignore
    this.faults = faults;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** What goes into an Authorization header as it is, or a digest of that. */
const apiKey = z
  .string()
  .min(8, 'has at least 8 characters')
  .regex(/^[\x21-\x7e]*$/, 'is made of letters, digits and signs of ASCII, without blanks')
  .regex(/^(?!sha256:(?![0-9a-f]{64}$))/i, 'is no SHA-256 in hex');
/** Settings that are about the process rather than about whom it serves; they leave the sandbox on. */
const settings = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.string().regex(/^\d{1,5}$/, 'is no port number').transform(Number).pipe(z.number().max(65_535)).default(4000), // prettier-ignore
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).regex(/^[^?#@]*$/, 'has no user, query or fragment: links begin with it').optional(), // prettier-ignore
  DATA_DIR: z
    .string()
    .min(1)
    .refine((path) => !isFile(path), 'is a file: name a folder')
    .default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PARCELGRAPH_TENANTS: z.string().min(1).optional(),
  PARCELGRAPH_API_KEY: apiKey.optional(),
  PARCELGRAPH_SECRET: z.string().min(32, 'has at least 32 characters').optional(),
  PARCELGRAPH_RETENTION_DAYS: z.string().regex(/^[1-9]\d{0,4}$/, 'is no number of days').transform(Number).optional(), // prettier-ignore
  PARCELGRAPH_SECRET_PREVIOUS: z.string().min(32, 'has at least 32 characters').optional(),
  SANDBOX_QUOTA: z.string().regex(/^\d+$/, 'is no number of calls').transform(Number).optional(),
});

const alias = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'is made of a-z, 0-9, - and _');
const environmentIn = (words: Provider['environments'] = {}) =>
  z
    .string()
    .transform((text) => words[text.toLowerCase()] ?? text.toUpperCase())
    .pipe(z.enum(['TEST', 'PRODUCTION']));
const quota = z.strictObject({
  windowSeconds: z.number().int().positive().optional(),
  default: z.number().int().positive().optional(),
  apis: z.record(z.string(), z.number().int().positive()).optional(),
  burst: z
    .strictObject({ calls: z.number().int().positive(), seconds: z.number().positive().max(3600) })
    .optional(),
});
/** What every account may say; its provider adds credentials and options of its own. */
const base = z.strictObject({
  id: alias,
  name: z.string().min(1).optional(),
  environment: environmentIn().optional(),
  baseUrl: z.string().superRefine(checkOrigin).optional(),
  quota: quota.optional(),
});
const account = z.discriminatedUnion(
  'provider',
  providers.map((provider) =>
    base
      .extend({
        provider: z.literal(provider.id),
        environment: environmentIn(provider.environments).optional(),
        credentials: provider.credentials,
        ...provider.options.shape,
      })
      .superRefine((raw, check) => checkEnvironment(raw, provider, check)),
  ) as unknown as [z.ZodObject],
);
const tenantsFile = z.strictObject({
  tenants: z
    .array(
      z.strictObject({
        id: alias,
        name: z.string().min(1).optional(),
        apiKeys: z.array(apiKey).min(1),
        accounts: z.array(account).superRefine((accounts, check) =>
          once(
            accounts.map(({ id }, index) => [id as string, [index, 'id']]),
            check,
          ),
        ),
      }),
    )
    .min(1)
    .superRefine((tenants, check) => {
      once(
        tenants.map(({ id }, index) => [id, [index, 'id']]),
        check,
      );
      once(
        tenants.flatMap(({ apiKeys }, at) =>
          apiKeys.map((key, index) => [digestOf(key), [at, 'apiKeys', index]]),
        ),
        check,
      );
    }),
});
type RawAccount = z.infer<typeof base> & { provider: string; credentials: unknown };

/** Reads environment and tenants file; throws a `ConfigError` that names every fault at once. */
export function readConfig(env: Env): Config {
  const faults: string[] = [];
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  for (const name of Object.keys(given)) {
    if (name.startsWith('PARCELGRAPH_') && !(name in settings.shape))
      faults.push(`${name}: there is no such setting`);
  }
  const set = readSettings(given, faults);

  const own = Object.keys(given).filter((name) => /^(PARCELGRAPH_|USPS_|EASYPOST_|DATABASE_URL$)/.test(name));
  const isSandbox = own.length === 0 && given.NODE_ENV !== 'production';
  const tenants = isSandbox ? [] : readTenants(given, set, faults);
  if (!isSandbox && given.PARCELGRAPH_SECRET === undefined) {
    faults.push(
      'PARCELGRAPH_SECRET: is required: any text of at least 32 characters, such as `openssl rand -hex 32`',
    );
  }
  if (!isLoopback(set.HOST) && given.PUBLIC_URL === undefined) {
    faults.push('PUBLIC_URL: is required where HOST is not loopback: links to labels begin with it');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    host: set.HOST,
    port: set.PORT,
    publicUrl: set.PUBLIC_URL?.replace(/\/$/, ''),
    storage: set.DATABASE_URL ? { url: set.DATABASE_URL } : { folder: set.DATA_DIR },
    dataDir: set.DATA_DIR,
    secret: set.PARCELGRAPH_SECRET,
    previousSecret: set.PARCELGRAPH_SECRET_PREVIOUS,
    retentionDays: set.PARCELGRAPH_RETENTION_DAYS,
    tenants,
    sandbox: isSandbox ? { quota: set.SANDBOX_QUOTA } : undefined,
  };
}

/** What can't be looked at may still be made. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The settings; those at fault as if they had been left out, so that the rest is judged too. */
function readSettings(given: Env, faults: string[]): z.infer<typeof settings> {
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  faults.push(...describe(parsed.error));
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  return settings.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name))));
}

/** An API key may stand as its digest, so that whoever reads the file can't call with it. */
function digestOf(apiKey: string): string {
  return /^sha256:([0-9a-f]{64})$/i.exec(apiKey)?.[1]!.toLowerCase() ?? hashKey(apiKey);
}

export function hashKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

/** Tenants of the file, or the single one that the variables describe. */
function readTenants(env: Env, set: z.infer<typeof settings>, faults: string[]): TenantConfig[] {
  const single = singleTenant(env);
  if (set.PARCELGRAPH_TENANTS === undefined) {
    if (single.length === 0) faults.push('no provider is configured: set USPS_CLIENT_ID or EASYPOST_API_KEY, or PARCELGRAPH_TENANTS'); // prettier-ignore
    if (env.PARCELGRAPH_API_KEY === undefined)
      faults.push('PARCELGRAPH_API_KEY: is required: the key that callers send');
    const apiKeys = [set.PARCELGRAPH_API_KEY ?? 'missing-key'];
    const tenants = [{ id: 'default', apiKeys, accounts: single }];
    const judged = judge({ tenants }, env, faults, variableOf(single));
    return judged.map((tenant) => ({ ...tenant, single: true }));
  }
  if (single.length > 0 || env.PARCELGRAPH_API_KEY !== undefined) {
    faults.push('PARCELGRAPH_TENANTS: the file names every tenant, so leave out PARCELGRAPH_API_KEY, USPS_* and EASYPOST_*'); // prettier-ignore
  }
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(set.PARCELGRAPH_TENANTS, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is no JSON' : 'could not be read';
    // Unnamed: somebody may have put the document itself where its path belongs.
    faults.push(`PARCELGRAPH_TENANTS: the file ${reason}`);
    return [];
  }
  return judge(raw, env, faults);
}

/** The accounts that providers' own variables describe; the alias is the provider's id. */
function singleTenant(env: Env): { id: string }[] {
  return providers.flatMap((provider) => {
    const raw: Record<string, unknown> & { id: string } = {
      id: provider.id,
      provider: provider.id,
      credentials: {},
    };
    const named = Object.entries(provider.variables).filter(([name]) => env[name] !== undefined);
    for (const [name, path] of named) {
      const steps = path.split('.');
      const last = steps.pop()!;
      let place = raw;
      for (const step of steps) place = (place[step] ??= {}) as typeof raw;
      place[last] = env[name];
    }
    return named.length > 0 ? [raw] : [];
  });
}

function judge(raw: unknown, env: Env, faults: string[], rename?: Rename): TenantConfig[] {
  const resolved = resolveSecrets(raw, [], env, faults);
  const parsed = tenantsFile.safeParse(resolved);
  if (!parsed.success) {
    faults.push(...describe(parsed.error, rename));
    return [];
  }
  return parsed.data.tenants.map((tenant) => ({
    id: tenant.id,
    name: tenant.name ?? tenant.id,
    apiKeyHashes: tenant.apiKeys.map(digestOf),
    accounts: tenant.accounts.map((each) => toAccount(each as unknown as RawAccount)),
  }));
}

type Rename = (path: readonly PropertyKey[]) => string | undefined;

/** The variable behind a path of the single tenant, so that a fault names what the reader has set. */
const variableOf =
  (accounts: readonly { id: string }[]): Rename =>
  ([, , part, index, ...rest]) => {
    if (part === 'apiKeys') return 'PARCELGRAPH_API_KEY';
    const provider = providers.find(({ id }) => id === accounts[Number(index)]?.id);
    if (part !== 'accounts' || provider === undefined) return undefined;
    const setting = rest.join('.');
    const named = Object.entries(provider.variables).find(
      ([, path]) => path === setting || path === `${setting}.file`,
    );
    return named?.[0] ?? `${provider.id} ${setting}`;
  };

/** Files that their providers read themselves. */
const watched = new Set(providers.flatMap(({ files = [] }) => files));

/** `{"env": NAME}` and `{"file": PATH}` in the place of a secret. */
function resolveSecrets(raw: unknown, path: readonly string[], env: Env, faults: string[]): unknown {
  if (Array.isArray(raw))
    return raw.map((each, index) => resolveSecrets(each, [...path, String(index)], env, faults));
  if (typeof raw !== 'object' || raw === null) return raw;
  const keys = Object.keys(raw);
  if (keys.length === 1 && path.includes('credentials') && (keys[0] === 'env' || keys[0] === 'file')) {
    if (keys[0] === 'file' && watched.has(path.at(-1)!)) return raw;
    const where = String((raw as Record<string, unknown>)[keys[0]]);
    const secret = keys[0] === 'env' ? env[where] : readSecret(where);
    // Unnamed: somebody may have put the secret itself where its name belongs.
    if (!secret) {
      const source = keys[0] === 'env' ? 'environment variable' : 'file';
      faults.push(`${path.join('.')}: the ${source} that it names holds nothing`);
    }
    return secret || 'unresolved';
  }
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, resolveSecrets(value, [...path, key], env, faults)]),
  );
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

type Check = z.RefinementCtx;

/** Each value stands once; the second one is at fault. */
function once(values: readonly (readonly [value: string, path: PropertyKey[]])[], check: Check): void {
  const seen = new Set<string>();
  for (const [value, path] of values) {
    if (seen.has(value)) check.addIssue({ code: 'custom', path, message: 'is given twice' });
    seen.add(value);
  }
}

/** What an account says of its environment, by name, by the form of its key and by its host, is one thing. */
function checkEnvironment(raw: RawAccount, provider: Provider, check: Check): void {
  const fault = (message: string) => check.addIssue({ code: 'custom', path: ['environment'], message });
  const betrayed = provider.environmentOf?.(raw.credentials);
  const chosen = environmentOf(raw, provider);
  if (chosen === undefined) return fault('is required: test or production');
  if (betrayed !== undefined && chosen !== betrayed)
    fault(`is ${chosen}, but the credentials are of ${betrayed}`);
  if (raw.baseUrl === undefined && hostOf(provider, chosen) === undefined) {
    check.addIssue({
      code: 'custom',
      path: ['baseUrl'],
      message: `is required: no host of ${chosen} is known`,
    });
  }
  const host = raw.baseUrl && URL.canParse(raw.baseUrl) ? new URL(raw.baseUrl).origin : undefined;
  const known = (['TEST', 'PRODUCTION'] as const).filter((each) => host && provider.hosts[each] === host);
  if (known.length > 0 && !known.some((each) => each === chosen)) {
    fault(`is ${chosen}, but ${host} is the host of ${known[0]}`);
  }
}

/** As stated, else as the key betrays it; beside a base URL of its own an account is for testing unless it says more. */
function environmentOf(raw: RawAccount, provider: Provider): Environment | undefined {
  return (
    raw.environment ??
    provider.environmentOf?.(raw.credentials) ??
    (raw.baseUrl === undefined ? undefined : 'TEST')
  );
}

/** An account as its provider will be opened with; everything about it has been judged. */
function toAccount(raw: RawAccount): AccountConfig {
  const {
    id,
    provider: providerId,
    name,
    environment: _,
    baseUrl,
    quota: limits,
    credentials,
    ...options
  } = raw;
  const provider = providers.find((each) => each.id === providerId)!;
  const environment = environmentOf(raw, provider)!;
  const url = new URL(baseUrl ?? hostOf(provider, environment)!);
  return {
    id,
    provider,
    name: name ?? provider.name,
    environment,
    baseUrl: url.origin,
    credentials,
    options,
    quota: limits ?? {},
    retired: provider.hosts.retired?.[url.hostname],
  };
}

function hostOf(provider: Provider, where: Environment | undefined): string | undefined {
  return where === 'TEST' || where === 'PRODUCTION' ? provider.hosts[where] : undefined;
}

function checkOrigin(text: string, check: Check): void {
  const fault = (message: string) => check.addIssue({ code: 'custom', message });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return fault('is no http or https URL');
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    fault(`has no path, query or user: write ${url.origin}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) fault('plain http is for loopback only');
}

/** A fault by path and kind alone: what was given may be a secret, and is never repeated. */
function describe(error: z.ZodError, rename?: Rename): string[] {
  return error.issues.map((issue) => {
    const path = rename?.(issue.path) ?? (issue.path.map(String).join('.') || 'PARCELGRAPH_TENANTS');
    const detail =
      issue.code === 'unrecognized_keys'
        ? `there is no such setting: ${issue.keys.join(', ')}`
        : issue.message;
    return `${path}: ${detail}`;
  });
}
