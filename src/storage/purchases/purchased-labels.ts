import { priceChanged, purchasedBefore } from '../../domain/failures.ts';
import { compareMoney, sum, type Money } from '../../domain/money.ts';
import { labelName, type PurchasedLabel } from '../../domain/shipment.ts';
import type { Database } from '../database.ts';
import { appendHistory } from '../history.ts';
import { retryNever } from '../records/idempotent-rows.ts';
import { released, type Lease } from '../leases.ts';
import { insertForms, purchasedColumns } from '../records/parcels.ts';
import type { ParcelRow, ShipmentRow, Transaction } from '../tables.ts';
import { watchPurchased } from '../watch-changes.ts';
import { enqueueShipmentEvent } from '../webhooks/shipment-events.ts';
import { refuseGroup, type GroupOutcome, type PurchaseGroup } from './groups.ts';
import { discardOrphans, findOtherOwner, insertOrphan, lockLabels, reopen } from './late-arrivals.ts';
import { lockShipment } from './locks.ts';

/** Stores a group's labels; refuses the group where they belong to another shipment. */
export async function saveLabels(
  db: Database,
  lease: Lease,
  row: ShipmentRow,
  group: PurchaseGroup,
  labels: readonly PurchasedLabel[],
): Promise<GroupOutcome> {
  const owner = await saveUnlessOwned(db, row, group, labels);
  return owner === undefined ? 'PURCHASED' : refuseGroup(db, lease, row, group, purchasedBefore(owner));
}

/**
 * Stores labels, and completes the shipment in the same transaction where they are the last. Needs no lease: a purchased
 * label counts whichever process works on the row, and whatever its status is. Returns the id of the shipment that owns
 * the labels where that is another one.
 */
const saveUnlessOwned = (
  db: Database,
  row: ShipmentRow,
  group: PurchaseGroup,
  labels: readonly PurchasedLabel[],
): Promise<string | undefined> =>
  db.transaction().execute(async (transaction) => {
    const current = await lockShipment(transaction, row.id);
    const parcels = await transaction
      .selectFrom('parcels')
      .select('state')
      .where('shipment_id', '=', row.id)
      .where('attempt_id', '=', group.attemptId)
      .execute();
    if (parcels.some(({ state }) => state === 'PURCHASED' || state === 'VOIDED')) return undefined;
    const wasRetried = parcels.length === 0;
    const isLate = wasRetried || current.status === 'FAILED';
    await lockLabels(transaction, row.tenant_id, labels.map(labelName));
    const owner = await findOtherOwner(transaction, current, labels, isLate);
    if (owner !== undefined) return isLate ? undefined : owner;
    if (wasRetried) {
      await insertOrphan(transaction, current, group, labels);
      return undefined;
    }
    await updateParcels(transaction, row, group, labels);
    await discardOrphans(transaction, current, labels);
    const open = current.status === 'FAILED' ? await reopen(transaction, current) : current;
    await completeIfPurchased(transaction, open, await readAmounts(transaction, row.id));
    return undefined;
  });

async function updateParcels(
  transaction: Transaction,
  row: ShipmentRow,
  group: PurchaseGroup,
  labels: readonly PurchasedLabel[],
): Promise<void> {
  for (const [index, label] of labels.entries()) {
    const { position } = group.parcels[index]!;
    await transaction
      .updateTable('parcels')
      .set(purchasedColumns(label))
      .where('shipment_id', '=', row.id)
      .where('position', '=', position)
      .execute();
    await insertForms(transaction, row.id, position, label.forms ?? []);
    await appendHistory(transaction, row, 'BOUGHT', labelName(label));
  }
}

const readAmounts = (transaction: Transaction, shipmentId: string) =>
  transaction
    .selectFrom('parcels')
    .select(['state', 'quoted_amount'])
    .where('shipment_id', '=', shipmentId)
    .execute();

/** Adds the amounts; undefined where one is unknown, since an unknown price does not show that the limit is passed. */
function totalOf(amounts: readonly (Money | null)[]): Money | undefined {
  const [first, ...rest] = amounts.filter((amount) => amount !== null);
  return first && rest.length + 1 === amounts.length ? sum(first, ...rest) : undefined;
}

/**
 * Makes a locked shipment PURCHASED where every parcel is, or compensating where they cost more than `max_price`. Returns
 * the row as it then is.
 */
export async function completeIfPurchased(
  transaction: Transaction,
  row: ShipmentRow,
  parcels: readonly Pick<ParcelRow, 'state' | 'quoted_amount'>[],
): Promise<ShipmentRow> {
  const { id, status, compensating, max_price } = row;
  const isComplete = parcels.every(({ state }) => state === 'PURCHASED');
  if (status === 'PURCHASED' || compensating || !isComplete) return row;
  const price = totalOf(parcels.map(({ quoted_amount }) => quoted_amount));
  const isTooExpensive = price !== undefined && max_price !== null && compareMoney(price, max_price) > 0;
  const columns = isTooExpensive
    ? { compensating: true, failure: JSON.stringify(priceChanged(max_price, price)) }
    : { status: 'PURCHASED' as const, failure: null, ...retryNever, ...released };
  const completed = await transaction
    .updateTable('shipments')
    .set(columns)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (completed.status !== 'PURCHASED') return completed;
  await enqueueShipmentEvent(transaction, id, 'SHIPMENT_PURCHASED');
  if (row.is_watched) await watchPurchased(transaction, id);
  return completed;
}
