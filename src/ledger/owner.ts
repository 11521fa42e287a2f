import { createHash } from 'node:crypto';
import { closeSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another process has the folder open. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';

  constructor(folder: string) {
    super(
      `${folder} is open in another process. Stop that one, give this one a DATA_DIR of its own, or let both share ` +
        'a Postgres server through DATABASE_URL.',
    );
  }
}

/** Makes this process the folder's only owner, by a socket that it listens on there for as long as it lives. */
export async function own(folder: string): Promise<{ release(): Promise<void> }> {
  const path = socketPath(folder);
  const server = createServer((socket) => socket.end());
  const listen = () =>
    new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(path, () => resolve(true));
    });

  if (!(await listen())) {
    if (await answers(path)) throw new FolderTaken(folder);
    // The owner was killed. Of several who notice at once, one clears away what it left.
    const clearing = `${path}.clearing`;
    if (!claim(clearing)) throw new FolderTaken(folder);
    try {
      if (await answers(path)) throw new FolderTaken(folder);
      rmSync(path, { force: true });
      if (!(await listen())) throw new FolderTaken(folder);
    } finally {
      rmSync(clearing, { force: true });
    }
  }
  // Owning a folder is no reason to stay alive.
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A socket's path holds about a hundred bytes; a deeper folder, however it is named, gets one in the system's own. */
function socketPath(folder: string): string {
  const real = realpathSync(folder);
  const path = join(real, 'owner.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  const name = createHash('sha256').update(real).digest('hex').slice(0, 24);
  return join(tmpdir(), `parcelgraph-${name}.sock`);
}

/** Whether somebody is there; only a refused connection or a missing socket proves that nobody is. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}

/** True for the one who makes the file; a file older than ten seconds was left by somebody who was killed too. */
function claim(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > 10_000) rmSync(path, { force: true });
  } catch {
    // There is none, which is what we want.
  }
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch {
    return false;
  }
}
