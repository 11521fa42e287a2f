import { sql, type SelectQueryBuilder } from 'kysely';

/** The position of a row in a list that is ordered by time. */
export interface Cursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** A part of a list: its first or last rows between two cursors. */
export interface PageRequest {
  readonly size: number;
  readonly from: 'start' | 'end';
  readonly after?: Cursor;
  readonly before?: Cursor;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export const emptyPage: Page<never> = { rows: [], hasNextPage: false, hasPreviousPage: false };

/** Selects a page of the rows of a query, newest first. The rows have the columns `created_at` and `id`. */
export async function selectPage<DB, Table extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, Table, Row>,
  { size, from, after, before }: PageRequest,
): Promise<Page<Row>> {
  let part = query;
  if (after) part = part.where(sql<boolean>`(created_at, id) < (${after.createdAt}, ${after.id})`);
  if (before) part = part.where(sql<boolean>`(created_at, id) > (${before.createdAt}, ${before.id})`);
  const direction = from === 'start' ? 'desc' : 'asc';
  const found = await part
    .orderBy(sql`created_at`, direction)
    .orderBy(sql`id`, direction)
    .limit(size + 1)
    .execute();
  const rows = found.slice(0, size);
  const hasMore = found.length > size;
  // The row of a cursor is outside of the page.
  return from === 'start'
    ? { rows, hasNextPage: hasMore || before !== undefined, hasPreviousPage: after !== undefined }
    : { rows: rows.reverse(), hasNextPage: before !== undefined, hasPreviousPage: hasMore || after !== undefined }; // prettier-ignore
}

/** Counts the rows of a query. */
export async function countRows<DB, Table extends keyof DB>(
  query: SelectQueryBuilder<DB, Table, unknown>,
): Promise<number> {
  const row = await query
    .clearSelect()
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number((row as { count: string }).count);
}
