import { sql } from 'kysely';

import type { Database } from './database.ts';

/** Provider calls of one API product of an account, by the operation and the client that caused them. */
export interface Usage {
  readonly api: string;
  /** Undefined for calls of background jobs and of operations without a name. */
  readonly operation?: string;
  readonly client?: string;
  readonly calls: number;
  /** The calls among them that were not answered by a 2xx or 3xx. */
  readonly failed: number;
  /** Questions that a call of another operation answered. */
  readonly joined: number;
}

/** What happened to an account at a time. */
export interface UsageEvent extends Partial<Usage> {
  readonly tenantId: string;
  readonly accountId: string;
  readonly api: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The calls of one API product of an account in an hour. */
export interface HourlyCalls extends Pick<Usage, 'api' | 'calls' | 'failed'> {
  readonly tenantId: string;
  readonly accountId: string;
  /** The beginning of the hour. */
  readonly hour: Date;
}

/** Counts provider calls by the hour. */
export interface UsageStore {
  /** Counts in memory until the next `flush`. */
  add(event: UsageEvent): void;
  /** Writes what was counted, in one statement. Keeps it for the next call where the ledger is unavailable. */
  flush(): Promise<void>;
  /** Flushes, and returns the sums since the beginning of an hour, most calls first. */
  since(tenantId: string, accountId: string, time: Date): Promise<Usage[]>;
  /** Flushes, and returns the calls of every account since the beginning of an hour, the oldest first. */
  byHour(time: Date): Promise<HourlyCalls[]>;
  /** Deletes the hours before a time. */
  deleteBefore(time: Date): Promise<void>;
}

const hourMs = 60 * 60 * 1000;
const hourOf = (time: number) => new Date(time - (time % hourMs));

export function createUsageStore(db: Database): UsageStore {
  const counts = new Map<string, Row>();
  const merge = (row: Row) => {
    const { tenant_id, account_id, hour, api, operation, client } = row;
    const key = JSON.stringify([tenant_id, account_id, hour.getTime(), api, operation, client]);
    const known = counts.get(key);
    if (known) {
      known.calls += row.calls;
      known.failed += row.failed;
      known.joined += row.joined;
    } else counts.set(key, row);
  };
  const flush = async () => {
    const rows = [...counts.values()];
    counts.clear();
    if (rows.length === 0) return;
    try {
      await addRows(db, rows);
    } catch (error) {
      rows.forEach(merge);
      throw error;
    }
  };
  return {
    add: (event) => merge(toRow(event)),
    flush,
    async since(tenantId, accountId, time) {
      await flush();
      const rows = await db
        .selectFrom('usage')
        .select(['api', 'operation', 'client'])
        .select((eb) => [
          eb.fn.sum<string>('calls').as('calls'),
          eb.fn.sum<string>('failed').as('failed'),
          eb.fn.sum<string>('joined').as('joined'),
        ])
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('hour', '>=', hourOf(time.getTime()))
        .groupBy(['api', 'operation', 'client'])
        .orderBy('calls', 'desc')
        .orderBy('api')
        .orderBy('operation')
        .orderBy('client')
        .execute();
      return rows.map(({ api, operation, client, calls, failed, joined }) => ({
        api,
        operation: operation || undefined,
        client: client || undefined,
        calls: Number(calls),
        failed: Number(failed),
        joined: Number(joined),
      }));
    },
    async byHour(time) {
      await flush();
      const rows = await db
        .selectFrom('usage')
        .select(['tenant_id', 'account_id', 'api', 'hour'])
        .select((eb) => [eb.fn.sum<string>('calls').as('calls'), eb.fn.sum<string>('failed').as('failed')])
        .where('hour', '>=', hourOf(time.getTime()))
        .groupBy(['tenant_id', 'account_id', 'api', 'hour'])
        .orderBy('hour')
        .orderBy('api')
        .execute();
      return rows.map(({ tenant_id, account_id, api, hour, calls, failed }) => ({
        tenantId: tenant_id,
        accountId: account_id,
        api,
        hour,
        calls: Number(calls),
        failed: Number(failed),
      }));
    },
    deleteBefore: async (time) => void (await db.deleteFrom('usage').where('hour', '<', time).execute()),
  };
}

type Row = ReturnType<typeof toRow>;

const toRow = ({ tenantId, accountId, at, api, operation, client, ...counts }: UsageEvent) => ({
  tenant_id: tenantId,
  account_id: accountId,
  hour: hourOf(at),
  api,
  operation: operation ?? '',
  client: client ?? '',
  calls: counts.calls ?? 0,
  failed: counts.failed ?? 0,
  joined: counts.joined ?? 0,
});

/** Adds the counts to those of other processes. Every process writes rows in the same order, which prevents deadlocks. */
async function addRows(db: Database, rows: readonly Row[]): Promise<void> {
  const sorted = rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
  const total = (column: 'calls' | 'failed' | 'joined') =>
    sql<number>`${sql.ref(`usage.${column}`)} + ${sql.ref(`excluded.${column}`)}`;
  await db
    .insertInto('usage')
    .values(sorted)
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'account_id', 'hour', 'api', 'operation', 'client'])
        .doUpdateSet({ calls: total('calls'), failed: total('failed'), joined: total('joined') }),
    )
    .execute();
}
