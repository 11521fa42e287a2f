import { setFlagsFromString } from 'node:v8';

import { PGlite } from '@electric-sql/pglite';

import { SyncedFolder } from './synced-folder.ts';

const startParams = [
  // PGlite turns `fsync` off (`-F`), and ignores `fdatasync`, by which Postgres would sync its write-ahead log.
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
  // The resident size is 40 MB less than with the default, an eighth of the memory.
  ...['-c', 'shared_buffers=4MB'],
];

/**
 * A PGlite that answers nothing after Postgres has aborted, as it does where its write-ahead log can't be written. PGlite
 * itself goes on with what is left in memory: it loses rows without an error, or never returns.
 */
export class StoppablePglite extends PGlite {
  /** The error that every statement throws since Postgres has aborted. */
  stopped?: Error;

  /** Call it once it is ready. */
  watchAborts(): void {
    const postgres = this.mod!;
    const { _PostgresMainLoopOnce: run } = postgres;
    postgres._PostgresMainLoopOnce = () => {
      try {
        run();
      } catch (error) {
        // Postgres returns an error of a statement by an exit with a status; anything else has ended it midway.
        if ((error as { status?: number } | undefined)?.status === undefined) {
          this.stopped ??= databaseStopped(error);
        }
        throw error;
      }
    };
  }

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    if (this.stopped) throw this.stopped;
    return super.execProtocolRawSync(message);
  }

  override async execProtocolStream(...args: Parameters<PGlite['execProtocolStream']>) {
    try {
      const messages = await super.execProtocolStream(...args);
      if (this.stopped) throw this.stopped;
      return messages;
    } catch (error) {
      // The error by which Postgres has told the reason.
      if (this.stopped) this.stopped = error as Error;
      throw error;
    }
  }

  /** Closes the files, without writing to them after it has stopped. */
  override close(): Promise<void> {
    return this.stopped ? this.fs!.closeFs() : super.close();
  }
}

/** The SQLSTATE is that of a server which has crashed. */
export const databaseStopped = (cause: unknown): Error =>
  Object.assign(new Error('the embedded database has stopped', { cause }), { code: '57P02' });

/**
 * Opens the embedded Postgres in a folder, or creates it. What it has committed is on the disk. Its WebAssembly is compiled
 * once, by V8's baseline compiler: the optimizing one takes 500 MB and two seconds of processor time for it, and makes a
 * statement 6 % faster. Other modules keep both.
 */
export async function openPglite(path: string): Promise<StoppablePglite> {
  const optimize = (isOn: boolean) => {
    for (const flag of ['wasm-tier-up', 'wasm-dynamic-tiering'])
      setFlagsFromString(isOn ? `--${flag}` : `--no-${flag}`);
  };
  optimize(false);
  try {
    const pglite = new StoppablePglite({ fs: new SyncedFolder(path), startParams });
    await pglite.waitReady;
    pglite.watchAborts();
    return pglite;
  } finally {
    optimize(true);
  }
}
