import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '../../src/storage/database.ts';
import { freshDatabase, type Storage } from './test-server.ts';

/** A ledger: a folder, or a server's database. */
export type Location = { readonly folder: string } | { readonly url: string };

/** The ledgers that a proof runs on: the embedded one, and the server that DATABASE_URL names, or the one that is asked for. */
export const provenLedgers = (asked: string | undefined): readonly Storage[] =>
  (['embedded', ...(process.env.DATABASE_URL ? ['server' as const] : [])] as const).filter(
    (each) => (asked ?? each) === each,
  );

/** Creates an empty ledger for a proof, outside of the test runner. */
export async function createLedger(
  ledger: Storage,
): Promise<{ readonly location: Location; drop(): Promise<void> }> {
  if (ledger === 'server') {
    const database = await freshDatabase();
    await migrate(database);
    return { location: { url: database.url }, drop: database.drop };
  }
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-proof-'));
  await migrate({ folder });
  return { location: { folder }, drop: async () => rmSync(folder, { recursive: true, force: true }) };
}

async function migrate(location: Location): Promise<void> {
  const { close } = await openDatabase(location);
  await close();
}
