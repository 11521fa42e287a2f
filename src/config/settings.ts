import { statSync } from 'node:fs';

import { z } from 'zod';

import { isLoopback } from '../transport/networks.ts';
import { apiKey } from './api-key.ts';
import { describeFaults } from './faults.ts';

/** Environment variables that are set; an empty variable counts as unset. */
export type Environment = Readonly<Record<string, string>>;

const secret = z.string().min(32, 'must have at least 32 characters');

/** The levels of the log, each with all that follow it. At `info` there is one line a request. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Validates the settings of the process. */
const settings = z.object({
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number, 0 to 65535')
    .transform(Number)
    .pipe(z.number().max(65_535, 'must be a port number, 0 to 65535'))
    .default(4000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .regex(/^[^?#@]*$/, 'must have no user, query or fragment, since links begin with it')
    .optional(),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be origins such as https://shop.example, separated by commas',
    )
    .optional(),
  DATA_DIR: z
    .string()
    .refine((path) => !isFile(path), 'must be a folder, and is a file')
    .default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/, 'must be pairs such as name=value, separated by commas')
    .optional(),
  OTEL_SERVICE_NAME: z.string().default('parcelgraph'),
  PARCELGRAPH_TENANTS: z.string().optional(),
  PARCELGRAPH_API_KEY: apiKey.optional(),
  PARCELGRAPH_JWT_ISSUER: z.string().optional(),
  PARCELGRAPH_JWT_AUDIENCE: z.string().optional(),
  PARCELGRAPH_JWT_JWKS_URL: z
    .url({ error: 'must be an https URL' })
    .refine(isSafe, 'must be an https URL: plain http is for loopback only')
    .optional(),
  PARCELGRAPH_JWT_TENANT_CLAIM: z.string().default('tenant'),
  PARCELGRAPH_JWT_PERMISSIONS_CLAIM: z.string().default('scope'),
  PARCELGRAPH_SECRET: secret.optional(),
  PARCELGRAPH_SECRET_FILE: z.string().optional(),
  OPERATION_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of seconds, 1 to 9999')
    .transform(Number)
    .optional(),
  PARCELGRAPH_RETENTION_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a number of days, 1 to 99999')
    .transform(Number)
    .optional(),
  PARCELGRAPH_SECRET_PREVIOUS: secret.optional(),
  PARCELGRAPH_SECRET_PREVIOUS_FILE: z.string().optional(),
  SANDBOX_QUOTA: z.string().regex(/^\d+$/, 'must be a number of calls').transform(Number).optional(),
  SANDBOX_SPEED: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a number, 1 to 999999')
    .transform(Number)
    .optional(),
});

export type Settings = z.infer<typeof settings>;

/** Who issues the JWTs that callers may send in place of an API key. */
export interface TokenIssuer {
  /** The token's claim `iss`. */
  readonly issuer: string;
  /** The token's claim `aud`, or one of it. */
  readonly audience: string;
  /** Where the issuer publishes its keys, as a JSON Web Key Set. */
  readonly keysUrl: string;
  /** The claim that has the id of the tenant. */
  readonly tenantClaim: string;
  /** The claim that has the permissions: separated by blanks, or a list. */
  readonly permissionsClaim: string;
}

/** Returns the issuer that is configured, if one is, and adds a fault for each setting that it lacks. */
export function readTokenIssuer(
  env: Environment,
  settings: Settings,
  faults: string[],
): TokenIssuer | undefined {
  const required = [
    'PARCELGRAPH_JWT_ISSUER',
    'PARCELGRAPH_JWT_AUDIENCE',
    'PARCELGRAPH_JWT_JWKS_URL',
  ] as const;
  if (!Object.keys(env).some((name) => name.startsWith('PARCELGRAPH_JWT_'))) return undefined;
  for (const name of required)
    if (env[name] === undefined) faults.push(`${name}: is required to accept JWTs`);
  const [issuer = '', audience = '', keysUrl = ''] = required.map((name) => settings[name]);
  return {
    issuer,
    audience,
    keysUrl,
    tenantClaim: settings.PARCELGRAPH_JWT_TENANT_CLAIM,
    permissionsClaim: settings.PARCELGRAPH_JWT_PERMISSIONS_CLAIM,
  };
}

function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** Reads the settings and adds their faults. An invalid setting is returned as if it were unset. */
export function readSettings(env: Environment, faults: string[]): Settings {
  for (const name of Object.keys(env)) {
    if (name.startsWith('PARCELGRAPH_') && !(name in settings.shape))
      faults.push(`${name}: there is no such setting`);
  }
  const parsed = settings.safeParse(env);
  if (parsed.success) return parsed.data;
  faults.push(...describeFaults(parsed.error));
  const invalid = new Set(parsed.error.issues.map(({ path }) => path[0]));
  return settings.parse(Object.fromEntries(Object.entries(env).filter(([name]) => !invalid.has(name))));
}

/** Returns false also for a path that can't be read: a folder may be created there. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
