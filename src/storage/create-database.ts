import { openPglite } from './pglite.ts';
import { syncFolder } from './synced-folder.ts';

/**
 * Creates the embedded database in the folder that the first argument names, for the process that forks this program. Sends
 * it an error, and exits with 1.
 */
process.once('disconnect', () => process.exit(1));
try {
  const folder = process.argv[2]!;
  const database = await openPglite(folder);
  await database.close();
  // Postgres writes a new database without syncing it.
  syncFolder(folder);
  process.exit(0);
} catch (error) {
  process.send!(error, () => process.exit(1));
}
