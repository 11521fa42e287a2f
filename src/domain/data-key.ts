import { createSecretKey, randomBytes } from 'node:crypto';

import { decrypt, encrypt } from './encryption.ts';
import { parseJson } from './json.ts';
import type { Sealer } from './seal.ts';

/** The purpose under which data keys are sealed, bound to their tenant. */
export const dataKeyPurpose = 'data key';

/** Encrypts what the ledger keeps of one tenant, by AES-256-GCM. The key itself is stored sealed by the server's secret. */
export interface DataKey {
  /** Returns base64url text that only `decrypt` with the same binding can read. */
  encrypt(binding: string, document: unknown): string;
  /** Returns undefined where the text was altered, or encrypted with another key or binding. */
  decrypt(binding: string, text: string): unknown;
}

/** Creates a data key of a tenant: 32 random bytes, sealed. */
export const createDataKey = (sealer: Sealer, tenantId: string): string =>
  sealer.seal(dataKeyPurpose, tenantId, randomBytes(32).toString('base64'));

/** Opens a tenant's data key; returns undefined where it was sealed with an unknown secret, or for another tenant. */
export function openDataKey(sealer: Sealer, tenantId: string, sealed: string): DataKey | undefined {
  const opened = sealer.open(dataKeyPurpose, tenantId, sealed);
  if (typeof opened !== 'string') return undefined;
  const key = createSecretKey(opened, 'base64');
  return {
    encrypt: (binding, document) =>
      encrypt(key, Buffer.from(binding), Buffer.from(JSON.stringify(document))).toString('base64url'),
    decrypt: (binding, text) =>
      parseJson(decrypt(key, Buffer.from(binding), Buffer.from(text, 'base64url'))?.toString() ?? ''),
  };
}
