import { randomBytes } from 'node:crypto';
import { notFound } from './api-error.ts';
import { isoTime } from './dates.ts';
import type { EasyPostState, Owner } from './state.ts';

/** A stored object: its owner and its times around its own fields. */
export interface Entry<T> extends Owner {
  id: string;
  created: number;
  updated: number;
  body: T;
}

/** The stored objects of one kind. An owner sees its own objects only. */
export interface Collection<T> {
  add(owner: Owner, body: T): Entry<T>;
  find(owner: Owner, id: string): Entry<T> | undefined;
  /** Throws `NOT_FOUND` for an unknown id. */
  get(owner: Owner, id: string): Entry<T>;
  /** Stores the changed entry and sets its `updated` time. */
  save(entry: Entry<T>): void;
  /** Returns the owner's objects, oldest first. */
  list(owner: Owner): Entry<T>[];
  /** Returns the objects of all owners, oldest first. */
  all(): Entry<T>[];
}

export function openCollection<T>(
  { clock, store }: EasyPostState,
  name: string,
  prefix: string,
): Collection<T> {
  const kind = `easypost/${name}`;
  const belongsTo = (owner: Owner, entry: Entry<T>) => entry.user === owner.user && entry.mode === owner.mode;
  const all = () => store.all<Entry<T> | null>(kind).filter((entry) => entry !== null);
  const find = (owner: Owner, id: string) => {
    const entry = store.get<Entry<T>>(kind, id);
    return entry !== undefined && belongsTo(owner, entry) ? entry : undefined;
  };
  return {
    add({ user, mode }, body) {
      const now = clock.now();
      const entry = { id: newId(prefix), user, mode, created: now, updated: now, body };
      store.put(kind, entry.id, entry);
      return entry;
    },
    find,
    get(owner, id) {
      const entry = find(owner, id);
      if (entry === undefined) throw notFound();
      return entry;
    },
    save(entry) {
      entry.updated = clock.now();
      store.put(kind, entry.id, entry);
    },
    list: (owner) => all().filter((entry) => belongsTo(owner, entry)),
    all,
  };
}

/** Returns a prefix and 32 hexadecimal digits, the form of all EasyPost ids. */
export const newId = (prefix: string) => `${prefix}_${randomHex()}`;

export const randomHex = () => randomBytes(16).toString('hex');

/** Renders the fields that every object begins with. */
export function commonFields<T>(object: string, entry: Entry<T>) {
  return {
    id: entry.id,
    object,
    mode: entry.mode,
    created_at: isoTime(entry.created),
    updated_at: isoTime(entry.updated),
  };
}
