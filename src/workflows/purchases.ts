import type { ProviderAdapter, LabelApi, LabelRequest, PreparedRequest } from '../carriers/adapter.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { Clock } from '../domain/clock.ts';
import type { Database } from '../storage/database.ts';
import { accountGone, lostBeforeSending, mayBeUnderWay, storedFailure } from './failures.ts';
import { appendHistory, type Actor } from '../storage/history.ts';
import { fetchMissingLabels } from './documents.ts';
import { isClaimedByOpenPurchase, type PurchaseGroup } from '../storage/late-arrivals.ts';
import { createIdempotency, type IdempotencyKey } from './idempotency.ts';
import {
  createPurchaseQueries,
  createPurchaseRecords,
  open,
  type GroupOutcome,
} from '../storage/purchase-records.ts';
import { voidLabel } from './refunds.ts';
import { readShipment, type StoredShipment } from '../storage/shipments.ts';
import type { ParcelRow, ShipmentRow } from '../storage/tables.ts';

/** What a caller wants bought, judged and complete. */
export interface PurchaseIntent extends IdempotencyKey {
  readonly by: Actor;
  /** Of the rate id, which buys once. */
  readonly rateHash: string;
  readonly account: { readonly id: string; readonly provider: string; readonly environment: string };
  readonly request: LabelRequest;
}

/** An account's carrier; undefined where the account is gone. */
export type AdapterOf = (tenantId: string, accountId: string) => ProviderAdapter | undefined;

export interface Purchases {
  /** The shipment that this key stands for, settled; undefined where the key is new or may try again. */
  find(key: IdempotencyKey): Promise<StoredShipment | undefined>;
  /** Buys once, whoever asks however often with the key; the outcome is the shipment's status. */
  buy(intent: PurchaseIntent): Promise<StoredShipment>;
  /** Settles what a crash or a lost answer left open, by asking: all of it, or what is due; returns how many are uncertain. */
  reconcileDue(all: boolean): Promise<number>;
  /** Asks what became of one of them now, where it is not settled. */
  reconcile(id: string): Promise<void>;
  /**
   * Has what an UNCERTAIN one may have bought cancelled by the attempts that its provider knows, and leaves it
   * UNCERTAIN; tells why not, for each that was not. Undefined where it is not UNCERTAIN, or a process works on it.
   */
  cancel(id: string, by: Actor): Promise<readonly string[] | undefined>;
  /** Resolves when no purchase of this process is under way. */
  drain(): Promise<void>;
}

/** A purchase that was sent is never aborted by its caller; this is its own end. */
const sentTimeoutMs = 90_000;
/** So many labels of one shipment are bought side by side. */
const atOnce = 4;

