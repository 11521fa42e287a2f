import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { StoredFailure } from '../../domain/failures.ts';
import type { OperationKind, OperationStatus } from '../../domain/operation.ts';
import type { PreparedRequest } from '../../domain/prepared-request.ts';
import type { Database } from '../database.ts';
import { appendHistory, type Actor, type HistoryEvent } from '../history.ts';
import {
  createIdempotentRows,
  maybeInFlight,
  retryLater,
  retryNever,
  toStoredHash,
  type IdempotencyKey,
  type IdempotentRows,
} from './idempotent-rows.ts';
import { claimShipments, heldShipments, type HeldShipment, type ShipmentClaim } from './shipment-claims.ts';
import { released, type Lease } from '../leases.ts';
import { countRows, selectPage, type Page, type PageRequest } from '../pages.ts';
import type { OperationRow, PurchasingAccount, Transaction } from '../tables.ts';

export interface OperationKey extends IdempotencyKey {
  readonly kind: OperationKind;
}

/** An operation that a caller requests, validated and complete. */
export interface OperationIntent<Request> extends OperationKey {
  readonly by: Actor;
  readonly account: PurchasingAccount;
  /** The part of the input that the API shows again; JSON. */
  readonly input: unknown;
  readonly request: Request;
  /** Default: none. */
  readonly shipments?: ShipmentClaim;
}

/** An operation without the request that was sent and the document that came back. */
export type StoredOperation = Omit<OperationRow, 'request' | 'attempt_id' | 'document'>;

/** A later change of an operation: a cancellation, a form that became available. */
export interface OperationChange {
  readonly status?: OperationStatus;
  readonly result?: unknown;
  readonly failure?: StoredFailure;
  readonly event: HistoryEvent;
  readonly by?: Actor;
}

/**
 * The rows of operations. Each step is one transaction. A step changes nothing and returns false where another process has
 * taken the row over; only results are stored all the same.
 */
export interface OperationRecords {
  readonly rows: IdempotentRows<OperationRow>;
  find(key: IdempotencyKey): Promise<OperationRow | undefined>;
  byId(tenantId: string, kind: OperationKind, id: string): Promise<StoredOperation | undefined>;
  /** Newest first. */
  page(tenantId: string, kind: OperationKind, request: PageRequest): Promise<Page<StoredOperation>>;
  count(tenantId: string, kind: OperationKind): Promise<number>;
  /** Returns those of the shipments, in order, that a manifest holds. */
  onManifests(tenantId: string, shipmentIds: readonly string[]): Promise<readonly HeldShipment[]>;
  /**
   * Writes the intent: a new row, or the FAILED row of the same key. Returns undefined where the key has another row.
   * Throws an `InputError` where another operation of the kind holds one of its shipments.
   */
  claim(intent: OperationIntent<unknown>): Promise<OperationRow | undefined>;
  markSent(row: OperationRow, prepared: PreparedRequest): Promise<boolean>;
  isInFlight(row: OperationRow): Promise<boolean>;
  saveResult(row: OperationRow, prepared: PreparedRequest, result: unknown): Promise<void>;
  close(row: OperationRow, status: 'FAILED' | 'UNCERTAIN', failure: StoredFailure): Promise<boolean>;
  /** Changes an operation unless it has changed since it was read, and returns it as it then is. */
  update(operation: StoredOperation, change: OperationChange): Promise<StoredOperation>;
}

const openStatuses = ['PENDING', 'UNCERTAIN'] as const;

const prefixes: Record<OperationKind, string> = { PICKUP: 'pck', MANIFEST: 'man', MAIL_JOB: 'job' };

export function createOperationRecords(db: Database): OperationRecords {
  const rows = createIdempotentRows<OperationRow>(db, 'operations', openStatuses);
  const { lease } = rows;
  return {
    rows,
    find: ({ tenantId, kind, idempotencyKey }) =>
      db
        .selectFrom('operations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind as OperationKind)
        .where('idempotency_key', '=', idempotencyKey)
        .executeTakeFirst(),
    byId: (tenantId, kind, id) =>
      db
        .selectFrom('operations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst(),
    page: (tenantId, kind, request) => selectPage(ofKind(db, tenantId, kind).select(storedColumns), request),
    count: (tenantId, kind) => countRows(ofKind(db, tenantId, kind)),
    onManifests: (tenantId, shipmentIds) =>
      heldShipments(db, { tenantId, kind: 'MANIFEST' }, { shipmentIds }),
    claim: (intent) => db.transaction().execute((transaction) => claim(transaction, lease, intent)),
    markSent: (row, prepared) => db.transaction().execute((transaction) => markSent(transaction, lease, row, prepared)), // prettier-ignore
    async isInFlight({ id }) {
      const { rows } = await sql`select 1 from operations where id = ${id} and ${maybeInFlight}`.execute(db);
      return rows.length > 0;
    },
    saveResult: (row, prepared, result) =>
      db.transaction().execute((transaction) => saveResult(transaction, row, prepared, result)),
    close: (row, status, failure) =>
      db.transaction().execute((transaction) => close(transaction, lease, row, status, failure)),
    update: (operation, change) =>
      db.transaction().execute((transaction) => update(transaction, operation, change)),
  };
}

/** The columns of a `StoredOperation`. */
const storedColumns = [
  'id',
  'tenant_id',
  'kind',
  'idempotency_key',
  'input_hash',
  'account_id',
  'provider',
  'environment',
  'status',
  'input',
  'sent_at',
  'result',
  'failure',
  'worker',
  'leased_until',
  'attempts',
  'retry_at',
  'redacted_at',
  'created_at',
] as const;

const ofKind = (db: Database, tenantId: string, kind: OperationKind) =>
  db.selectFrom('operations').where('tenant_id', '=', tenantId).where('kind', '=', kind);

async function claim(
  transaction: Transaction,
  lease: Lease,
  intent: OperationIntent<unknown>,
): Promise<OperationRow | undefined> {
  const { tenantId, kind, idempotencyKey, account, input, by, shipments } = intent;
  if (shipments) await claimShipments(transaction, intent, shipments);
  const columns = {
    input_hash: toStoredHash(intent),
    account_id: account.id,
    provider: account.provider,
    environment: account.environment,
    status: 'PENDING' as const,
    input: JSON.stringify(input),
    attempt_id: null,
    request: null,
    sent_at: null,
    failure: null,
    ...retryNever,
    redacted_at: null,
    ...lease,
  };
  const id = `${prefixes[kind]}_${randomUUID()}`;
  const row = await transaction
    .insertInto('operations')
    .values({ id, tenant_id: tenantId, kind, idempotency_key: idempotencyKey, ...columns })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'kind', 'idempotency_key'])
        .doUpdateSet(columns)
        .where('operations.status', '=', 'FAILED'),
    )
    .returningAll()
    .executeTakeFirst();
  if (row) await appendHistory(transaction, row, 'ASKED', idempotencyKey, by);
  return row;
}

