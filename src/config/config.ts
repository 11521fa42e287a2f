import { isLoopback } from '../transport/networks.ts';
import { ConfigError } from './faults.ts';
import { readSecretFiles } from './secrets.ts';
import {
  readSettings,
  readTokenIssuer,
  type logLevels,
  type Settings,
  type TokenIssuer,
} from './settings.ts';
import { readTenants, type TenantConfig } from './tenants.ts';
import { isProviderVariable } from './variables.ts';

/** The configuration of the server, validated. */
export interface Config {
  readonly logLevel: (typeof logLevels)[number];
  readonly host: string;
  readonly port: number;
  /** The URL that links to labels and webhooks begin with. Default: the address that the server listens on. */
  readonly publicUrl?: string;
  /** The origins whose pages may call the server, beside Apollo Studio and pages on this machine. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** The time after which a query is aborted, with its calls to providers. Default: 60000. */
  readonly operationTimeoutMs?: number;
  /** The OpenTelemetry receiver that traces are sent to. Default: none, and nothing is traced. */
  readonly traces?: {
    readonly endpoint: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly serviceName: string;
  };
  readonly storage: { readonly url: string } | { readonly folder: string };
  readonly dataDir: string;
  /** Undefined in sandbox mode, where a secret is created and kept in `dataDir`. */
  readonly secret?: string;
  readonly previousSecret?: string;
  /** The days after which personal data is deleted. Default: never. */
  readonly retentionDays?: number;
  readonly tenants: readonly TenantConfig[];
  /** Default: callers send API keys only. */
  readonly tokenIssuer?: TokenIssuer;
  /** Present where nothing is configured: emulated providers run in this process. */
  readonly sandbox?: { readonly quota?: number; readonly speed?: number };
}

/** Reads the environment and the tenants file. Throws a `ConfigError` that lists every fault. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const env = readSecretFiles(settingsWithin(variables), faults);
  const settings = readSettings(env, faults);
  const isSandbox = env.NODE_ENV !== 'production' && !Object.keys(env).some(isConfiguration);
  const tenants = isSandbox ? [] : readTenants(env, settings, faults);
  const tokenIssuer = readTokenIssuer(env, settings, faults);
  const hasSecret = env.PARCELGRAPH_SECRET !== undefined || env.PARCELGRAPH_SECRET_FILE !== undefined;
  if (!isSandbox && !hasSecret) {
    faults.push(
      'PARCELGRAPH_SECRET: is required: any text of at least 32 characters, such as `openssl rand -hex 32`',
    );
  }
  if (!isLoopback(settings.HOST) && env.PUBLIC_URL === undefined)
    faults.push('PUBLIC_URL: is required where HOST is not loopback: links to labels begin with it');
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    logLevel: settings.LOG_LEVEL,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/$/, ''),
    corsOrigins: settings.CORS_ORIGINS,
    traces: tracesOf(settings),
    operationTimeoutMs: settings.OPERATION_TIMEOUT_SECONDS && settings.OPERATION_TIMEOUT_SECONDS * 1000,
    storage: settings.DATABASE_URL ? { url: settings.DATABASE_URL } : { folder: settings.DATA_DIR },
    dataDir: settings.DATA_DIR,
    secret: settings.PARCELGRAPH_SECRET,
    previousSecret: settings.PARCELGRAPH_SECRET_PREVIOUS,
    retentionDays: settings.PARCELGRAPH_RETENTION_DAYS,
    tenants,
    tokenIssuer,
    sandbox: isSandbox ? { quota: settings.SANDBOX_QUOTA, speed: settings.SANDBOX_SPEED } : undefined,
  };
}

function tracesOf(settings: Settings): Config['traces'] {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: pairs } = settings;
  if (endpoint === undefined) return undefined;
  // Names and values are percent-encoded (OpenTelemetry, "Specifying headers via environment variables").
  const headers = pairs
    ?.split(',')
    .map((pair) => pair.split('=', 2).map((part) => decodeURIComponent(part.trim())));
  return {
    endpoint,
    serviceName: settings.OTEL_SERVICE_NAME,
    headers: headers && (Object.fromEntries(headers) as Record<string, string>),
  };
}

/** Returns whether a variable is about tenants, providers or the ledger, so that the server does not start a sandbox. */
function isConfiguration(name: string): boolean {
  return name.startsWith('PARCELGRAPH_') || name === 'DATABASE_URL' || isProviderVariable(name);
}

/** Leaves out what is empty, and `PARCELGRAPH_URL`, by which the README and the examples name the server to call. */
function settingsWithin(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(
      (entry): entry is [string, string] => Boolean(entry[1]) && entry[0] !== 'PARCELGRAPH_URL',
    ),
  );
}
