import { sql } from 'kysely';
import { z } from 'zod';

import type { ProviderAdapter } from '../carriers/adapter.ts';
import { money } from '../domain/money.ts';
import { parcelNumber, parcelNumberErrors } from '../domain/tracking.ts';
import type { Database } from '../storage/database.ts';
import { cancelledByHand } from './failures.ts';
import { appendHistory, type Actor } from '../storage/history.ts';
import { fetchMissingLabels } from './documents.ts';
import { released } from './idempotency.ts';
import type { AdapterOf } from './purchases.ts';
import type { OperationRow, ParcelRow, ShipmentRow, StoredFailure, Transaction } from '../storage/tables.ts';

/** What somebody found who looked at the provider. */
export const manualFinding = z.discriminatedUnion('found', [
  z.object({ found: z.literal('nothing') }),
  z.object({ found: z.literal('bought'), trackingNumber: z.string().max(60), price: z.string().max(20) }),
  z.object({ found: z.literal('cancelled') }),
  z.object({ found: z.literal('done'), confirmation: z.string().max(100).optional() }),
]);
export type ManualFinding = z.infer<typeof manualFinding>;

/** What came of it, in a sentence for whoever asked. */
export type Resolution = { readonly done: string } | { readonly refused: string };

const nothingFound: StoredFailure = {
  code: 'UNAVAILABLE',
  message: 'its answer was lost; somebody looked, and nothing had happened',
  hint: 'Call again with the same key.',
};

/** Read under a lock, so that nobody takes it up meanwhile. */
const locked = <Row extends { status: string; worker: string | null }>(
  row: Row | undefined,
  id: string,
  isHeld: boolean,
) => {
  // prettier-ignore
  if (row === undefined) return `there is no ${id}`;
  if (row.status !== 'UNCERTAIN') return `${id} is ${row.status}: there is nothing to resolve`;
  if (isHeld) return `a process is asking about ${id} right now: try again in a few seconds`;
  return row;
};
const held = sql<boolean>`worker is not null and leased_until >= now()`.as('held');

export async function resolveShipment(
  db: Database,
  id: string,
  verdict: ManualFinding,
  by: Actor,
  carrierOf: AdapterOf,
): Promise<Resolution> {
  let labels: ProviderAdapter['labels'];
  const answer = await db.transaction().execute(async (transaction): Promise<Resolution> => {
    const found = await transaction
      .selectFrom('shipments')
      .selectAll()
      .select(held)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const row = locked(found, id, found?.held === true);
    if (typeof row === 'string') return { refused: row };
    const parcels = await transaction
      .selectFrom('parcels')
      .selectAll()
      .where('shipment_id', '=', id)
      .orderBy('position')
      .execute();
    labels = carrierOf(row.tenant_id, row.account_id)?.labels;
    const end = async (status: ShipmentRow['status'], failure: StoredFailure | null, detail: string) => {
      await transaction
        .updateTable('shipments')
        .set({
          status,
          failure: failure && JSON.stringify(failure),
          undoing: false,
          retry_at: null,
          ...released,
        })
        .where('id', '=', id)
        .execute();
      await appendHistory(transaction, row, 'RESOLVED_BY_HAND', detail, by);
    };
    const put = (state: ParcelRow['state'], from: readonly ParcelRow['state'][]) =>
      transaction
        .updateTable('parcels')
        .set({ state, refund_due_at: null })
        .where('shipment_id', '=', id)
        .where('state', 'in', [...from])
        .execute();
    const sold = parcels.filter(({ state }) => state === 'SOLD');

    switch (verdict.found) {
      case 'nothing':
        if (sold.length > 0) {
          const numbers = sold.map((each) => each.tracking_number).join(', ');
          return { refused: `${id} has labels that were sold: ${numbers}. Cancel them at the provider, then --cancelled` }; // prettier-ignore
        }
        await put('REFUSED', ['INTENDED', 'SENT']);
        await end('FAILED', nothingFound, 'nothing');
        return { done: `${id} is FAILED: its key may try again` };
      case 'cancelled': {
        // What was not to be stays so; what was bought and given back is no failure.
        const status = row.undoing || sold.length === 0 ? 'FAILED' : 'VOIDED';
        await put('VOIDED', ['SOLD', 'SENT']);
        const failure = row.undoing ? row.failure : cancelledByHand;
        await end(status, status === 'FAILED' ? failure : null, 'cancelled');
        return { done: `${id} is ${status}` };
      }
      case 'bought': {
        const refused = await soldByHand(transaction, row, parcels, verdict, labels);
        if (refused) return { refused };
        const { trackingNumber } = parcelNumber(verdict.trackingNumber);
        await end('PURCHASED', null, `bought ${trackingNumber}`);
        return { done: `${id} is PURCHASED with ${trackingNumber}` };
      }
      case 'done':
        return { refused: `${id} is a purchase: say --bought NUMBER --price AMOUNT, --nothing or --cancelled` }; // prettier-ignore
    }
  });
  if ('refused' in answer || verdict.found !== 'bought') return answer;
  await fetchMissingLabels(db, id, labels);
  const label = await db
    .selectFrom('parcels')
    .select('position')
    .where('shipment_id', '=', id)
    .where('label', 'is not', null)
    .executeTakeFirst();
  return {
    done: `${answer.done}; ${label ? 'its label was fetched' : 'its label is not kept here: print it at the provider'}`,
  };
}

