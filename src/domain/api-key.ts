import { randomBytes } from 'node:crypto';

import type { Permission } from './permission.ts';
import { sha256 } from './sha256.ts';
import type { SpendLimit } from './spend-limit.ts';

/** What an API key allows, and until when. */
export interface ApiKeyGrant {
  readonly permissions: readonly Permission[];
  /** When the key stops working, in milliseconds since 1970. Default: never. */
  readonly expiresAt?: number;
  readonly spendLimit?: SpendLimit;
}

/** How long the part of a key is that may be shown: `pg_live_` and eight digits. */
const prefixLength = 16;

/** Creates an API key that scanners for leaked secrets recognise: `pg_live_` and 40 hexadecimal digits. */
export function createApiKey(): { readonly key: string; readonly hash: string; readonly prefix: string } {
  const key = `pg_live_${randomBytes(20).toString('hex')}`;
  return { key, hash: hashKey(key), prefix: key.slice(0, prefixLength) };
}

/** Returns whether a key has the form of those that `createApiKey` creates. */
export const isCreatedKey = (key: string): boolean => /^pg_live_[0-9a-f]{40}$/.test(key);

/** Returns the hash by which an API key is stored and looked up: its SHA-256, in hex. */
export const hashKey = (key: string): string => sha256(key);

/** The name of a key in the ledger: `key:` and the first eight hex digits of its SHA-256. */
export const keyName = (hash: string): string => `key:${hash.slice(0, 8)}`;
