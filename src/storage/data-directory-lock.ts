import { createHash } from 'node:crypto';
import { closeSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createServer } from '../transport/node-http.ts';
import { DataDirectoryInUse } from './ledger-folder.ts';

export interface DataDirectoryLock {
  /** Closes the socket and every connection to it, without waiting for requests in progress. */
  release(): Promise<void>;
}

/** A request must arrive within this time. */
const requestTimeoutMs = 5_000;

/**
 * Makes this process the only owner of a data directory, by an HTTP server that listens on a Unix socket in it for as long
 * as the process lives. `onRequest` handles the requests of other processes on this machine. Default: responds 404.
 * Throws `DataDirectoryInUse` where another process owns the directory.
 */
export async function lockDataDirectory(
  folder: string,
  onRequest: RequestListener = (_, response) => void response.writeHead(404).end(),
): Promise<DataDirectoryLock> {
  const path = ownerSocketPath(folder);
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(timeouts, (request, response) => {
    // A request keeps the process alive until its response is sent; an idle connection does not.
    request.socket.ref();
    response.once('close', () => request.socket.unref());
    onRequest(request, response);
  });
  server.on('connection', (socket) => void socket.unref());
  const listen = () =>
    new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(path, () => resolve(true));
    });

  if (!(await listen())) {
    if (await isListening(path)) throw new DataDirectoryInUse(folder);
    // The owner was killed and left its socket. If several processes notice at once, one of them removes it.
    const clearing = `${path}.clearing`;
    if (!createExclusively(clearing)) throw new DataDirectoryInUse(folder);
    try {
      if (await isListening(path)) throw new DataDirectoryInUse(folder);
      rmSync(path, { force: true });
      if (!(await listen())) throw new DataDirectoryInUse(folder);
    } finally {
      rmSync(clearing, { force: true });
    }
  }
  // The lock alone does not keep the process alive.
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns the path of the socket that the owner of a data directory listens on. */
export function ownerSocketPath(folder: string): string {
  const real = realpathSync(folder);
  const path = join(real, 'owner.sock');
  // The path of a socket has at most 103 bytes on macOS and 107 on Linux.
  if (Buffer.byteLength(path) <= 100) return path;
  const name = createHash('sha256').update(real).digest('hex').slice(0, 24);
  return join(tmpdir(), `parcelgraph-${name}.sock`);
}

/** Tells whether a failed connection proves that no process listens: only a refusal or a missing socket does. */
export const isNotListening = (error: unknown) =>
  ['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => resolve(!isNotListening(error)));
  });
}

/** Returns true for the one process that creates the file. A file older than ten seconds was left by a killed process. */
function createExclusively(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > 10_000) rmSync(path, { force: true });
  } catch {
    // The file does not exist.
  }
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch {
    return false;
  }
}
