import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

import { sql, type Kysely } from 'kysely';
import { z } from 'zod';

import { parseJson } from '../domain/json.ts';
import { applicationName, type Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Receives the current table and the rows transferred so far, out of the total. */
export type Progress = (table: string, rows: number, total: number) => void;
/** Rows by table. */
export type Counts = Readonly<Record<string, number>>;

/** An export or import that cannot be done; its message is for the user. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** Tables that are not transferred: tokens and quotes are fetched again, and opening the target database runs its migrations. */
const excludedTables = new Set([
  'tokens',
  'rate_quotes',
  'rate_cards',
  'rate_card_zones',
  'rate_card_prices',
  'label_documents',
  'kysely_migration',
  'kysely_migration_lock',
]);
/** Rows of one statement, kept low since a label has about 100 kB. */
const batchSize = 100;

interface Table {
  readonly name: string;
  /** Columns of the primary key, in order. */
  readonly key: readonly string[];
  /** Columns of type bytea. */
  readonly binary: readonly string[];
  /** The identity column, whose values the database generates. */
  readonly identity: string | null;
  /** Tables that foreign keys refer to, which are imported first. */
  readonly references: readonly string[];
}

/** The first line of a file. Rows follow, one on each line. */
const headerSchema = z.object({ ledger: z.literal(applicationName), schema: z.string(), rows: z.number() });
/** The last line of a file. */
const footerSchema = z.object({ counts: z.record(z.string(), z.number()), sha256: z.string() });

/** Writes a consistent snapshot of a ledger to a new file, readable by its owner alone; throws where the file exists. */
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
  const rowCounts = await countRows(db, tables);
  const total = Object.values(rowCounts).reduce((sum, rows) => sum + rows, 0);
  await write(JSON.stringify({ ledger: applicationName, schema: await schemaOf(db), rows: total }));
  const counts: Record<string, number> = {};
  let written = 0;
  for (const table of tables) {
    counts[table.name] = 0;
    for await (const row of rowsOf(db, table)) {
      await write(`{"table":${JSON.stringify(table.name)},"row":${row}}`);
      counts[table.name]! += 1;
      progress(table.name, (written += 1), total);
    }
  }
  // The footer contains the hash of all lines before it, so it is not hashed itself.
  const footer = JSON.stringify({ counts, sha256: hash.digest('hex') });
  if (!out.write(`${footer}\n`)) await once(out, 'drain');
  return counts;
}

/** Yields each row as JSON that the database writes, so that neither numbers nor microseconds are rounded. */
async function* rowsOf(db: Kysely<Tables>, { name, key, binary }: Table): AsyncGenerator<string> {
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const documents = binary.map((column) => sql`|| jsonb_build_object(${sql.lit(column)}, translate(encode(${sql.ref(column)}, 'base64'), E'\n', ''))`); // prettier-ignore
  let last: readonly unknown[] | undefined;
  for (;;) {
    const after = last ? sql`where (${keys}) > (${sql.join(last)})` : sql``;
    const { rows } = await sql<{ row: string; key: unknown[] }>`
      select (to_jsonb(r) ${sql.join(documents, sql` `)})::text as row, jsonb_build_array(${keys}) as key
      from ${sql.table(name)} as r ${after} order by ${keys} limit ${batchSize}`.execute(db);
    for (const { row } of rows) yield row;
    if (rows.length < batchSize) return;
    last = rows.at(-1)!.key;
  }
}

