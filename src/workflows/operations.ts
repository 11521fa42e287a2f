import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { OperationApi, PreparedRequest } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import type { Database } from '../storage/database.ts';
import { accountGone, lostBeforeSending, mayBeUnderWay, storedFailure } from './failures.ts';
import { appendHistory, type Actor, type HistoryEvent } from '../storage/history.ts';
import {
  createIdempotency,
  maybeInFlight,
  released,
  retryLater,
  retryNever,
  type IdempotencyKey,
} from './idempotency.ts';
import type { AdapterOf } from './purchases.ts';
import type { OperationKind, OperationRow, OperationStatus, StoredFailure } from '../storage/tables.ts';

/** A pickup, a manifest or a mail job that a caller wants, judged and complete. */
export interface OperationIntent<Order> extends IdempotencyKey {
  readonly mutation: OperationKind;
  readonly by: Actor;
  readonly account: { readonly id: string; readonly provider: string; readonly environment: string };
  /** What is shown of it again; JSON. */
  readonly input: unknown;
  readonly request: Order;
}

/** An errand as the ledger has it; what it asked for and came to is read by who knows its kind. */
export type StoredOperation = Omit<OperationRow, 'request' | 'attempt' | 'document'>;

export interface Operations {
  /** What this key stands for, settled; undefined where the key is new or may try again. */
  find(key: IdempotencyKey & { readonly mutation: OperationKind }): Promise<StoredOperation | undefined>;
  /** Does it once, whoever asks however often with the key. */
  run<Order>(intent: OperationIntent<Order>): Promise<StoredOperation>;
  byId(tenantId: string, kind: OperationKind, id: string): Promise<StoredOperation | undefined>;
  /** Which of these shipments another errand of the kind holds that stands. */
  shipmentsTaken(
    key: IdempotencyKey & { readonly mutation: OperationKind },
    shipmentIds: readonly string[],
  ): Promise<readonly string[]>;
  /** What was heard of it later: a cancellation, a form that was being made. */
  update(
    errand: StoredOperation,
    change: {
      readonly status?: OperationStatus;
      readonly result?: unknown;
      readonly failure?: ProviderError;
      readonly event: HistoryEvent;
      readonly by?: Actor;
    },
  ): Promise<StoredOperation>;
  /** As `Purchases.settle`. */
  reconcileDue(all: boolean): Promise<number>;
  /** Asks what became of one of them now, where it is not settled. */
  reconcile(id: string): Promise<void>;
  drain(): Promise<void>;
}

const timeoutMs = 90_000;
const open = ['OPEN', 'UNCERTAIN'] as const;

