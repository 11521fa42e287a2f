import { z } from 'zod';

import { throwIfInvalid, type UserError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';
import type { Cursor, Page, PageRequest } from '../storage/pages.ts';

/** The arguments of a list that is read forward. */
export interface ForwardArgs {
  /** Default: 20. At most 100. */
  readonly first?: number | null;
  readonly after?: string | null;
}

/** The arguments of a list that is read in both directions. */
export interface PageArgs extends ForwardArgs {
  /** At most 100. Not with `first`. */
  readonly last?: number | null;
  readonly before?: string | null;
}

/** A page of a list of the ledger. */
export interface LedgerConnection<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Counts the whole list; called where a client selects `totalCount`. */
  readonly count: () => Promise<number>;
}

const defaultPageSize = 20;
const maxPageSize = 100;

export const pageSize = ({ first, last }: PageArgs) => first ?? last ?? defaultPageSize;

/** Validates the page size and returns every error found. */
export function pageSizeErrors({ first, last }: PageArgs): UserError[] {
  if (first != null && last != null) {
    return [{ code: 'INVALID', field: ['last'], message: 'must not be given together with first' }];
  }
  return Object.entries({ first, last })
    .filter(([, size]) => size != null && !(size >= 1 && size <= maxPageSize))
    .map(([field]) => ({ code: 'INVALID', field: [field], message: `must be between 1 and ${maxPageSize}` }));
}

export const invalidCursor = (argument: 'after' | 'before'): UserError => ({
  code: 'INVALID',
  field: [argument],
  message: 'is no cursor of this list',
});

/** Encodes the position of an entry in its list. */
export const toCursor = (position: readonly unknown[]) =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** Decodes a cursor; undefined if it does not match the schema. */
export function fromCursor<Position>(cursor: string, schema: z.ZodType<Position>): Position | undefined {
  return schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString())).data;
}

/** The ledger holds times from the year 2000 on, and ids without characters that a database can't store. */
const positionSchema = z
  .tuple([z.iso.datetime().regex(/^2/), z.string().regex(/^[\w-]+$/)])
  .transform(([createdAt, id]): Cursor => ({ createdAt: new Date(createdAt), id }));

/** Reads the arguments of a list of the ledger; throws an `InputError` with every error found. */
export function toPageRequest(args: PageArgs): PageRequest {
  const after = args.after ? fromCursor(args.after, positionSchema) : undefined;
  const before = args.before ? fromCursor(args.before, positionSchema) : undefined;
  throwIfInvalid([
    ...pageSizeErrors(args),
    ...(args.after && !after ? [invalidCursor('after')] : []),
    ...(args.before && !before ? [invalidCursor('before')] : []),
  ]);
  return { size: pageSize(args), from: args.last == null ? 'start' : 'end', after, before };
}

/** Builds the connection of a page of the ledger. */
export function ledgerConnection<Node extends { readonly id: string; readonly created_at: Date }>(
  { rows, ...pages }: Page<Node>,
  count: () => Promise<number>,
): LedgerConnection<Node> {
  const edges = rows.map((node) => ({ node, cursor: toCursor([node.created_at.toISOString(), node.id]) }));
  return { ...connection(edges, pages), count };
}

/** Builds a connection. */
export function connection<Node>(
  edges: readonly { readonly node: Node; readonly cursor: string }[],
  pages: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean },
) {
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      ...pages,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
