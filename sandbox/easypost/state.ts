import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { CarrierAccount } from './carriers/carriers.ts';
import type { Pace } from './tracking/tracking-simulation.ts';

export type Mode = 'test' | 'production';

/** One API key. Its prefix says the mode: `EZTK` test, `EZAK` production; a user usually has one of each. */
export interface EasyPostKey {
  key: string;
  user: string;
  /** Insures every label without being asked, such as `50.00`; a purchase opts out with `insurance: 0`. */
  defaultInsurance?: string;
}

/** Whose request this is. Objects of one mode are invisible to the other, even of the same user. */
export interface Caller {
  user: string;
  mode: Mode;
  defaultInsurance: string | null;
}

/** What all parts of the emulated provider share. */
export interface EasyPostState {
  clock: Clock;
  store: Store;
  /** Where this server listens; known once it does. */
  url: () => string;
  /** Left out: test parcels run through the recorded story in minutes, production ones travel for days. */
  pace?: Pace;
  /** The carrier accounts of every user. */
  accounts: readonly CarrierAccount[];
  /** Carriers that refuse to rate for now, with what they say. */
  failing: Map<string, string>;
  /** Added to every price quoted from now on, in dollars. */
  surcharge: string;
  /** Told of what webhooks announce, as `tracker.created`. */
  announce: (owner: Owner, description: string, result: object, before?: object) => void;
}

export interface Owner {
  user: string;
  mode: Mode;
}

/** A stored object: whose it is and when it changed, around its own fields. */
export interface Entry<T> extends Owner {
  id: string;
  created: number;
  updated: number;
  body: T;
}

/** The objects of one kind, seen by one caller at a time. */
export interface Collection<T> {
  add(owner: Owner, body: T): Entry<T>;
  find(owner: Owner, id: string): Entry<T> | undefined;
  save(entry: Entry<T>): void;
  /** Oldest first. */
  list(owner: Owner): Entry<T>[];
  /** Of all owners, oldest first. */
  all(): Entry<T>[];
}

export function openCollection<T>(world: EasyPostState, kind: string, prefix: string): Collection<T> {
  const shelfKind = `easypost/${kind}`;
  const mine = (owner: Owner, entry: Entry<T>) => entry.user === owner.user && entry.mode === owner.mode;
  const all = () => world.store.all<Entry<T> | null>(shelfKind).filter((entry) => entry !== null);
  return {
    add({ user, mode }, body) {
      const now = world.clock.now();
      const entry = { id: newId(prefix), user, mode, created: now, updated: now, body };
      world.store.put(shelfKind, entry.id, entry);
      return entry;
    },
    find(owner, id) {
      const entry = world.store.get<Entry<T>>(shelfKind, id);
      return entry !== undefined && mine(owner, entry) ? entry : undefined;
    },
    save(entry) {
      entry.updated = world.clock.now();
      world.store.put(shelfKind, entry.id, entry);
    },
    list: (owner) => all().filter((entry) => mine(owner, entry)),
    all,
  };
}

/** A prefix and 32 hexadecimal digits, as all ids are. */
export const newId = (prefix: string) => `${prefix}_${randomHex()}`;

export const randomHex = () => randomBytes(16).toString('hex');

/** `2025-03-07T16:46:21Z` */
export const isoTime = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** `2025-03-07T16:46:21+00:00`, which addresses and end shippers use in most recordings. */
export const isoTimeWithOffset = (time: number) => isoTime(time).replace('Z', '+00:00');

/** What every answered object begins with. */
export function head<T>(object: string, entry: Entry<T>) {
  return {
    id: entry.id,
    object,
    mode: entry.mode,
    created_at: isoTime(entry.created),
    updated_at: isoTime(entry.updated),
  };
}

/** Midnight comes to the last time zone of the Americas so long after it came to Greenwich. */
export const longestDelay = 12 * 60 * 60 * 1000;

/** The same day and hour of the month before, or that month's last day. */
export function monthBefore(time: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() - 1);
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}

export function monthsAfter(time: number, months: number): number {
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}
