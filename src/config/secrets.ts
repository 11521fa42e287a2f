import { readFileSync } from 'node:fs';

import { providers } from '../carriers/registry.ts';
import type { Environment } from './settings.ts';

/** Credentials whose `{ file }` is left in place, since the adapter rereads the file when it changes. */
const watchedFiles = new Set(providers.flatMap(({ files = [] }) => files));

/** Replaces `{ "env": NAME }` and `{ "file": PATH }` within credentials by the secrets they refer to, and adds faults. */
export function resolveSecrets(
  value: unknown,
  env: Environment,
  faults: string[],
  path: readonly string[] = [],
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => resolveSecrets(item, env, faults, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [kind, reference] = entries[0] ?? [];
  if (entries.length === 1 && path.includes('credentials') && (kind === 'env' || kind === 'file')) {
    if (kind === 'file' && watchedFiles.has(path.at(-1)!)) return value;
    const secret = kind === 'env' ? env[String(reference)] : readSecret(String(reference));
    if (secret) return secret;
    // A reference may be the secret itself, set in the wrong place: what is no usual name of a variable is not repeated.
    const name = /^[A-Z_][A-Z\d_]{0,63}$/.test(String(reference)) ? `${String(reference)} ` : '';
    const problem = kind === 'env' ? `the environment variable ${name}is not set` : 'the file can’t be read or is empty'; // prettier-ignore
    faults.push(`${path.join('.')}: ${problem}`);
    return 'unresolved';
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveSecrets(item, env, faults, [...path, key])]),
  );
}

/** Settings that may be given as a file instead, by the same name with `_FILE`. */
const fileSettings = ['PARCELGRAPH_SECRET', 'PARCELGRAPH_SECRET_PREVIOUS'] as const;

/** Returns the environment with the settings that files hold, and adds faults. */
export function readSecretFiles(env: Environment, faults: string[]): Environment {
  const read: Record<string, string> = {};
  for (const name of fileSettings) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    const secret = readSecret(file);
    if (env[name] !== undefined) faults.push(`${name}_FILE: unset it, or ${name}`);
    else if (secret) read[name] = secret;
    else faults.push(`${name}_FILE: the file can’t be read or is empty`);
  }
  return { ...env, ...read };
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