export function createOperations(db: Database, carrierOf: AdapterOf): Operations {
  const rowOf = (id: string) =>
    db.selectFrom('errands').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  const once = createIdempotency<OperationRow>(db, {
    table: 'errands',
    open,
    mutationOf: ({ kind }) => kind,
    find: ({ tenantId, mutation, idempotencyKey }) =>
      db
        .selectFrom('errands')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', mutation as OperationKind)
        .where('idempotency_key', '=', idempotencyKey)
        .executeTakeFirst(),
    byId: rowOf,
    reconcile: recall,
  });

  const claim = ({
    tenantId,
    mutation,
    idempotencyKey,
    inputHash,
    account,
    input,
    by,
  }: OperationIntent<unknown>) =>
    db.transaction().execute(async (transaction) => {
      const wanted = {
        input_hash: inputHash,
        account_id: account.id,
        provider: account.provider,
        environment: account.environment,
        status: 'OPEN' as const,
        asked: JSON.stringify(input),
        attempt: null,
        request: null,
        sent_at: null,
        failure: null,
        ...retryNever,
        blanked_at: null,
        ...once.lease,
      };
      const row = await transaction
        .insertInto('errands')
        .values({
          id: `${prefixes[mutation]}_${randomUUID()}`,
          tenant_id: tenantId,
          kind: mutation,
          idempotency_key: idempotencyKey,
          ...wanted,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant_id', 'kind', 'idempotency_key'])
            .doUpdateSet(wanted)
            .where('errands.status', '=', 'FAILED'),
        )
        .returning(['id', 'tenant_id', 'account_id'])
        .executeTakeFirst();
      if (row) await appendHistory(transaction, row, 'ASKED', idempotencyKey, by);
      return row?.id;
    });

  /** False where another process has taken it over. */
  async function perform<Order>(id: string, order: Order): Promise<boolean> {
    const row = await rowOf(id);
    const desk = deskOf(row) as OperationApi<Order, unknown> | undefined;
    if (desk === undefined) return close(row, 'FAILED', accountGone);
    let prepared: PreparedRequest;
    try {
      prepared = await desk.prepare(order, { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const isOurs = await close(row, 'FAILED', storedFailure(error));
      if (!(error instanceof ProviderError)) throw error;
      return isOurs;
    }
    if (!(await markSent(row, prepared))) return false;
    try {
      await record(row, prepared, await desk.perform(prepared, { signal: AbortSignal.timeout(timeoutMs) }));
      return true;
    } catch (error) {
      const failure = storedFailure(error);
      const isOurs = await close(row, failure.refused ? 'FAILED' : 'UNCERTAIN', failure);
      if (!(error instanceof ProviderError)) throw error;
      return isOurs;
    }
  }

  async function recall(row: OperationRow): Promise<void> {
    // What was never sent certainly never happened.
    if (row.sent_at === null) return void (await close(row, 'FAILED', lostBeforeSending));
    const desk = deskOf(row);
    if (desk === undefined) return void (await close(row, 'UNCERTAIN', accountGone));
    if (desk.reconcile === undefined) return void (await close(row, 'UNCERTAIN', row.failure ?? answerLost));
    const prepared = { attemptId: row.attempt!, request: row.request };
    try {
      const result = await desk.reconcile(prepared, { signal: AbortSignal.timeout(timeoutMs) });
      if (result !== undefined) return await record(row, prepared, result);
    } catch (error) {
      // A provider that refuses to tell has told nothing.
      await close(row, 'UNCERTAIN', { ...storedFailure(error), refused: false });
      if (!(error instanceof ProviderError)) throw error;
      return;
    }
    const { rows } = await sql`select 1 from errands where id = ${row.id} and ${maybeInFlight}`.execute(db);
    const isOver = rows.length === 0;
    await close(row, isOver ? 'FAILED' : 'UNCERTAIN', isOver ? lostBeforeSending : mayBeUnderWay);
  }

  /** What was done counts whoever holds the row by now, and whatever was thought of it before. */
  const record = (row: OperationRow, { attemptId, request }: PreparedRequest, result: unknown) =>
    db.transaction().execute(async (transaction) => {
      const { json, document } = split(result);
      const done = {
        status: 'DONE' as const,
        result: JSON.stringify(json),
        document,
        failure: null,
        ...retryNever,
        ...released,
      };
      const now = await transaction
        .selectFrom('errands')
        .selectAll()
        .where('id', '=', row.id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (now.attempt === attemptId) {
        if (now.status === 'DONE' || now.status === 'CANCELLED') return;
        await transaction.updateTable('errands').set(done).where('id', '=', row.id).execute();
        return appendHistory(transaction, row, 'DONE');
      }
      // Its key was tried again before it was heard of: one of its own, so that nobody forgets it.
      const id = `${prefixes[row.kind]}_${randomUUID()}`;
      await transaction
        .insertInto('errands')
        .values({
          ...row,
          created_at: undefined,
          id,
          idempotency_key: `${row.idempotency_key} ${attemptId}`,
          asked: JSON.stringify(row.asked),
          attempt: attemptId,
          request: JSON.stringify(request),
          sent_at: row.sent_at ?? sql<Date>`now()`,
          ...done,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await appendHistory(transaction, { ...row, id }, 'DONE');
    });

  const markSent = (row: OperationRow, { attemptId, request }: PreparedRequest) =>
    db.transaction().execute(async (transaction) => {
      const marked = await transaction
        .updateTable('errands')
        .set({ attempt: attemptId, request: JSON.stringify(request), sent_at: sql<Date>`now()` })
        .where('id', '=', row.id)
        .where('worker', '=', once.lease.worker)
        .returning('id')
        .executeTakeFirst();
      if (marked) await appendHistory(transaction, row, 'SENT', attemptId);
      return marked !== undefined;
    });

  /** False where another process has taken it over. */
  const close = (row: OperationRow, status: 'FAILED' | 'UNCERTAIN', failure: StoredFailure) =>
    db.transaction().execute(async (transaction) => {
      const closed = await transaction
        .updateTable('errands')
        .set({
          status,
          failure: JSON.stringify(failure),
          ...(status === 'UNCERTAIN' ? retryLater : retryNever),
          ...released,
        })
        .where('id', '=', row.id)
        .where('worker', '=', once.lease.worker)
        .where('status', 'in', open)
        .returning('id')
        .executeTakeFirst();
      if (closed) await appendHistory(transaction, row, status, failure.code);
      return closed !== undefined;
    });

  function deskOf(row: OperationRow): OperationApi<unknown, unknown> | undefined {
    const carrier = carrierOf(row.tenant_id, row.account_id);
    const desks = {
      pickupSchedule: carrier?.pickups,
      manifestCreate: carrier?.manifests,
      mailJobCreate: carrier?.mail,
    };
    // Each is prepared and read back by the desk of its own kind.
    return desks[row.kind];
  }

  return {
    find: (key) => once.find(key),
    run: (intent) => once.run(intent, () => claim(intent), (id) => perform(id, intent.request)), // prettier-ignore
    byId: (tenantId, kind, id) =>
      db
        .selectFrom('errands')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst(),
    async shipmentsTaken({ tenantId, mutation, idempotencyKey }, shipmentIds) {
      if (shipmentIds.length === 0) return [];
      const { rows } = await sql<{ shipment: string }>`select distinct named as shipment from errands,
        jsonb_array_elements_text(asked->'shipmentIds') as named
        where tenant_id = ${tenantId} and kind = ${mutation} and idempotency_key <> ${idempotencyKey}
        and status in ('OPEN', 'DONE', 'UNCERTAIN')
        and named = any(${sql.val(shipmentIds)})`.execute(db);
      return rows.map(({ shipment }) => shipment);
    },
    update: (errand, { status, result, failure, event, by }) =>
      db.transaction().execute(async (transaction) => {
        const { json, document } = split(result);
        const changed = await transaction
          .updateTable('errands')
          .set({
            ...(status ? { status } : {}),
            ...(result === undefined ? {} : { result: JSON.stringify(json) }),
            ...(document ? { document } : {}),
            ...(failure ? { failure: JSON.stringify(storedFailure(failure)) } : {}),
          })
          .where('id', '=', errand.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await appendHistory(transaction, errand, event, undefined, by);
        return changed;
      }),
    reconcile: (id) => once.reconcile(id),
    reconcileDue: (all) => once.reconcileDue(all),
    drain: () => once.drain(),
  };
}

const prefixes: Record<OperationKind, string> = {
  pickupSchedule: 'pck',
  manifestCreate: 'man',
  mailJobCreate: 'job',
};

const answerLost: StoredFailure = {
  code: 'TIMEOUT',
  message: 'the answer was lost, and the provider has no way to ask for it again',
  hint: 'Look whether it is there at the provider, then resolve it by hand: npm run purchases.',
  refused: false,
};

/** A result as JSON, and the document in its form, which lies in a column of its own. */
function split(result: unknown): { json: unknown; document: Buffer | null } {
  const { form, ...rest } = (result ?? {}) as { form?: { data?: unknown } };
  if (!(form?.data instanceof Uint8Array)) return { json: result, document: null };
  const { data, ...kept } = form as { data: Uint8Array };
  return { json: { ...rest, form: kept }, document: Buffer.from(data) };
}
