import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { NodeFS } from '@electric-sql/pglite/nodefs';

type Init = NodeFS['init'];

/** The parts that are used here of Emscripten's file system, which PGlite declares without them. */
interface FileSystem {
  readonly stream_ops: { fsync?: (file: { readonly nfd: number }) => number };
  /** Turns errors of Node into those of the system that is emulated. */
  tryFSOperation<T>(work: () => T): T;
}

/**
 * The folder of the embedded Postgres, where `fsync` writes to the disk. PGlite's own file systems ignore it: a machine that
 * loses power would lose what was committed, or leave files that do not belong together.
 */
export class SyncedFolder extends NodeFS {
  override async init(...[pglite, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = ({ NODEFS }: { NODEFS: object }) => {
      const files = NODEFS as FileSystem;
      files.stream_ops.fsync = ({ nfd }) => {
        files.tryFSOperation(() => fsyncSync(nfd));
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }
}

/** Writes a folder, with all that is in it, to the disk. */
export function syncFolder(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) syncFolder(child);
    else if (entry.isFile()) sync(child);
  }
  sync(path);
}

/** Writes a file, or the names in a folder, to the disk. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
