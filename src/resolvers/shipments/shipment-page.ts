import { z } from 'zod';

import type { Context } from '../../auth/context.ts';
import { throwIfInvalid } from '../../domain/errors.ts';
import type { Cursor, ShipmentFilter } from '../../storage/shipments.ts';
import {
  connection,
  fromCursor,
  invalidCursor,
  pageSize,
  pageSizeErrors,
  toCursor,
  type PageArgs,
} from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';

/** Reads a page of the caller's shipments, newest first. */
export async function shipmentPage(args: PageArgs, filter: ShipmentFilter, context: Context) {
  const { tenant } = requireCaller(context);
  const after = args.after ? fromCursor(args.after, positionSchema) : undefined;
  throwIfInvalid([...pageSizeErrors(args), ...(args.after && !after ? [invalidCursor] : [])]);
  const page = await context.storage.shipments.page(tenant.id, pageSize(args), after, filter);
  const edges = page.shipments.map((node) => ({
    node,
    cursor: toCursor([node.created_at.toISOString(), node.id]),
  }));
  return connection(edges, args, page.hasNextPage);
}

const positionSchema = z
  .tuple([z.iso.datetime().regex(/^2/), z.string().regex(/^[\w-]+$/)])
  .transform(([createdAt, id]): Cursor => ({ createdAt: new Date(createdAt), id }));
