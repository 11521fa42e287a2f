import type { Context } from '../../auth/context.ts';
import type { OperationKind } from '../../domain/operation.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';
import { ledgerConnection, toPageRequest, type LedgerConnection, type PageArgs } from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';

/** The source of `PickupConnection` and `ManifestConnection`. */
export type OperationConnectionSource = LedgerConnection<StoredOperation>;

type Refresh = (
  operations: readonly StoredOperation[],
  context: Context,
) => Promise<readonly StoredOperation[]>;

/** Reads a page of the caller's operations of a kind, newest first. `refresh` returns them as they are now, in order. */
export async function operationPage(
  args: PageArgs,
  kind: OperationKind,
  context: Context,
  refresh: Refresh = async (operations) => operations,
): Promise<OperationConnectionSource> {
  const { tenant } = requireCaller(context);
  const { operations } = context.storage;
  const page = await operations.page(tenant.id, kind, toPageRequest(args));
  const rows = await refresh(page.rows, context);
  return ledgerConnection({ ...page, rows }, () => operations.count(tenant.id, kind));
}
