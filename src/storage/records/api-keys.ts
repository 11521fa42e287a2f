import { sql } from 'kysely';

import type { ApiKeyGrant } from '../../domain/api-key.ts';
import type { Money } from '../../domain/money.ts';
import type { Permission } from '../../domain/permission.ts';
import type { Database } from '../database.ts';
import type { ApiKeyRow } from '../tables.ts';

/** The API keys that were created at run time. The keys themselves are not stored. */
export interface ApiKeys {
  /** Oldest first. */
  list(tenantId: string): Promise<readonly ApiKeyRow[]>;
  find(id: string): Promise<ApiKeyRow | undefined>;
  /** Returns what the key of a digest allows, its own or the one before its last rotation. */
  grantOf(
    hash: string,
  ): Promise<(ApiKeyGrant & { readonly id: string; readonly tenantId: string }) | undefined>;
  create(key: NewApiKey): Promise<ApiKeyRow>;
  /** Replaces the key; the one that it replaces works until `previousUntil`, milliseconds since 1970. */
  rotate(id: string, created: { hash: string; prefix: string }, previousUntil: number): Promise<ApiKeyRow>;
  delete(id: string): Promise<void>;
  /** Notes that a key was used, at most once a minute. */
  markUsed(id: string, at: number): Promise<void>;
}

export interface NewApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly hash: string;
  readonly prefix: string;
  readonly permissions: readonly Permission[];
  readonly expiresAt?: Date;
  readonly spendLimit?: Money;
}

export function createApiKeys(db: Database): ApiKeys {
  const row = (id: string) => db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
  return {
    list: (tenantId) =>
      db
        .selectFrom('api_keys')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
    find: row,
    async grantOf(hash) {
      const found = await db
        .selectFrom('api_keys')
        .selectAll()
        .where((eb) => eb.or([eb('hash', '=', hash), eb('previous_hash', '=', hash)]))
        .executeTakeFirst();
      if (found === undefined) return undefined;
      const ends = [found.expires_at, found.hash === hash ? null : found.previous_until].filter(
        (end) => end !== null,
      );
      return {
        id: found.id,
        tenantId: found.tenant_id,
        permissions: found.permissions,
        expiresAt: ends.length === 0 ? undefined : Math.min(...ends.map(Number)),
        spendLimit: found.spend_limit ? { spender: found.id, perDay: found.spend_limit } : undefined,
      };
    },
    create: ({ id, tenantId, hash, prefix, permissions, expiresAt, spendLimit }) =>
      db
        .insertInto('api_keys')
        .values({
          ...{ id, tenant_id: tenantId, hash, prefix },
          permissions: JSON.stringify(permissions),
          expires_at: expiresAt ?? null,
          spend_limit: spendLimit ? JSON.stringify(spendLimit) : null,
        })
        .returningAll()
        .executeTakeFirstOrThrow(),
    rotate: (id, { hash, prefix }, previousUntil) =>
      db
        .updateTable('api_keys')
        .set((eb) => ({
          hash,
          prefix,
          previous_hash: eb.ref('hash'),
          previous_until: new Date(previousUntil),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    async delete(id) {
      await db.deleteFrom('api_keys').where('id', '=', id).execute();
    },
    async markUsed(id, at) {
      const minuteAgo = new Date(at - 60_000);
      await sql`update api_keys set last_used_at = ${new Date(at)} where id = ${id}
        and (last_used_at is null or last_used_at <= ${minuteAgo})`.execute(db);
    },
  };
}
