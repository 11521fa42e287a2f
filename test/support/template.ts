import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { openDatabase } from '../../src/storage/database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with an unused embedded ledger; copying it is faster than creating one. */
    ledgerTemplate: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-template-'));
  const database = await openDatabase({ folder });
  await database.close();
  project.provide('ledgerTemplate', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
