import { sql, type Kysely } from 'kysely';
import type { MigrationProvider } from 'kysely/migration';

import type { Tables } from './tables.ts';

/** A later version of the server has migrated the ledger. The message gives the next step. */
export class NewerLedger extends Error {
  override readonly name = 'NewerLedger';

  constructor(migration: string) {
    super(
      `A later version of Parcelgraph has changed the ledger (migration ${migration}), and this version cannot read it: start that version or a later one, or set DATABASE_URL or DATA_DIR to another ledger.`,
    );
  }
}

/** Returns the last migration that ran on the ledger and that this version does not have; undefined where there is none. */
export async function findNewerMigration(
  db: Kysely<Tables>,
  provider: MigrationProvider,
): Promise<string | undefined> {
  const known = Object.keys(await provider.getMigrations());
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name desc`.execute(
    db,
  );
  return rows.map(({ name }) => name).find((name) => !known.includes(name));
}
