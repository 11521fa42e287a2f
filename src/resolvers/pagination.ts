import type { z } from 'zod';

import type { UserError } from '../domain/errors.ts';
import { parseJson } from '../domain/json.ts';

/** What is asked for of a list. */
export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

const pageLimit = 100;

export const countOf = ({ first }: PageArgs) => first ?? 20;

/** What is wrong with the number that is asked for. */
export function countErrors(args: PageArgs): UserError[] {
  const count = countOf(args);
  if (count >= 1 && count <= pageLimit) return [];
  return [{ code: 'INVALID', field: ['first'], message: `is between 1 and ${pageLimit}` }];
}

export const wrongCursor: UserError = {
  code: 'INVALID',
  field: ['after'],
  message: 'is no cursor of this list',
};

/** The place of an entry in its list, as a text that only we read. */
export const toCursor = (place: readonly unknown[]) =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

export function fromCursor<Place>(cursor: string, schema: z.ZodType<Place>): Place | undefined {
  return schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString())).data;
}

/** A page as the schema has it; pages are read forward, so one that begins behind a cursor has one before it. */
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