/** How sending went: another process took over, something of ours failed. */
interface Sending {
  taken: boolean;
  fault?: unknown;
}
/** The way of a purchase: labels, bought once a key. */
export function createPurchases(db: Database, carrierOf: AdapterOf, clock: Clock): Purchases {
  const rows = createPurchaseQueries(db);
  const deskOf = (row: ShipmentRow) => carrierOf(row.tenant_id, row.account_id)?.labels;

  const once = createIdempotency<ShipmentRow>(db, {
    table: 'shipments',
    open,
    mutationOf: () => 'shipmentPurchase',
    find: rows.ofKey,
    byId: rows.byId,
    reconcile: recall,
  });
  const steps = createPurchaseRecords(db, once.lease);

  /** False where another process has taken the purchase over. */
  async function purchase(id: string, order: LabelRequest): Promise<boolean> {
    const row = await rows.byId(id);
    const desk = deskOf(row);
    if (desk === undefined) return steps.close(row, accountGone);
    let isOurs: boolean;
    try {
      const prepared = await desk.prepare(order, { signal: AbortSignal.timeout(sentTimeoutMs) });
      isOurs = await steps.keepPrepared(id, prepared);
    } catch (error) {
      // Preparing buys nothing, so whatever went wrong there is a plain failure.
      isOurs = await steps.close(row, storedFailure(error));
      if (!(error instanceof ProviderError)) throw error;
      return isOurs;
    }
    if (!isOurs) return false;
    const { taken, fault } = await send(row, lotsOf(await rows.parcelsOf(id)), desk);
    if (taken) return false;
    isOurs = await conclude(row, desk);
    if (fault !== undefined) throw fault;
    return isOurs;
  }

  /** Sends what has not been sent, so many at once, until one is refused. */
  async function send(row: ShipmentRow, lots: readonly PurchaseGroup[], desk: LabelApi): Promise<Sending> {
    let refused = false;
    const sending: Sending = { taken: false };
    const waiting = lots.values();
    const work = async () => {
      for (const lot of waiting) {
        if (refused || sending.taken) return;
        if (!(await steps.markSent(row, lot))) {
          sending.taken = true;
          return;
        }
        const answer = await bought(row, lot, desk).catch((fault: unknown) => void (sending.fault = fault));
        refused ||= answer === 'REFUSED';
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, lots.length) }, work));
    return sending;
  }

  /** Buys a lot, and writes down what was heard of it; what went wrong on our side stays thrown. */
  async function bought(row: ShipmentRow, lot: PurchaseGroup, desk: LabelApi): Promise<GroupOutcome> {
    try {
      return await steps.record(row, lot, await desk.buy(preparedOf(lot), { signal: AbortSignal.timeout(sentTimeoutMs) })); // prettier-ignore
    } catch (error) {
      const failure = storedFailure(error);
      if (error instanceof ProviderError && error.refused) return steps.refuse(row, lot, failure);
      await steps.doubt(row, failure);
      if (error instanceof ProviderError) return 'UNKNOWN';
      throw error;
    }
  }

  /** Asks what became of a lot, in the same way; a provider that refuses to tell has told nothing. */
  async function recalled(row: ShipmentRow, lot: PurchaseGroup, desk: LabelApi): Promise<GroupOutcome> {
    try {
      const sold = await desk.reconcile(preparedOf(lot), { signal: AbortSignal.timeout(sentTimeoutMs) });
      if (sold) {
        const heard = await steps.record(row, lot, sold);
        await appendHistory(db, row, 'RECALLED', lot.attempt);
        return heard;
      }
    } catch (error) {
      await steps.doubt(row, { ...storedFailure(error), refused: false });
      if (error instanceof ProviderError) return 'UNKNOWN';
      throw error;
    }
    if (!(await rows.isInFlight(row, lot))) return steps.refuse(row, lot, lostBeforeSending);
    await steps.doubt(row, mayBeUnderWay);
    return 'UNKNOWN';
  }

  const preparedOf = ({ attempt, parcels }: PurchaseGroup): PreparedRequest => ({
    attemptId: attempt,
    request: parcels[0]!.request,
  });

  /** When nothing is under way any more: what it all comes to, and back with what is not to be; as `purchase`. */
  async function conclude(row: ShipmentRow, desk: LabelApi | undefined): Promise<boolean> {
    const { now, isOurs, parcels } = await steps.conclude(row.id);
    if (now.status === 'PURCHASED') {
      await fetchMissingLabels(db, row.id, desk);
      return true;
    }
    if (!isOurs) return false;
    if (now.undoing && desk?.void && !(await isClaimedByOpenPurchase(db, now))) {
      // What was asked for already is decided by the provider in its own time.
      for (const parcel of parcels.filter(({ state, refund }) => state === 'SOLD' && refund === null)) {
        // A label that can't be had back stays, and is told of.
        await voidLabel(db, row, parcel, desk, undefined, clock).catch(() => {});
      }
    }
    return steps.close(row);
  }

  /** After a crash or a lost answer: asks what became of what was sent, and ends what was begun. */
  async function recall(row: ShipmentRow): Promise<void> {
    const desk = deskOf(row);
    const parcels = await rows.parcelsOf(row.id);
    if (desk === undefined) {
      const isBegun = parcels.some(({ state }) => state === 'SENT' || state === 'SOLD');
      await steps.close(row, isBegun ? accountGone : lostBeforeSending);
      return;
    }
    for (const lot of lotsOf(parcels)) {
      if (lot.parcels.some(({ state }) => state === 'SENT')) await recalled(row, lot, desk);
    }
    const now = await rows.parcelsOf(row.id);
    const begun = now.some(({ state }) => state === 'SOLD');
    const { undoing } = await rows.byId(row.id);
    // What was never sent certainly does not exist; it is bought now only where the others are.
    if (begun && !undoing) {
      await send(row, lotsOf(now).filter(({ parcels }) => parcels[0]!.state === 'INTENDED'), desk); // prettier-ignore
    }
    await conclude(row, desk);
  }

  /** As `Purchases.cancel`, of one that this process holds. */
  async function cancel(row: ShipmentRow, by: Actor): Promise<readonly string[]> {
    const desk = deskOf(row);
    if (desk?.cancelAttempt === undefined) return [`nobody can cancel by key at ${row.provider}`];
    const lots = lotsOf(await rows.parcelsOf(row.id)).filter(mayBeSold);
    if (!(await steps.giveUp(row, lots, by))) return ['another process has taken it over'];
    const kept: string[] = [];
    for (const lot of lots) {
      const call = { signal: AbortSignal.timeout(sentTimeoutMs) };
      const heard = await outcome(() => desk.cancelAttempt!(preparedOf(lot), call));
      const isRefused = heard instanceof ProviderError;
      if (isRefused) kept.push(heard.message);
      else if (!heard.voided)
        kept.push(`a refund was asked for (${heard.reference ?? lot.attempt}), which is decided later`);
      const event = isRefused ? 'UNCERTAIN' : heard.voided ? 'VOIDED' : 'REFUND_HEARD';
      await appendHistory(db, row, event, `${lot.attempt} ${isRefused ? heard.code : heard.status}`);
    }
    return kept;
  }

  const read = async (row: ShipmentRow) => (await readShipment(db, row.tenant_id, row.id))!;

  return {
    async find(key) {
      const row = await once.find(key);
      return row && read(row);
    },
    async buy(intent) {
      const work = (id: string) => purchase(id, intent.request);
      return read(await once.run(intent, () => steps.claim(intent), work));
    },
    reconcile: (id) => once.reconcile(id),
    async cancel(id, by) {
      const row = await rows.find(id);
      if (row?.status !== 'UNCERTAIN') return undefined;
      return once.withLease(row, () => cancel(row, by));
    },
    reconcileDue: (all) => once.reconcileDue(all),
    drain: () => once.drain(),
  };
}

const mayBeSold = ({ parcels }: PurchaseGroup) =>
  parcels.some(({ state }) => state === 'SENT' || state === 'SOLD');

/** Parcels by the request that buys them, in the order of the first of each. */
function lotsOf(parcels: readonly ParcelRow[]): PurchaseGroup[] {
  const prepared = parcels.filter(({ attempt }) => attempt !== null);
  return [...Map.groupBy(prepared, ({ attempt }) => attempt!)].map(([attempt, parcels]) => ({
    attempt,
    parcels,
  }));
}
