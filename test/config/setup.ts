import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect } from 'vitest';

import { readConfig, type Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/faults.ts';

export type Env = Record<string, string>;

export const secret = 'any text of at least thirty-two characters';
/** The settings that a server requires beside a provider. */
export const server: Env = { PARCELGRAPH_SECRET: secret, PARCELGRAPH_API_KEY: 'acme-key' };
/** The variables of a USPS account. */
export const usps: Env = { USPS_CLIENT_ID: 'id', USPS_CLIENT_SECRET: 'hidden', USPS_ENVIRONMENT: 'test' };

/** A USPS account in a tenants file. */
export const account = { id: 'usps', provider: 'usps', environment: 'TEST', credentials: { clientId: 'id', clientSecret: 'hidden' } }; // prettier-ignore
export const acme = { id: 'acme', apiKeys: ['acme-key'], accounts: [account] };

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
export const onlyAccount = (config: Config) => config.tenants[0]!.accounts[0]!;

/** Returns the faults of a configuration. */
export function faultsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain((error as ConfigError).faults.join('\n  '));
    return (error as ConfigError).faults;
  }
  return [];
}

/** The folder of the test file's configuration. */
export let folder: string;
/** Creates the folder before the tests of a file, and removes it afterwards. */
export function setUpFolder(): void {
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
}

let files = 0;
/** Writes a file and returns its path. */
export function writeFile(content: string): string {
  const path = join(folder, `file-${(files += 1)}`);
  writeFileSync(path, content);
  return path;
}

/** Returns the settings of a server with a tenants file. */
export function withTenants(document: unknown, env: Env = {}): Env {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return { PARCELGRAPH_SECRET: secret, PARCELGRAPH_TENANTS: writeFile(text), ...env };
}
