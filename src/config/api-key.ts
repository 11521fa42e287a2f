import { createHash } from 'node:crypto';

import { z } from 'zod';

/** The API key of the sandbox's tenant. It is accepted from loopback only. */
export const sandboxKey = 'sandbox';

/** Validates an API key as callers send it in the Authorization header, or its digest: "sha256:<hex>". */
export const apiKey = z
  .string()
  .min(8, 'must have at least 8 characters')
  .regex(/^[\x21-\x7e]*$/, 'must consist of printable ASCII characters without blanks')
  .regex(/^(?!sha256:(?![0-9a-f]{64}$))/i, 'must have 64 hexadecimal digits after sha256:');

/** Returns the SHA-256 of an API key, in hex. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Returns the SHA-256 of a configured API key, which may be given as that digest. */
export function configuredHash(key: string): string {
  return /^sha256:([0-9a-f]{64})$/i.exec(key)?.[1]!.toLowerCase() ?? hashKey(key);
}
