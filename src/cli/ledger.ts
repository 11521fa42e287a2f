import { parseArgs } from 'node:util';

import { readConfig } from '../config/config.ts';
import { openDatabase } from '../storage/database.ts';
import { DataDirectoryInUse } from '../storage/data-directory-lock.ts';
import { exportLedger, importLedger, countOtherProcesses, type Progress } from '../storage/transfer.ts';
import { run } from './run.ts';

const usage = `npm run ledger -- export FILE    writes the whole ledger to a new file
npm run ledger -- import FILE    fills an empty ledger from it
Which ledger: DATABASE_URL, or else the embedded one in DATA_DIR. The file holds addresses and labels: keep it safe.`;

const width = 30;

/** A line that is written over on a terminal, one a table elsewhere. */
function progressBar(): Progress {
  let shown = '';
  return (table, rows, total) => {
    const share = rows / total;
    const text = process.stdout.isTTY
      ? `\r${'█'.repeat(Math.round(share * width)).padEnd(width, '░')} ${String(Math.round(share * 100)).padStart(3)} %  ${rows} of ${total} rows, ${table.padEnd(12)}`
      : `${table} ...\n`;
    if (text !== shown) process.stdout.write(text);
    shown = text;
    if (process.stdout.isTTY && rows === total) process.stdout.write('\n');
  };
}

async function main(): Promise<void> {
  const [action, file, ...rest] = parseArgs({ allowPositionals: true }).positionals;
  if ((action !== 'export' && action !== 'import') || !file || rest.length > 0) throw new Error(usage);
  const { storage } = readConfig(process.env);
  const { db, close } = await openDatabase(storage, { noTimeouts: true }).catch((error: unknown) => {
    throw error instanceof DataDirectoryInUse ? new Error(stopFirst) : error;
  });
  try {
    if ('url' in storage && (await countOtherProcesses(db)) > 0) throw new Error(stopFirst);
    const move = action === 'export' ? exportLedger : importLedger;
    const counts = await move(db, file, progressBar());
    const what = Object.entries(counts).map(([name, rows]) => `${rows} ${name}`).join(', ') || 'nothing'; // prettier-ignore
    console.log(action === 'export' ? `${file} has ${what}. It holds addresses and labels: keep it safe.` : `The ledger has ${what}.`); // prettier-ignore
  } finally {
    await close();
  }
}

const stopFirst =
  'A server has this ledger open: what it wrote from now on would be lost on the way. Stop it first, then try again.';

run(main, usage);
