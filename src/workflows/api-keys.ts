import { randomUUID } from 'node:crypto';

import { createApiKey } from '../domain/api-key.ts';
import type { ApiKeys, NewApiKey } from '../storage/records/api-keys.ts';
import type { ApiKeyRow } from '../storage/tables.ts';

/** Changes of API keys. A plan makes none. */
export interface ApiKeyChanges {
  create(key: Omit<NewApiKey, 'id' | 'hash' | 'prefix'>): Promise<ChangedApiKey>;
  rotate(row: ApiKeyRow, previousUntil: number): Promise<ChangedApiKey>;
  delete(row: ApiKeyRow): Promise<void>;
}

/** `key` is shown once. */
export interface ChangedApiKey {
  readonly apiKey?: ApiKeyRow;
  readonly key?: string;
}

export function createApiKeyChanges(keys: ApiKeys): ApiKeyChanges {
  return {
    async create(grant) {
      const { key, ...created } = createApiKey();
      return { apiKey: await keys.create({ ...grant, ...created, id: `key_${randomUUID()}` }), key };
    },
    async rotate({ id }, previousUntil) {
      const { key, ...created } = createApiKey();
      return { apiKey: await keys.rotate(id, created, previousUntil), key };
    },
    delete: ({ id }) => keys.delete(id),
  };
}
