import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { sha256 } from '../domain/sha256.ts';

/** What one tenant may take of this process. */
export interface TenantLimits {
  /** The most requests in a minute. Default: no limit. */
  readonly requestsPerMinute?: number;
  /** The most requests at a time. Default: 1000. */
  readonly concurrentRequests?: number;
}

/** The operations that a tenant registered, and whether it may send others. */
export interface PersistedOperations {
  /** The documents by their SHA-256, in hex. */
  readonly documents: ReadonlyMap<string, string>;
  readonly required: boolean;
}

export const tenantLimits = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  concurrentRequests: z.int().positive().optional(),
});

/** The list that `@apollo/generate-persisted-query-manifest` and Apollo's other tools write. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ body: z.string() })),
});

/** `manifest` is the path of the list; `required` refuses every operation that is not in it. Default: false. */
export const persistedOperations = z
  .strictObject({ manifest: z.string(), required: z.boolean().default(false) })
  .transform(({ manifest: path, required }, check): PersistedOperations => {
    const documents = readManifest(path);
    if (documents === undefined)
      check.addIssue({ code: 'custom', path: ['manifest'], message: 'must be the path of a manifest of persisted operations, format apollo-persisted-query-manifest, version 1' }); // prettier-ignore
    return { documents: documents ?? new Map(), required };
  });

function readManifest(path: string): ReadonlyMap<string, string> | undefined {
  try {
    const { operations } = manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(operations.map(({ body }) => [sha256(body), body]));
  } catch {
    return undefined;
  }
}
