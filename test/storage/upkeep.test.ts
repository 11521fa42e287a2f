import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDatabase, type OpenDatabase } from '../../src/storage/database.ts';
import { ledgerFolder } from '../support/test-server.ts';

describe('the upkeep of an embedded ledger', () => {
  let folder: string;
  let database: OpenDatabase;
  beforeEach(async () => {
    folder = ledgerFolder();
    database = await openDatabase({ folder });
  });
  afterEach(() => database.close());

  /** Writes shared quotes of 8 MB, then deletes them, as they are after their time. */
  async function useQuotes(): Promise<void> {
    const { db } = database;
    await sql`insert into rate_quotes (key, offers, as_of, expires_at)
      select 'key ' || n, jsonb_build_array((select string_agg(md5((n * 100 + k)::text), '') from generate_series(1, 80) k)), now(), now()
      from generate_series(1, 3000) n`.execute(db);
    await db.deleteFrom('rate_quotes').execute();
  }
  const quotesBytes = async () =>
    Number((await sql<{ bytes: string }>`select pg_total_relation_size('rate_quotes') as bytes`.execute(database.db)).rows[0]!.bytes); // prettier-ignore

  it('frees the space of deleted rows', async () => {
    const bytes: number[] = [];
    for (let day = 0; day < 4; day++) {
      await useQuotes();
      await database.upkeep!.vacuum();
      bytes.push(await quotesBytes());
    }
    // Pages of indexes are kept for new rows.
    expect(Math.max(...bytes)).toBeLessThan(2_000_000);
    expect(bytes.at(-1)).toBeLessThanOrEqual(bytes[1]!);
  });

  it('bounds the write-ahead log', async () => {
    const segments = () => readdirSync(join(folder, 'ledger/pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name)); // prettier-ignore
    const counts: number[] = [];
    for (let hour = 0; hour < 8; hour++) {
      await useQuotes();
      await database.upkeep!.checkpoint();
      counts.push(segments().length);
    }
    // Postgres keeps min_wal_size for later: 80 MB, in segments of 16.
    expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  });
});
