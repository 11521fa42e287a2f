import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** An emulator's state: documents by kind and id, kept in a file or in memory. */
export interface Store {
  get<T>(kind: string, id: string): T | undefined;
  put<T>(kind: string, id: string, document: T): void;
  /** Returns all documents of a kind, in the order in which their ids were first put. */
  all<T>(kind: string): T[];
  close(): void;
}

/**
 * Opens a store. Each change appends one line `[kind, id, document]` to the file, and the last line of an id is its
 * state, so that a killed sandbox loses nothing. A line that the kill cut short had no response yet, and is skipped.
 * Default file: none; the state is in memory.
 */
export function openStore(file?: string): Store {
  const kinds = new Map<string, Map<string, unknown>>();
  const set = (kind: string, id: string, document: unknown) => {
    if (!kinds.has(kind)) kinds.set(kind, new Map());
    kinds.get(kind)!.set(id, document);
  };
  let log: number | undefined;
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    log = openSync(file, 'a+');
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      try {
        set(...(JSON.parse(line) as [string, string, unknown]));
      } catch {
        continue;
      }
    }
    // Ends a line that was cut short.
    writeSync(log, '\n');
  }
  return {
    get: <T>(kind: string, id: string) => structuredClone(kinds.get(kind)?.get(id)) as T | undefined,
    put(kind, id, document) {
      set(kind, id, structuredClone(document));
      if (log !== undefined) writeSync(log, `${JSON.stringify([kind, id, document])}\n`);
    },
    all: <T>(kind: string) =>
      [...(kinds.get(kind)?.values() ?? [])].map((document) => structuredClone(document)) as T[],
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
