import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

import { sql, type Kysely } from 'kysely';
import { z } from 'zod';

import { parseJson } from '../domain/json.ts';
import { applicationName, type Database } from './database.ts';
import type { Tables } from './tables.ts';

/** How far it is: rows of all. */
export type Progress = (table: string, rows: number, of: number) => void;
export type Counts = Readonly<Record<string, number>>;

/** Why it can't be done, in a sentence. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** Providers' tokens are got anew, and our migrations are made by whoever opens the database. */
const left = new Set(['tokens', 'kysely_migration', 'kysely_migration_lock']);
/** Labels are a hundred kilobytes each. */
const rowsAtOnce = 100;

interface Table {
  readonly name: string;
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
  readonly binary: readonly string[];
  /** Column that counts by itself. */
  readonly identity: string | null;
  /** Tables that must be there before. */
  readonly needs: readonly string[];
}

/** A line is a head, a row or the foot. */
const headSchema = z.object({ ledger: z.literal(applicationName), schema: z.string(), rows: z.number() });
const footSchema = z.object({ counts: z.record(z.string(), z.number()), sha256: z.string() });

/** Writes all of a ledger to a new file that its owner alone may read; nothing that is lost in between. */
export async function exportLedger(db: Database, file: string, progress: Progress): Promise<Counts> {
  const out = createWriteStream(file, { mode: 0o600, flags: 'wx' });
  await once(out, 'open');
  try {
    const counts = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((transaction) => writeAll(transaction, out, progress));
    await finished(out.end());
    return counts;
  } catch (error) {
    out.destroy();
    rmSync(file, { force: true });
    throw error;
  }
}

async function writeAll(
  db: Kysely<Tables>,
  out: ReturnType<typeof createWriteStream>,
  progress: Progress,
): Promise<Counts> {
  await sql`set local timezone to 'UTC'`.execute(db);
  const hash = createHash('sha256');
  const write = async (line: string) => {
    hash.update(`${line}\n`);
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  };
  const tables = await tablesOf(db);
  const all = await countRows(db, tables);
  const rows = Object.values(all).reduce((total, each) => total + each, 0);
  await write(JSON.stringify({ ledger: applicationName, schema: await schemaOf(db), rows }));
  const counts: Record<string, number> = {};
  let written = 0;
  for (const table of tables) {
    counts[table.name] = 0;
    for await (const row of rowsOf(db, table)) {
      await write(`{"table":${JSON.stringify(table.name)},"row":${row}}`);
      counts[table.name]! += 1;
      progress(table.name, (written += 1), rows);
    }
  }
  // Over everything before it, so not part of what it is over.
  const foot = JSON.stringify({ counts, sha256: hash.digest('hex') });
  if (!out.write(`${foot}\n`)) await once(out, 'drain');
  return counts;
}

/** Each row as the database writes it in JSON, so that no number and no microsecond is rounded on the way. */
async function* rowsOf(db: Kysely<Tables>, { name, key, binary }: Table): AsyncGenerator<string> {
  const keys = sql.join(key.map((each) => sql.ref(each)));
  const documents = binary.map((each) => sql`|| jsonb_build_object(${sql.lit(each)}, translate(encode(${sql.ref(each)}, 'base64'), E'\n', ''))`); // prettier-ignore
  let last: readonly unknown[] | undefined;
  for (;;) {
    const after = last ? sql`where (${keys}) > (${sql.join(last)})` : sql``;
    const { rows } = await sql<{ row: string; key: unknown[] }>`
      select (to_jsonb(each) ${sql.join(documents, sql` `)})::text as row, jsonb_build_array(${keys}) as key
      from ${sql.table(name)} as each ${after} order by ${keys} limit ${rowsAtOnce}`.execute(db);
    for (const { row } of rows) yield row;
    if (rows.length < rowsAtOnce) return;
    last = rows.at(-1)!.key;
  }
}

/** Fills an empty ledger from a file that is whole, all of it or nothing. */
export async function importLedger(db: Database, file: string, progress: Progress): Promise<Counts> {
  const head = await verify(file);
  return db.transaction().execute(async (transaction) => {
    const schema = await schemaOf(transaction);
    if (schema !== head.schema) {
      throw new TransferError(
        `the file has the tables of ${head.schema}, this ledger those of ${schema}: export and import by one version`,
      );
    }
    const tables = new Map((await tablesOf(transaction)).map((table) => [table.name, table]));
    // Nobody writes while it is looked whether it is empty.
    for (const name of tables.keys()) {
      await sql`lock table ${sql.table(name)} in exclusive mode`.execute(transaction);
    }
    const there = Object.entries(await countRows(transaction, [...tables.values()])).filter(([, rows]) => rows > 0); // prettier-ignore
    if (there.length > 0) {
      const what = there.map(([name, rows]) => `${rows} in ${name}`).join(', ');
      throw new TransferError(`the ledger is not empty (${what}), and nothing in it is overwritten`);
    }
    return readAll(transaction, file, tables, head.rows, progress);
  });
}