/** Writes down the only parcel's label by its number; tells why not. */
async function soldByHand(
  transaction: Transaction,
  row: ShipmentRow,
  parcels: readonly ParcelRow[],
  verdict: Extract<ManualFinding, { found: 'bought' }>,
  labels: ProviderAdapter['labels'],
): Promise<string | undefined> {
  const [parcel, ...more] = parcels;
  if (parcel === undefined || more.length > 0) {
    return `${row.id} has ${parcels.length} parcels: cancel its labels at the provider, then --cancelled`;
  }
  if (
    parcel.tracking_number !== null &&
    parcel.tracking_number !== parcelNumber(verdict.trackingNumber).trackingNumber
  ) {
    return `${row.id} was sold ${parcel.tracking_number}`;
  }
  const [wrong] = parcelNumberErrors({ trackingNumber: verdict.trackingNumber }, []);
  if (wrong) return wrong.message;
  if (!/^\d{1,6}(\.\d{1,5})?$/.test(verdict.price)) return 'a price is written as 7.40';
  const { trackingNumber } = parcelNumber(verdict.trackingNumber, row.carrier);
  const other = await transaction
    .selectFrom('parcels')
    .select('shipment_id')
    .where('tracking_number', '=', trackingNumber)
    .where('shipment_id', '<>', row.id)
    .executeTakeFirst();
  if (other) return `${trackingNumber} is the label of ${other.shipment_id}`;
  const price = money(verdict.price, row.quoted_price.currencyCode);
  const prepared = parcel.attempt !== null && { attemptId: parcel.attempt, request: parcel.request };
  const reference = parcel.reference ?? undefined;
  const kept =
    prepared && labels?.labelSource?.({ trackingNumber, prepared, reference }, parcel.label_format);
  await transaction
    .updateTable('parcels')
    .set({
      state: 'SOLD',
      tracking_number: trackingNumber,
      price: JSON.stringify(price),
      quotable: JSON.stringify(price),
      charges: JSON.stringify([{ name: 'Postage', amount: price }]),
      label_source: parcel.label_source ?? (kept || null),
    })
    .where('shipment_id', '=', row.id)
    .execute();
  return undefined;
}

export function resolveOperation(
  db: Database,
  id: string,
  verdict: ManualFinding,
  by: Actor,
): Promise<Resolution> {
  return db.transaction().execute(async (transaction) => {
    const found = await transaction
      .selectFrom('errands')
      .selectAll()
      .select(held)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const row = locked(found, id, found?.held === true);
    if (typeof row === 'string') return { refused: row };
    if (verdict.found !== 'nothing' && verdict.found !== 'done') {
      return { refused: `${id} is no purchase of a label: say --done [CONFIRMATION] or --nothing` };
    }
    const confirmation = verdict.found === 'done' ? verdict.confirmation : undefined;
    if (verdict.found === 'done' && row.kind === 'mailJobCreate' && !confirmation) {
      return { refused: `${id} is a mail job: say --done ID, with its id at the provider` };
    }
    const outcome =
      verdict.found === 'done'
        ? { status: 'DONE' as const, result: JSON.stringify(resultByHand(row, confirmation)), failure: null }
        : { status: 'FAILED' as const, failure: JSON.stringify(nothingFound) };
    await transaction
      .updateTable('errands')
      .set({ ...outcome, retry_at: null, ...released })
      .where('id', '=', id)
      .execute();
    const detail = [verdict.found, confirmation].filter(Boolean).join(' ');
    await appendHistory(transaction, row, 'RESOLVED_BY_HAND', detail, by);
    return {
      done: verdict.found === 'done' ? `${id} is DONE` : `${id} is FAILED: its key may try again`,
    };
  });
}

/** What is known of an errand of which somebody only saw that it is there; no ticket, so nothing can be done with it. */
function resultByHand({ kind, asked }: OperationRow, confirmation: string | undefined): object {
  switch (kind) {
    case 'pickupSchedule':
      return { confirmation, date: (asked as { date: string }).date, providerRef: null };
    case 'manifestCreate':
      return { reference: confirmation, providerRef: null };
    case 'mailJobCreate':
      return { id: confirmation, status: 'UNKNOWN', events: [] };
  }
}
