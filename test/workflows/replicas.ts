import { rmSync } from 'node:fs';

import { openDatabase, type Database } from '../../src/storage/database.ts';
import { freshDatabase, ledgerFolder, type Storage } from '../support/test-server.ts';

/** One ledger opened by two replicas, with separate connections where it is on a server. */
export interface Replicas {
  readonly databases: readonly [Database, Database];
  close(): Promise<void>;
}

export async function openReplicas(storage: Storage): Promise<Replicas> {
  if (storage === 'embedded') {
    const folder = ledgerFolder();
    const { db, close } = await openDatabase({ folder });
    return {
      databases: [db, db],
      close: async () => {
        await close();
        rmSync(folder, { recursive: true });
      },
    };
  }
  const server = await freshDatabase();
  const [one, other] = await Promise.all([openDatabase(server), openDatabase(server)]);
  return {
    databases: [one.db, other.db],
    close: async () => {
      await Promise.all([one.close(), other.close()]);
      await server.drop();
    },
  };
}
