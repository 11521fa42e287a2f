import { z } from 'zod';

import type { Environment, Provider } from '../carriers/provider.ts';
import { providers } from '../carriers/registry.ts';
import { isLoopback } from '../transport/networks.ts';
import type { QuotaLimits } from '../transport/quota.ts';
import type { BackgroundPolicy } from '../transport/quota-window.ts';

/** One account of a tenant at a provider, validated. */
export interface AccountConfig {
  /** The alias, unique within the tenant. */
  readonly id: string;
  readonly provider: Provider;
  readonly name: string;
  readonly environment: Environment;
  /** An origin: it has no path. */
  readonly baseUrl: string;
  readonly credentials: unknown;
  readonly options: unknown;
  readonly quota: QuotaLimits;
  /** How long equal requests share a quote. Default: 0. */
  readonly rateCacheMs?: number;
  readonly policy?: AccountPolicy;
  /** The base URL that replaces this one, where its provider has switched the host off. */
  readonly retired?: string;
}

/** How much of the quota polls of watched parcels may use, and what gives way first when it runs low. */
export interface AccountPolicy extends Partial<BackgroundPolicy> {
  readonly whenQuotaLow?: {
    /** The part of the quota, from 0 to 1, below which it is low. */
    readonly below: number;
    /** Answers trackers whose state is known with that state, marked as stale. */
    readonly staleTrackers: boolean;
    /** The most milliseconds for which questions wait for each other. */
    readonly batchWaitMs: number;
  };
}

/** Validates the alias of an account and the id of a tenant. */
export const alias = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'must have 1 to 63 characters of a-z, 0-9, - and _, the first one a letter or digit',
  );

const environmentSchema = (words: Provider['environments'] = {}) =>
  z
    .string()
    .transform((text) => words[text.toLowerCase()] ?? text.toUpperCase())
    .pipe(
      z.enum(['TEST', 'PRODUCTION'], `must be ${['test', 'production', ...Object.keys(words)].join(' or ')}`),
    );

const quota = z.strictObject({
  windowSeconds: z.number().int().positive().optional(),
  default: z.number().int().positive().optional(),
  apis: z.record(z.string(), z.number().int().positive()).optional(),
  burst: z
    .strictObject({ calls: z.number().int().positive(), seconds: z.number().positive().max(3600) })
    .optional(),
});

/** Half of the 24 hours for which a rate can be bought: whoever gets a shared one has the other half left. */
const longestRateCacheSeconds = 12 * 60 * 60;

const rateCache = z.strictObject({ maxAgeSeconds: z.number().int().min(0).max(longestRateCacheSeconds) });

const share = z.number().min(0).max(1);
const policy = z.strictObject({
  foregroundReserve: share.optional(),
  pollingShare: share.optional(),
  whenQuotaLow: z
    .strictObject({
      below: z.number().gt(0).max(1).default(0.2),
      staleTrackers: z.boolean().default(false),
      batchWaitMs: z.number().int().min(3).max(1000).default(250),
    })
    .optional(),
});

/** The settings of every account. Its provider adds credentials and options. */
const commonSettings = z.strictObject({
  id: alias,
  name: z.string().min(1).optional(),
  environment: environmentSchema().optional(),
  baseUrl: z.string().superRefine(checkOrigin).optional(),
  quota: quota.optional(),
  rateCache: rateCache.optional(),
  policy: policy.optional(),
});

/** Validates an account by the schemas of its provider. */
export const accountSchema = z.discriminatedUnion(
  'provider',
  providers.map((provider) =>
    commonSettings
      .extend({
        provider: z.literal(provider.id),
        environment: environmentSchema(provider.environments).optional(),
        credentials: provider.credentials,
        ...provider.options.shape,
      })
      .superRefine((account, check) => checkEnvironment(account, provider, check)),
  ) as unknown as [z.ZodObject],
);

/** An account that `accountSchema` has validated. */
export type ValidAccount = z.infer<typeof commonSettings> & { provider: string; credentials: unknown };

export function toAccountConfig(account: ValidAccount): AccountConfig {
  const { id, provider: providerId, name, environment: _, baseUrl, quota: limits, rateCache, policy, credentials, ...options } = account; // prettier-ignore
  const provider = providers.find((candidate) => candidate.id === providerId)!;
  const environment = environmentOf(account, provider)!;
  const url = new URL(baseUrl ?? provider.hosts[environment]!);
  return {
    id,
    provider,
    name: name ?? provider.name,
    environment,
    baseUrl: url.origin,
    credentials,
    options,
    quota: limits ?? {},
    rateCacheMs: (rateCache?.maxAgeSeconds ?? provider.rateCacheSeconds ?? 0) * 1000,
    policy,
    retired: provider.hosts.retired?.[url.hostname],
  };
}

/** Checks that an account's setting, the form of its credentials and its host agree on the environment. */
function checkEnvironment(account: ValidAccount, provider: Provider, check: z.RefinementCtx): void {
  const addFault = (name: string, message: string) =>
    check.addIssue({ code: 'custom', path: [name], message });
  const environment = environmentOf(account, provider);
  if (environment === undefined) return addFault('environment', 'is required: test or production');
  const ofCredentials = provider.environmentOf?.(account.credentials);
  if (ofCredentials !== undefined && environment !== ofCredentials)
    addFault('environment', `is ${environment}, but the credentials are of ${ofCredentials}`);
  const { baseUrl } = account;
  if (baseUrl === undefined && provider.hosts[environment] === undefined)
    addFault('baseUrl', `is required: no host of ${environment} is known`);
  const origin = baseUrl && URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
  const ofHost = (['TEST', 'PRODUCTION'] as const).filter(
    (name) => origin && provider.hosts[name] === origin,
  );
  if (ofHost.length > 0 && !ofHost.includes(environment))
    addFault('environment', `is ${environment}, but ${origin} is the host of ${ofHost[0]}`);
}

/** Returns the environment as set. Default: that of the credentials' form, or else TEST where there is a base URL. */
function environmentOf(account: ValidAccount, provider: Provider): 'TEST' | 'PRODUCTION' | undefined {
  return (
    account.environment ??
    provider.environmentOf?.(account.credentials) ??
    (account.baseUrl === undefined ? undefined : 'TEST')
  );
}

function checkOrigin(text: string, check: z.RefinementCtx): void {
  const addFault = (message: string) => check.addIssue({ code: 'custom', message });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return addFault('must be an http or https URL');
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    addFault(`must have no path, query or user: write ${url.origin}`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    addFault('must be https: plain http is for loopback only');
}
