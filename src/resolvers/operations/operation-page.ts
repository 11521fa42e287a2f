import type { Context } from '../../auth/context.ts';
import type { OperationKind } from '../../domain/operation.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';
import { ledgerConnection, toPageRequest, type LedgerConnection, type PageArgs } from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';

/** The source of `PickupConnection` and `ManifestConnection`. */
export type OperationConnectionSource = LedgerConnection<StoredOperation>;

/** Reads a page of the caller's operations of a kind, newest first. */
export async function operationPage(
  args: PageArgs,
  kind: OperationKind,
  context: Context,
): Promise<OperationConnectionSource> {
  const { tenant } = requireCaller(context);
  const { operations } = context.storage;
  const page = await operations.page(tenant.id, kind, toPageRequest(args));
  return ledgerConnection(page, () => operations.count(tenant.id, kind));
}
