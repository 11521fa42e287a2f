import pg from 'pg';

/** A new database of the Postgres server that `DATABASE_URL` names. */
export interface BenchDatabase {
  readonly url: string;
  /** Runs SQL on it. */
  run(sql: string, values?: readonly unknown[]): Promise<void>;
  drop(): Promise<void>;
}

/** `suffix` tells several databases of one process apart. */
export async function createDatabase(suffix = 'ledger'): Promise<BenchDatabase> {
  const server = process.env.DATABASE_URL;
  if (server === undefined)
    throw new Error('set DATABASE_URL to a Postgres server: replicas share a database');
  const name = `parcelgraph_bench_${process.pid}_${suffix}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await runOn(server, `create database ${name}`);
  return {
    url: url.href,
    run: (sql, values) => runOn(url.href, sql, values),
    drop: () => runOn(server, `drop database ${name} with (force)`),
  };
}

async function runOn(url: string, sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql, [...values]).finally(() => client.end());
}
