import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { openDatabase } from '../../src/storage/database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with an unused embedded ledger; copying it is faster than creating one. Copies are beside it, and removed with it. */
    ledgerTemplate: string;
  }
}

/** Ledgers are kept in memory where it has room for them, since a copy takes a tenth of the time there. */
function scratchFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 4 * 1024 ** 3 ? '/dev/shm' : tmpdir();
  } catch {
    // Not on Linux.
    return tmpdir();
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(scratchFolder(), 'parcelgraph-tests-'));
  const ledgerTemplate = join(scratch, 'template');
  mkdirSync(ledgerTemplate);
  const database = await openDatabase({ folder: ledgerTemplate });
  await database.close();
  project.provide('ledgerTemplate', ledgerTemplate);
  return () => rmSync(scratch, { recursive: true, force: true });
}
