import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { sendCommand } from '../../src/admin/command-client.ts';
import { createCommandServer, type Command } from '../../src/admin/command-server.ts';
import { lockDataDirectory } from '../../src/storage/data-directory-lock.ts';
import { startOwner } from '../support/folder-owner.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes the lock of the folder and serves commands on its socket. */
async function serve(commands: Readonly<Record<string, Command>>) {
  const server = await createCommandServer();
  for (const [name, command] of Object.entries(commands)) server.register(name, command);
  return lockDataDirectory(folder, server.onRequest);
}

/** Never settles once it is called. */
function hangingCommand() {
  const called = Promise.withResolvers<void>();
  const command = () => {
    called.resolve();
    return new Promise(() => {});
  };
  return { called: called.promise, command };
}

describe('the owner of a data directory', () => {
  it('runs a command by its name and returns its JSON', async () => {
    const lock = await serve({
      count: async () => ({ parcels: [1, 2], line: 'a\nb' }),
      nothing: async () => null,
      'echo input': async (input) => input,
    });
    expect(await sendCommand(folder, 'count')).toEqual({ result: { parcels: [1, 2], line: 'a\nb' } });
    expect(await sendCommand(folder, 'nothing')).toEqual({ result: null });
    expect(await sendCommand(folder, 'echo input', { id: 'shp_1' })).toEqual({ result: { id: 'shp_1' } });
    await lock.release();
  });

  it('rejects an unknown command', async () => {
    const lock = await serve({});
    await expect(sendCommand(folder, 'count')).rejects.toThrow('no such command');
    await expect(sendCommand(folder, 'x'.repeat(300))).rejects.toThrow('no such command');
    await lock.release();
  });

  it('rejects every command where it serves none', async () => {
    const lock = await lockDataDirectory(folder);
    await expect(sendCommand(folder, 'count')).rejects.toThrow('no such command');
    await lock.release();
  });

  it('reports a failed command without its error', async () => {
    const lock = await serve({ fail: () => Promise.reject(new Error('hush')) });
    await expect(sendCommand(folder, 'fail')).rejects.toThrow(/^(?!.*hush).*failed/);
    await lock.release();
  });

  it('rejects input that is too long', async () => {
    const lock = await serve({ 'echo input': async (input) => input });
    await expect(sendCommand(folder, 'echo input', 'x'.repeat(20_000))).rejects.toThrow('failed');
    await lock.release();
  });

  it('continues to respond after a caller has disconnected', async () => {
    const { called, command } = hangingCommand();
    const lock = await serve({ hang: command, count: async () => 1 });
    const caller = connect(join(folder, 'owner.sock'));
    caller.write('POST /commands/hang HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n');
    await called;
    caller.destroy();
    expect(await sendCommand(folder, 'count')).toEqual({ result: 1 });
    await lock.release();
  });

  it('stops without waiting for commands in progress or idle connections', async () => {
    const { called, command } = hangingCommand();
    const lock = await serve({ hang: command });
    const idle = connect(join(folder, 'owner.sock'));
    await once(idle, 'connect');
    const sent = expect(sendCommand(folder, 'hang')).rejects.toThrow('stopped before it responded');
    await called;
    await lock.release();
    await sent;
    idle.destroy();
  });
});

describe('a command to a data directory without an owner', () => {
  it('returns undefined', async () => {
    expect(await sendCommand(folder, 'count')).toBeUndefined();
    expect(await sendCommand(join(folder, 'not-there'), 'count')).toBeUndefined();
  });

  it('returns undefined where the owner was killed', async () => {
    await (await startOwner(folder)).kill();
    expect(await sendCommand(folder, 'count')).toBeUndefined();
  });
});