async function readAll(
  db: Kysely<Tables>,
  file: string,
  tables: ReadonlyMap<string, Table>,
  total: number,
  progress: Progress,
): Promise<Counts> {
  const counts = Object.fromEntries([...tables.keys()].map((name) => [name, 0]));
  let done = 0;
  let waiting: { table: Table; rows: string[] } | undefined;
  const flush = async () => {
    if (waiting === undefined) return;
    const { table, rows } = waiting;
    waiting = undefined;
    await insert(db, table, rows);
    counts[table.name]! += rows.length;
    progress(table.name, (done += rows.length), total);
  };
  for await (const line of linesOf(file)) {
    const row = /^\{"table":"(\w+)","row":(.*)\}$/s.exec(line);
    if (row === null) continue;
    const table = tables.get(row[1]!);
    if (table === undefined) throw new TransferError(`this ledger has no table ${row[1]}`);
    if (waiting?.table !== table || waiting.rows.length >= rowsAtOnce) {
      await flush();
      waiting = { table, rows: [] };
    }
    waiting.rows.push(row[2]!);
  }
  await flush();
  for (const { name, identity } of tables.values()) {
    if (identity === null) continue;
    await sql`select setval(pg_get_serial_sequence(${name}, ${identity}), greatest(max(${sql.ref(identity)}), 1),
      count(*) > 0) from ${sql.table(name)}`.execute(db);
  }
  return counts;
}

async function insert(db: Kysely<Tables>, { name, binary }: Table, rows: readonly string[]): Promise<void> {
  const documents = binary.map((each) => sql`|| jsonb_build_object(${sql.lit(each)}, '\\x' || encode(decode(row->>${sql.lit(each)}, 'base64'), 'hex'))`); // prettier-ignore
  await sql`insert into ${sql.table(name)} overriding system value
    select (jsonb_populate_record(null::${sql.table(name)}, row ${sql.join(documents, sql` `)})).*
    from jsonb_array_elements(${`[${rows.join()}]`}::jsonb) as row`.execute(db);
}

/** Reads it once from end to end: cut short, altered or of something else, it is refused before anything is written. */
async function verify(file: string): Promise<z.infer<typeof headSchema>> {
  const hash = createHash('sha256');
  const counts: Record<string, number> = {};
  let head: z.infer<typeof headSchema> | undefined;
  let last: string | undefined;
  for await (const line of linesOf(file)) {
    head ??= headSchema.safeParse(parseJson(line)).data;
    if (head === undefined) throw new TransferError('the file is no export of a ledger');
    if (last !== undefined) hash.update(`${last}\n`);
    const table = /^\{"table":"(\w+)"/.exec(line)?.[1];
    if (table) counts[table] = (counts[table] ?? 0) + 1;
    last = line;
  }
  const foot = footSchema.safeParse(parseJson(last ?? '')).data;
  if (head === undefined || foot === undefined)
    throw new TransferError('the file was cut short: export again');
  const isWhole = Object.entries(foot.counts).every(([name, rows]) => (counts[name] ?? 0) === rows);
  if (!isWhole || hash.digest('hex') !== foot.sha256) {
    throw new TransferError('the file was altered since it was written: export again');
  }
  return head;
}

/** They end with a line feed alone; `readline` would break them at U+2028 too, which JSON leaves as it is. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Other processes that have a server's ledger open: what they wrote after an export would be lost. */
export async function countOtherProcesses(db: Database): Promise<number> {
  const { rows } = await sql<{ others: number }>`select count(distinct application_name)::integer as others
    from pg_stat_activity where datname = current_database() and application_name like ${`${applicationName} %`}
    and application_name <> current_setting('application_name')`.execute(db);
  return rows[0]!.others;
}

async function schemaOf(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select max(name) as name from kysely_migration`.execute(db);
  return rows[0]!.name;
}

async function countRows(db: Kysely<Tables>, tables: readonly Table[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ rows: string }>`select count(*) as rows from ${sql.table(name)}`.execute(db);
    counts[name] = Number(rows[0]!.rows);
  }
  return counts;
}

/** All tables as the database itself knows them, so that none is forgotten; each after those that it names. */
async function tablesOf(db: Kysely<Tables>): Promise<Table[]> {
  const { rows } = await sql<Table>`select relname as name,
      (select jsonb_agg(attname order by array_position(indkey::smallint[], attnum)) from pg_index
        join pg_attribute on attrelid = indrelid and attnum = any(indkey) where indrelid = c.oid and indisprimary) as key,
      (select coalesce(jsonb_agg(attname), '[]') from pg_attribute
        where attrelid = c.oid and atttypid = 'bytea'::regtype and not attisdropped) as binary,
      (select attname from pg_attribute where attrelid = c.oid and attidentity <> '') as identity,
      (select coalesce(jsonb_agg(t.relname), '[]') from pg_constraint
        join pg_class t on t.oid = confrelid where conrelid = c.oid and contype = 'f') as needs
    from pg_class c where relkind = 'r' and relnamespace = current_schema()::regnamespace
    order by relname`.execute(db);
  const waiting = rows.filter(({ name }) => !left.has(name));
  const sorted: Table[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ needs }) =>
      needs.every((each) => sorted.some(({ name }) => name === each)),
    );
    if (at < 0) throw new TypeError('tables need each other in a ring');
    sorted.push(...waiting.splice(at, 1));
  }
  return sorted;
}