async function markSent(
  transaction: Transaction,
  lease: Lease,
  row: OperationRow,
  { attemptId, request }: PreparedRequest,
): Promise<boolean> {
  const marked = await transaction
    .updateTable('operations')
    .set({ attempt_id: attemptId, request: JSON.stringify(request), sent_at: sql<Date>`now()` })
    .where('id', '=', row.id)
    .where('worker', '=', lease.worker)
    .returning('id')
    .executeTakeFirst();
  if (marked) await appendHistory(transaction, row, 'SENT', attemptId);
  return marked !== undefined;
}

/** Stores a result. Needs no lease: it counts whichever process works on the row, and whatever its status is. */
async function saveResult(
  transaction: Transaction,
  row: OperationRow,
  prepared: PreparedRequest,
  result: unknown,
): Promise<void> {
  const { json, document } = splitDocument(result);
  const columns = {
    status: 'DONE' as const,
    result: JSON.stringify(json),
    document,
    failure: null,
    ...retryNever,
    ...released,
  };
  const current = await transaction
    .selectFrom('operations')
    .selectAll()
    .where('id', '=', row.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (current.attempt_id !== prepared.attemptId) return insertLateResult(transaction, row, prepared, columns);
  if (current.status === 'DONE' || current.status === 'CANCELLED') return;
  await transaction.updateTable('operations').set(columns).where('id', '=', row.id).execute();
  await appendHistory(transaction, row, 'DONE');
}

/** A result whose key was retried before it arrived becomes an operation of its own, so that it is not lost. */
async function insertLateResult(
  transaction: Transaction,
  row: OperationRow,
  { attemptId, request }: PreparedRequest,
  columns: { status: 'DONE'; result: string; document: Buffer | null; failure: null },
): Promise<void> {
  const id = `${prefixes[row.kind]}_${randomUUID()}`;
  await transaction
    .insertInto('operations')
    .values({
      ...row,
      created_at: undefined,
      id,
      idempotency_key: `${row.idempotency_key} ${attemptId}`,
      input: JSON.stringify(row.input),
      attempt_id: attemptId,
      request: JSON.stringify(request),
      sent_at: row.sent_at ?? sql<Date>`now()`,
      ...columns,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await appendHistory(transaction, { ...row, id }, 'DONE');
}

async function close(
  transaction: Transaction,
  lease: Lease,
  row: OperationRow,
  status: 'FAILED' | 'UNCERTAIN',
  failure: StoredFailure,
): Promise<boolean> {
  const closed = await transaction
    .updateTable('operations')
    .set({
      status,
      failure: JSON.stringify(failure),
      ...(status === 'UNCERTAIN' ? retryLater : retryNever),
      ...released,
    })
    .where('id', '=', row.id)
    .where('worker', '=', lease.worker)
    .where('status', 'in', openStatuses)
    .returning('id')
    .executeTakeFirst();
  if (closed) await appendHistory(transaction, row, status, failure.code);
  return closed !== undefined;
}

async function update(
  transaction: Transaction,
  operation: StoredOperation,
  { status, result, failure, event, by }: OperationChange,
): Promise<StoredOperation> {
  const { json, document } = splitDocument(result);
  const updated = await transaction
    .updateTable('operations')
    .set({
      ...(status ? { status } : {}),
      ...(result === undefined ? {} : { result: JSON.stringify(json) }),
      ...(document ? { document } : {}),
      ...(failure ? { failure: JSON.stringify(failure) } : {}),
    })
    .where('id', '=', operation.id)
    .where('status', '=', operation.status)
    .where(
      sql<boolean>`result is not distinct from ${operation.result && JSON.stringify(operation.result)}::jsonb`,
    )
    .returningAll()
    .executeTakeFirst();
  if (updated) await appendHistory(transaction, operation, event, undefined, by);
  return (
    updated ??
    transaction.selectFrom('operations').selectAll().where('id', '=', operation.id).executeTakeFirstOrThrow()
  );
}

/** Splits a result into JSON and the data of its form, which has a column of its own. */
function splitDocument(result: unknown): { json: unknown; document: Buffer | null } {
  const { form, ...rest } = (result ?? {}) as { form?: { data?: unknown } };
  if (!(form?.data instanceof Uint8Array)) return { json: result, document: null };
  const { data, ...kept } = form as { data: Uint8Array };
  return { json: { ...rest, form: kept }, document: Buffer.from(data) };
}
