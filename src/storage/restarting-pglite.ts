import type { PGlite, Transaction } from '@electric-sql/pglite';
import { PGliteDialect, type Driver } from 'kysely';

import type { Notifications } from './notifications.ts';
import { databaseStopped, type StoppablePglite } from './pglite.ts';

/** A start takes some tenths of a second, in which nothing else is answered. */
const restartIntervalMs = 10_000;

interface Listener {
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  readonly onGap: () => void;
}

/** An embedded Postgres that is started again after it has stopped, as on a full disk, once it is needed and can be. */
export class RestartingPglite implements Notifications {
  readonly #open: () => Promise<StoppablePglite>;
  #pglite: StoppablePglite;
  #restartedAt = -Infinity;
  readonly #listeners = new Set<Listener>();
  readonly ready = true;
  readonly waitReady = Promise.resolve();

  constructor(pglite: StoppablePglite, open: () => Promise<StoppablePglite>) {
    this.#pglite = pglite;
    this.#open = open;
  }

  /** Starts the database if it has stopped. Throws where it can't be started, for some seconds without another attempt. */
  async restart(): Promise<void> {
    const { stopped } = this.#pglite;
    if (!stopped) return;
    if (performance.now() < this.#restartedAt + restartIntervalMs) throw stopped;
    this.#restartedAt = performance.now();
    await this.#pglite.close();
    try {
      this.#pglite = await this.#open();
    } catch (error) {
      throw databaseStopped(error);
    }
    await Promise.all([...this.#listeners].map((listener) => this.#listen(listener)));
  }

  async query<T>(...statement: Parameters<PGlite['query']>) {
    await this.restart();
    return this.#pglite.query<T>(...statement);
  }

  /** Needs a `restart` before. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#pglite.transaction(work);
  }

  get closed(): boolean {
    return this.#pglite.closed;
  }

  close(): Promise<void> {
    return this.#pglite.close();
  }

  listen(...[channel, onNotification, onGap]: Parameters<Notifications['listen']>): () => Promise<void> {
    const listener = { channel, onNotification, onGap };
    this.#listeners.add(listener);
    const listening = this.#listen(listener);
    return async () => {
      this.#listeners.delete(listener);
      await listening;
      // A database that was closed listens no more.
      await this.#pglite.unlisten(channel, onNotification).catch(() => {});
    };
  }

  /** Where it fails, the database has stopped, and it is repeated after the restart. */
  async #listen({ channel, onNotification, onGap }: Listener): Promise<void> {
    await this.#pglite.listen(channel, onNotification).then(onGap, () => {});
  }
}

export class RestartingPgliteDialect extends PGliteDialect {
  readonly #pglite: RestartingPglite;

  constructor(pglite: RestartingPglite) {
    super({ pglite });
    this.#pglite = pglite;
  }

  /** Kysely waits for ever for a transaction that PGlite does not begin. */
  override createDriver(): Driver {
    const driver = super.createDriver();
    const begin = driver.beginTransaction.bind(driver);
    return Object.assign(driver, {
      beginTransaction: async (...args: Parameters<typeof begin>) => {
        await this.#pglite.restart();
        return begin(...args);
      },
    });
  }
}
