import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { lockDataDirectory } from '../../src/storage/data-directory-lock.ts';
import { DataDirectoryInUse } from '../../src/storage/ledger-folder.ts';
import { startOwner } from '../support/folder-owner.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a data directory', () => {
  it('refuses a second owner and tells what to do', async () => {
    const first = await lockDataDirectory(folder);
    const second = lockDataDirectory(folder);
    await expect(second).rejects.toThrow(DataDirectoryInUse);
    await expect(second).rejects.toThrow(`${folder} is open in another process`);
    await expect(second).rejects.toThrow('DATABASE_URL');
    await first.release();
  });

  it('can be taken again after it was released', async () => {
    const first = await lockDataDirectory(folder);
    await first.release();
    const second = await lockDataDirectory(folder);
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    await second.release();
  });

  it('is the same for every path to the folder', async () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    const first = await lockDataDirectory(folder);
    for (const path of [link, `${folder}/`, relative(process.cwd(), folder)]) {
      await expect(lockDataDirectory(path), path).rejects.toThrow(DataDirectoryInUse);
    }
    await first.release();
    rmSync(link);
  });

  it('holds across processes and is taken over from a killed one', async () => {
    const other = await startOwner(folder);
    expect(other.output).toBe('owned');
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    await other.kill();
    // Its socket still exists, but no process listens on it.
    expect(existsSync(join(folder, 'owner.sock'))).toBe(true);
    const successor = await lockDataDirectory(folder);
    const late = await startOwner(folder);
    await late.kill();
    expect(late.output).toBe('DataDirectoryInUse');
    await successor.release();
  });

  it('goes to exactly one of several processes that take it at once', async () => {
    for (const state of ['a new folder', 'the socket of a killed process']) {
      if (state !== 'a new folder') await (await startOwner(folder)).kill();
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(folder)));
      const owners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(owners, state).toHaveLength(1);
      for (const reason of reasons) expect(reason).toBeInstanceOf(DataDirectoryInUse);
      await owners[0]!.release();
    }
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = join(folder, ...Array.from({ length: 12 }, () => 'a-folder-within'));
    mkdirSync(deep, { recursive: true });
    expect(realpathSync(deep).length).toBeGreaterThan(150);
    const first = await lockDataDirectory(deep);
    await expect(lockDataDirectory(deep)).rejects.toThrow(DataDirectoryInUse);
    const link = join(folder, 'short');
    symlinkSync(deep, link);
    await expect(lockDataDirectory(link)).rejects.toThrow(DataDirectoryInUse);
    await first.release();
    await (await lockDataDirectory(link)).release();
  });

  it('is taken over from a process that was killed during a takeover', async () => {
    await (await startOwner(folder)).kill();
    const clearing = join(folder, 'owner.sock.clearing');
    writeFileSync(clearing, '');
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    const longAgo = new Date(Date.now() - 11_000);
    utimesSync(clearing, longAgo, longAgo);
    await (await lockDataDirectory(folder)).release();
    expect(existsSync(clearing)).toBe(false);
  });

  it('does not keep its process alive', async () => {
    const module = fileURLToPath(new URL('../../src/storage/data-directory-lock.ts', import.meta.url));
    const script = `await (await import(${JSON.stringify(module)})).lockDataDirectory(${JSON.stringify(folder)});`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  });
});
