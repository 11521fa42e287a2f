import { statSync } from 'node:fs';

import { z } from 'zod';

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
  PARCELGRAPH_SECRET: secret.optional(),
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
  SANDBOX_QUOTA: z.string().regex(/^\d+$/, 'must be a number of calls').transform(Number).optional(),
  SANDBOX_SPEED: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a number, 1 to 999999')
    .transform(Number)
    .optional(),
});

export type Settings = z.infer<typeof settings>;

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