/** Imports a complete file into an empty ledger in one transaction; throws a `TransferError` where either is not so. */
export async function importLedger(db: Database, file: string, progress: Progress): Promise<Counts> {
  const header = await verify(file);
  return db.transaction().execute(async (transaction) => {
    const schema = await schemaOf(transaction);
    if (schema !== header.schema) {
      throw new TransferError(
        `the file has the tables of ${header.schema} and this ledger has those of ${schema}; export and import with the same version`,
      );
    }
    const tables = new Map((await tablesOf(transaction)).map((table) => [table.name, table]));
    // Prevents writes of other processes until the import is committed.
    for (const name of tables.keys()) {
      await sql`lock table ${sql.table(name)} in exclusive mode`.execute(transaction);
    }
    const nonEmpty = Object.entries(await countRows(transaction, [...tables.values()])).filter(([, rows]) => rows > 0); // prettier-ignore
    if (nonEmpty.length > 0) {
      const contents = nonEmpty.map(([name, rows]) => `${rows} in ${name}`).join(', ');
      throw new TransferError(`the ledger is not empty (${contents}); import into an empty one`);
    }
    return readAll(transaction, file, tables, header.rows, progress);
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
  let batch: { table: Table; rows: string[] } | undefined;
  const flush = async () => {
    if (batch === undefined) return;
    const { table, rows } = batch;
    batch = undefined;
    await insert(db, table, rows);
    counts[table.name]! += rows.length;
    progress(table.name, (done += rows.length), total);
  };
  for await (const line of linesOf(file)) {
    const row = /^\{"table":"(\w+)","row":(.*)\}$/s.exec(line);
    if (row === null) continue;
    const table = tables.get(row[1]!);
    if (table === undefined)
      throw new TransferError(`this ledger has no table ${row[1]}; export and import with the same version`);
    if (batch?.table !== table || batch.rows.length >= batchSize) {
      await flush();
      batch = { table, rows: [] };
    }
    batch.rows.push(row[2]!);
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
  const documents = binary.map((column) => sql`|| jsonb_build_object(${sql.lit(column)}, '\\x' || encode(decode(row->>${sql.lit(column)}, 'base64'), 'hex'))`); // prettier-ignore
  await sql`insert into ${sql.table(name)} overriding system value
    select (jsonb_populate_record(null::${sql.table(name)}, row ${sql.join(documents, sql` `)})).*
    from jsonb_array_elements(${`[${rows.join()}]`}::jsonb) as row`.execute(db);
}

/** Reads the whole file and returns its header; throws where it is truncated, altered or not an export. */
async function verify(file: string): Promise<z.infer<typeof headerSchema>> {
  const hash = createHash('sha256');
  const counts: Record<string, number> = {};
  let header: z.infer<typeof headerSchema> | undefined;
  let last: string | undefined;
  for await (const line of linesOf(file)) {
    header ??= headerSchema.safeParse(parseJson(line)).data;
    if (header === undefined)
      throw new TransferError('the file is not an export of a ledger; check its name');
    if (last !== undefined) hash.update(`${last}\n`);
    const table = /^\{"table":"(\w+)"/.exec(line)?.[1];
    if (table) counts[table] = (counts[table] ?? 0) + 1;
    last = line;
  }
  const footer = footerSchema.safeParse(parseJson(last ?? '')).data;
  if (header === undefined || footer === undefined) {
    throw new TransferError('the file is truncated; export again');
  }
  const isComplete = Object.entries(footer.counts).every(([name, rows]) => (counts[name] ?? 0) === rows);
  if (!isComplete || hash.digest('hex') !== footer.sha256) {
    throw new TransferError('the file was altered after the export; export again');
  }
  return header;
}

/** Splits at line feeds alone: `readline` also splits at U+2028, which JSON does not escape. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Counts the other processes that have the ledger of a Postgres server open; their writes after an export would be lost. */
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

/** Returns all tables of the database except the excluded ones, each after those that it references. */
async function tablesOf(db: Kysely<Tables>): Promise<Table[]> {
  const { rows } = await sql<Table>`select relname as name,
      (select jsonb_agg(attname order by array_position(indkey::smallint[], attnum)) from pg_index
        join pg_attribute on attrelid = indrelid and attnum = any(indkey) where indrelid = c.oid and indisprimary) as key,
      (select coalesce(jsonb_agg(attname), '[]') from pg_attribute
        where attrelid = c.oid and atttypid = 'bytea'::regtype and not attisdropped) as binary,
      (select attname from pg_attribute where attrelid = c.oid and attidentity <> '') as identity,
      (select coalesce(jsonb_agg(t.relname), '[]') from pg_constraint
        join pg_class t on t.oid = confrelid where conrelid = c.oid and contype = 'f') as references
    from pg_class c where relkind = 'r' and relnamespace = current_schema()::regnamespace
    order by relname`.execute(db);
  const remaining = rows.filter(({ name }) => !excludedTables.has(name));
  const sorted: Table[] = [];
  while (remaining.length > 0) {
    const index = remaining.findIndex(({ references }) =>
      references.every((table) => sorted.some(({ name }) => name === table)),
    );
    if (index < 0) throw new TypeError('the foreign keys of the tables form a cycle');
    sorted.push(...remaining.splice(index, 1));
  }
  return sorted;
}
