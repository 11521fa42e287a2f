import { setFlagsFromString } from 'node:v8';

import { PGlite } from '@electric-sql/pglite';

import { SyncedFolder } from './synced-folder.ts';

/** The resident size is 40 MB less than with Postgres's default for shared_buffers, an eighth of the memory. */
const postgresqlconf = ['shared_buffers=4MB'];

/** PGlite turns `fsync` off (`-F`), and ignores `fdatasync`, by which Postgres would sync its write-ahead log. */
const startParams = [...PGlite.defaultStartParams.filter((param) => param !== '-F'), '-c', 'wal_sync_method=fsync']; // prettier-ignore

/**
 * Opens the embedded Postgres in a folder, or creates it. What it has committed is on the disk. Its WebAssembly is compiled
 * once, by V8's baseline compiler: the optimizing one takes 500 MB and two seconds of processor time for it, and makes a
 * statement 6 % faster. Other modules keep both.
 */
export async function openPglite(path: string): Promise<PGlite> {
  const optimize = (isOn: boolean) => {
    for (const flag of ['wasm-tier-up', 'wasm-dynamic-tiering'])
      setFlagsFromString(isOn ? `--${flag}` : `--no-${flag}`);
  };
  optimize(false);
  try {
    return await PGlite.create({ fs: new SyncedFolder(path), postgresqlconf, startParams });
  } finally {
    optimize(true);
  }
}
