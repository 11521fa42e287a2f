import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import { openDatabase } from '../storage/database.ts';
import { DataDirectoryInUse } from '../storage/ledger-folder.ts';
import { exportLedger, importLedger, countOtherProcesses, type Progress } from '../storage/transfer.ts';
import { createProgressBar } from './progress-bar.ts';
import { run } from './run.ts';

const usage = `Usage: npm run ledger -- export FILE | import FILE

  export   writes the whole ledger to a new file
  import   fills an empty ledger from a file

The ledger is the database in DATABASE_URL, or else the embedded one in DATA_DIR.
The file contains addresses and labels: store it safely.

Example: npm run ledger -- export ledger.jsonl`;

const stopServer =
  'A server has this ledger open, and what it writes during the transfer would be lost. Stop it first, then try again.';

function showProgress(): Progress {
  const bar = createProgressBar();
  return (table, rows, total) =>
    bar(rows / total, `${rows} of ${total} rows, ${table.padEnd(12)}`, `${table} ...`);
}

async function main(): Promise<void> {
  const [action, file, ...rest] = parseArgs({ allowPositionals: true }).positionals;
  if ((action !== 'export' && action !== 'import') || !file || rest.length > 0) throw new Error(usage);
  const { storage } = readConfig(process.env);
  const { db, close } = await openDatabase(storage, {
    noTimeouts: true,
    mustExist: action === 'export',
  }).catch((error: unknown) => {
    throw error instanceof DataDirectoryInUse ? new Error(stopServer) : error;
  });
  try {
    if ('url' in storage && (await countOtherProcesses(db)) > 0) throw new Error(stopServer);
    const transfer = action === 'export' ? exportLedger : importLedger;
    const counts = await transfer(db, file, showProgress());
    const contents = Object.entries(counts).map(([name, rows]) => `${rows} ${name}`).join(', ') || 'nothing'; // prettier-ignore
    console.log(
      action === 'export'
        ? `${file} has ${contents}. It contains addresses and labels: store it safely.`
        : `The ledger has ${contents}.`,
    );
  } finally {
    await close();
  }
}

run(main, usage);
