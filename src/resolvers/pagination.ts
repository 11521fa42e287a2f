import type { z } from 'zod';

import type { UserError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';

/** The arguments of a list. */
export interface PageArgs {
  /** Default: 20. At most 100. */
  readonly first?: number | null;
  readonly after?: string | null;
}

const maxPageSize = 100;

export const pageSize = ({ first }: PageArgs) => first ?? 20;

/** Validates the page size and returns every error found. */
export function pageSizeErrors(args: PageArgs): UserError[] {
  const size = pageSize(args);
  if (size >= 1 && size <= maxPageSize) return [];
  return [{ code: 'INVALID', field: ['first'], message: `is between 1 and ${maxPageSize}` }];
}

export const invalidCursor: UserError = {
  code: 'INVALID',
  field: ['after'],
  message: 'is no cursor of this list',
};

/** Encodes the position of an entry in its list. */
export const toCursor = (position: readonly unknown[]) =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** Decodes a cursor; undefined if it does not match the schema. */
export function fromCursor<Position>(cursor: string, schema: z.ZodType<Position>): Position | undefined {
  return schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString())).data;
}

/** Builds a connection. Lists are read forward only, so a page after a cursor has a previous page. */
export function connection<Node>(
  edges: readonly { readonly node: Node; readonly cursor: string }[],
  { after }: PageArgs,
  hasNextPage: boolean,
) {
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: Boolean(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
