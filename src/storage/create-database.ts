import { openPglite } from './pglite.ts';

/**
 * Creates the embedded database in the folder that the first argument names, for the process that forks this program. Sends
 * it an error, and exits with 1.
 */
process.once('disconnect', () => process.exit(1));
try {
  const database = await openPglite(process.argv[2]!);
  await database.close();
  process.exit(0);
} catch (error) {
  process.send!(error, () => process.exit(1));
}
