import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What an emulated provider remembers: documents by kind and id, kept in a file when it is given one. */
export interface Store {
  get<T>(kind: string, id: string): T | undefined;
  put<T>(kind: string, id: string, document: T): void;
  /** All documents of a kind, in the order in which they were first put. */
  all<T>(kind: string): T[];
  close(): void;
}

/**
 * Each change is one appended line `[kind, id, document]`, the last one winning, so that a killed sandbox still
 * knows what it sold. A line cut short by the kill was never answered for, and is skipped.
 */
export function openStore(file?: string): Store {
  const kinds = new Map<string, Map<string, unknown>>();
  const remember = (kind: string, id: string, document: unknown) => {
    if (!kinds.has(kind)) kinds.set(kind, new Map());
    kinds.get(kind)!.set(id, document);
  };
  let log: number | undefined;
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    log = openSync(file, 'a+');
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      try {
        remember(...(JSON.parse(line) as [string, string, unknown]));
      } catch {
        continue;
      }
    }
    // A line that was cut short must not swallow the next one.
    writeSync(log, '\n');
  }
  return {
    get: <T>(kind: string, id: string) => structuredClone(kinds.get(kind)?.get(id)) as T | undefined,
    put(kind, id, document) {
      remember(kind, id, structuredClone(document));
      if (log !== undefined) writeSync(log, `${JSON.stringify([kind, id, document])}\n`);
    },
    all: <T>(kind: string) =>
      [...(kinds.get(kind)?.values() ?? [])].map((each) => structuredClone(each)) as T[],
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
