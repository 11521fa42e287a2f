import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDatabase } from '../../src/storage/database.ts';
import { LedgerFolderError } from '../../src/storage/ledger-folder.ts';
import { ledgerFolder } from '../support/test-server.ts';

let folder: string;
beforeEach(() => void (folder = ledgerFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = async (path = folder, mustExist = false) => {
  const { close } = await openDatabase({ folder: path }, { mustExist });
  await close();
};

describe('the folder of an embedded ledger', () => {
  it.each(['PG_VERSION', 'base', 'global/pg_control', 'pg_wal'])(
    'that lost %s is left as it is, and the error names the recovery guide',
    async (name) => {
      rmSync(join(folder, 'ledger', name), { recursive: true });
      const before = readdirSync(join(folder, 'ledger')).sort();
      await expect(opened()).rejects.toThrow(LedgerFolderError);
      await expect(opened()).rejects.toThrow(`(${name} is missing)`);
      await expect(opened()).rejects.toThrow('docs/ledger.md describes under "A damaged folder"');
      expect(readdirSync(join(folder, 'ledger')).sort()).toEqual(before);
    },
  );

  it('that holds anything else is never initialised', async () => {
    rmSync(join(folder, 'ledger'), { recursive: true });
    mkdirSync(join(folder, 'ledger'));
    writeFileSync(join(folder, 'ledger', 'notes.txt'), 'mine');
    await expect(opened()).rejects.toThrow('is damaged');
    expect(readdirSync(join(folder, 'ledger'))).toEqual(['notes.txt']);
  });

  it.each([
    ['pg_control', ['global/pg_control']],
    ['the tables', readTables],
  ] as const)('whose %s cannot be read is reported as damaged', async (_, files) => {
    const names = typeof files === 'function' ? files(folder) : files;
    for (const name of names) writeFileSync(join(folder, 'ledger', name), 'x'.repeat(8192));
    await expect(opened()).rejects.toThrow(/^The ledger in \S+ is damaged \([^\n]+\)\. [^\n]+$/);
  });

  it('can be opened after it failed to open, once it is restored', async () => {
    const file = join(folder, 'ledger', 'PG_VERSION');
    rmSync(file);
    await expect(opened()).rejects.toThrow('damaged');
    writeFileSync(file, '18\n');
    await opened();
  });

  it('without a ledger is not created where one must exist', async () => {
    const path = join(folder, 'nowhere');
    await expect(opened(path, true)).rejects.toThrow(`There is no ledger in ${path}, and none was created`);
    expect(existsSync(path)).toBe(false);
  });

  it('with a file in its path is refused in a sentence', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(opened(join(folder, 'file', 'data'))).rejects.toThrow("can't be a folder");
  });

  it('that the user cannot write stops the start in one sentence', async () => {
    const path = mkdtempSync(join(tmpdir(), 'parcelgraph-read-only-'));
    chmodSync(path, 0o555);
    // Root may write everywhere, so the server runs as nobody.
    const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const root = new URL('../../', import.meta.url);
    const env = { PATH: process.env.PATH, DATA_DIR: path, PORT: '0' };
    const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, ...user });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
    }
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output).toBe(
      `The ledger in ${path} can't be read and written by this user (EACCES): make the user the owner of the folder, or set DATA_DIR to another.\n`,
    );
    rmSync(path, { recursive: true });
  });
});

/** Returns the files of the tables and their indexes. */
function readTables(path: string): readonly string[] {
  const base = join(path, 'ledger', 'base');
  return readdirSync(base).flatMap((name) =>
    readdirSync(join(base, name))
      .filter((file) => /^\d+$/.test(file))
      .map((file) => join('base', name, file)),
  );
}
