import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  callRunningServer,
  DataDirectoryInUse,
  lockDataDirectory,
} from '../../src/storage/data-directory-lock.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of its own that owns the folder. */
async function owner(place: string) {
  const module = fileURLToPath(new URL('../../src/storage/data-directory-lock.ts', import.meta.url));
  const script = `
    const { lockDataDirectory } = await import(${JSON.stringify(module)});
    try { await lockDataDirectory(${JSON.stringify(place)}); console.log('owned'); } catch (error) { console.log(error.name); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const said = new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    said: await said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('a folder has one owner', () => {
  it('and a second is refused, with a way out', async () => {
    const first = await lockDataDirectory(folder);
    const second = lockDataDirectory(folder);
    await expect(second).rejects.toThrow(DataDirectoryInUse);
    await expect(second).rejects.toThrow(`${folder} is open in another process`);
    await expect(second).rejects.toThrow('DATABASE_URL');
    await first.release();
  });

  it('until it is released', async () => {
    const first = await lockDataDirectory(folder);
    await first.release();
    const second = await lockDataDirectory(folder);
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    await second.release();
  });

  it('by whatever path it is called', async () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    const first = await lockDataDirectory(folder);
    for (const path of [link, `${folder}/`, relative(process.cwd(), folder)]) {
      await expect(lockDataDirectory(path), path).rejects.toThrow(DataDirectoryInUse);
    }
    await first.release();
    rmSync(link);
  });

  it('in other processes too; one that was killed owns nothing any more', async () => {
    const other = await owner(folder);
    expect(other.said).toBe('owned');
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    await other.kill();
    // What it listened on is still there, and nobody answers.
    expect(existsSync(join(folder, 'owner.sock'))).toBe(true);
    const heir = await lockDataDirectory(folder);
    expect((await owner(folder).then(async (late) => (await late.kill(), late))).said).toBe(
      'DataDirectoryInUse',
    );
    await heir.release();
  });

  it('even if several come for it at once', async () => {
    for (const left of ['nothing', 'the socket of one that was killed']) {
      if (left !== 'nothing') await (await owner(folder)).kill();
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(folder)));
      const owners = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(owners, left).toHaveLength(1);
      for (const reason of reasons) expect(reason).toBeInstanceOf(DataDirectoryInUse);
      await owners[0]!.release();
    }
  });

  it('even if it lies deeper than a socket’s path can be', async () => {
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

  it('that can be taken over even from one that was killed while it took over', async () => {
    await (await owner(folder)).kill();
    const clearing = join(folder, 'owner.sock.clearing');
    writeFileSync(clearing, '');
    await expect(lockDataDirectory(folder)).rejects.toThrow(DataDirectoryInUse);
    const longAgo = new Date(Date.now() - 11_000);
    utimesSync(clearing, longAgo, longAgo);
    await (await lockDataDirectory(folder)).release();
    expect(existsSync(clearing)).toBe(false);
  });
});

describe('the owner of a folder answers commands', () => {
  it('each by its name, with whatever JSON can say', async () => {
    const owner = await lockDataDirectory(folder);
    owner.onCommand('count', async () => ({ parcels: [1, 2], line: 'a\nb' }));
    owner.onCommand('nothing', async () => null);
    expect(await callRunningServer(folder, 'count')).toEqual({ answer: { parcels: [1, 2], line: 'a\nb' } });
    expect(await callRunningServer(folder, 'nothing')).toEqual({ answer: null });
    await owner.release();
  });

  it('but none where nobody owns it, or whoever did was killed', async () => {
    expect(await callRunningServer(folder, 'count')).toBeUndefined();
    expect(await callRunningServer(join(folder, 'not-there'), 'count')).toBeUndefined();
    await (await owner(folder)).kill();
    expect(await callRunningServer(folder, 'count')).toBeUndefined();
  });

  it('and says so where it does not know one, or fails at it, of which it tells no more', async () => {
    const owner = await lockDataDirectory(folder);
    owner.onCommand('fail', () => Promise.reject(new Error('hush')));
    await expect(callRunningServer(folder, 'count')).rejects.toThrow('no such command');
    await expect(callRunningServer(folder, 'x'.repeat(300))).rejects.toThrow('no such command');
    await expect(callRunningServer(folder, 'fail')).rejects.toThrow(/^(?!.*hush).*failed/);
    await owner.release();
  });

  it('and waits for nobody when it goes', async () => {
    const owner = await lockDataDirectory(folder);
    const heard = Promise.withResolvers<void>();
    owner.onCommand('hang', () => {
      heard.resolve();
      return new Promise(() => {});
    });
    const silent = connect(join(folder, 'owner.sock'));
    await once(silent, 'connect');
    const asked = expect(callRunningServer(folder, 'hang')).rejects.toThrow();
    await heard.promise;
    await owner.release();
    await asked;
    silent.destroy();
  });
});

it('owning a folder keeps no process alive', async () => {
  const module = fileURLToPath(new URL('../../src/storage/data-directory-lock.ts', import.meta.url));
  const script = `await (await import(${JSON.stringify(module)})).lockDataDirectory(${JSON.stringify(folder)});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
});
