import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

import { onTestFinished, vi } from 'vitest';

/** Whether the functions below work: they read the path of a descriptor from `/proc`, which only Linux has. */
export const isDiskObservable = fs.existsSync('/proc/self/fd');

/** Replaces a function of `node:fs` for the files of a folder, until the returned function is called. */
function observe(
  name: 'writeSync' | 'fsyncSync',
  folder: string,
  observer: (path: string, work: () => unknown) => unknown,
): () => void {
  const original = fs[name] as (descriptor: number, ...args: unknown[]) => unknown;
  const replace = (replacement: typeof original) => {
    Object.assign(fs, { [name]: replacement });
    syncBuiltinESMExports();
  };
  replace((descriptor, ...args) => {
    const path = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
    const work = () => original(descriptor, ...args);
    return path.startsWith(folder + sep) ? observer(path, work) : work();
  });
  return () => replace(original);
}

/** Lets writes to the files of a folder fail with an error of this code, until the returned function is called. */
export function failWrites(folder: string, code: 'ENOSPC' | 'EIO'): () => void {
  const fail = () => {
    throw Object.assign(new Error('writing failed'), { code });
  };
  const ends = (['writeSync', 'fsyncSync'] as const).map((name) => observe(name, folder, fail));
  return () => ends.forEach((end) => end());
}

/** Lets the time pass in which an embedded database that could not be started is not started again. */
export function passRestartInterval(): void {
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 10_000);
  onTestFinished(() => void vi.restoreAllMocks());
}

/** The files of a folder as they are on the disk, from what this process syncs. */
export interface ObservedFolder {
  /**
   * Creates the folder that is left when the machine loses its power now: files and names that were not synced are as they
   * were at their last sync, unless the operating system has written them by itself, which `isWritten` tells of each.
   */
  losePower(target: string, isWritten?: () => boolean): void;
  stop(): void;
}

type FileId = string;

/**
 * Observes what this process syncs in a folder, whose present state counts as synced. Syncing a new file keeps its name too,
 * as ext4, XFS and Btrfs do; a removal or a new name of a file needs the sync of its folder.
 */
export function observeSyncs(folder: string, scratch: string): ObservedFolder {
  /** The names in each folder, by its path, with the file or the folder that each stands for. */
  const names = new Map<string, Map<string, FileId>>();
  const contentOf = (id: FileId) => join(scratch, id);
  const idOf = (path: string): FileId => {
    const { ino, birthtimeNs } = fs.lstatSync(path, { bigint: true });
    return `${ino}-${birthtimeNs}`;
  };
  const saveNames = (path: string) =>
    void names.set(path, new Map(fs.readdirSync(path).map((name) => [name, idOf(join(path, name))])));
  const saveFile = (path: string) => {
    const id = idOf(path);
    fs.copyFileSync(path, contentOf(id));
    names.get(dirname(path))!.set(path.slice(dirname(path).length + 1), id);
  };
  const saveAll = (path: string) => {
    saveNames(path);
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      (entry.isDirectory() ? saveAll : saveFile)(join(path, entry.name));
    }
  };
  saveAll(folder);

  const stop = observe('fsyncSync', folder, (path, work) => {
    work();
    if (fs.existsSync(path)) (fs.statSync(path).isDirectory() ? saveNames : saveFile)(path);
  });

  return {
    losePower(target, isWritten = () => false) {
      for (const [path, entries] of names) {
        const copy = join(target, relative(folder, path));
        fs.mkdirSync(copy, { recursive: true, mode: 0o700 });
        for (const [name, id] of entries) {
          const now = join(path, name);
          if (names.has(now)) continue;
          const isWhole = fs.existsSync(now) && idOf(now) === id && isWritten();
          const content = isWhole ? now : contentOf(id);
          if (fs.existsSync(content)) fs.copyFileSync(content, join(copy, name));
          else fs.writeFileSync(join(copy, name), '');
        }
      }
    },
    stop,
  };
}
