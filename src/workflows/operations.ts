import type { OperationApi } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import { accountRemoved, maybeInProgress, neverSent, responseLost, toStoredFailure } from '../domain/failures.ts'; // prettier-ignore
import type { ScheduledPickup } from '../domain/pickup.ts';
import type { PreparedRequest } from '../domain/prepared-request.ts';
import type { OperationIntent, OperationKey, StoredOperation } from '../storage/records/operations.ts';
import type { OperationRow } from '../storage/tables.ts';
import { currentCalls } from '../transport/call-record.ts';
import { settlementSignal } from '../transport/breaker.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import { createIdempotency } from './idempotency.ts';

/** Pickups, manifests and mail jobs, each performed once for its idempotency key. */
export interface Operations {
  /** Returns the key's operation, reconciled; undefined where the key is new, or failed and may be retried. */
  find(key: OperationKey): Promise<StoredOperation | undefined>;
  /** Performs the operation once for the key, however often it is called; the outcome is its status. */
  run<Request>(intent: OperationIntent<Request>): Promise<StoredOperation>;
  /** Reconciles operations after crashes and lost responses: all, or those that are due. Returns how many are UNCERTAIN. */
  reconcileDue(all: boolean): Promise<number>;
  /** Reconciles one operation now where its outcome is unknown. */
  reconcile(id: string): Promise<void>;
  /** Resolves when no operation of this process is in progress. */
  drain(): Promise<void>;
}

const timeoutMs = 90_000;

export function createOperations(dependencies: WorkflowDependencies): Operations {
  const { operations } = dependencies.storage;
  const idempotency = createIdempotency<OperationRow>({
    rows: operations.rows,
    kindOf: ({ kind }) => kind,
    find: operations.find,
    reconcile: (row) => reconcile(dependencies, row),
  });
  return {
    find: idempotency.find,
    async run(intent) {
      const id = await idempotency.run(
        intent,
        () => operations.claim(intent),
        (row) => perform(dependencies, row, intent.request),
      );
      return operations.rows.byId(id);
    },
    reconcile: idempotency.reconcile,
    reconcileDue: idempotency.reconcileDue,
    drain: idempotency.drain,
  };
}

/** The part of the account's adapter that performs operations of this kind, whose requests only it reads. */
export function operationApi(
  { adapterOf }: WorkflowDependencies,
  { tenant_id, account_id, kind }: Pick<OperationRow, 'tenant_id' | 'account_id' | 'kind'>,
): OperationApi<unknown, unknown> | undefined {
  const adapter = adapterOf(tenant_id, account_id);
  const apis = { PICKUP: adapter?.pickups, MANIFEST: adapter?.manifests, MAIL_JOB: adapter?.mail };
  return apis[kind];
}

/** Performs a claimed operation. Returns false where another process has taken it over. */
async function perform(
  dependencies: WorkflowDependencies,
  row: OperationRow,
  request: unknown,
): Promise<boolean> {
  const { operations } = dependencies.storage;
  const api = operationApi(dependencies, row);
  if (api === undefined) return operations.close(row, 'FAILED', accountRemoved);
  let prepared: PreparedRequest;
  try {
    prepared = await api.prepare(request, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const isClosed = await operations.close(row, 'FAILED', toStoredFailure(error));
    if (!(error instanceof ProviderError)) throw error;
    return isClosed;
  }
  if (!(await operations.markSent(row, prepared))) return false;
  try {
    const result = await api.perform(prepared, { signal: AbortSignal.timeout(timeoutMs) });
    if (row.kind === 'PICKUP') currentCalls()?.charge(row.account_id, (result as ScheduledPickup).price);
    await operations.saveResult(row, prepared, result);
    return true;
  } catch (error) {
    const failure = toStoredFailure(error);
    const isClosed = await operations.close(row, failure.refused ? 'FAILED' : 'UNCERTAIN', failure);
    if (!(error instanceof ProviderError)) throw error;
    return isClosed;
  }
}

/** After a crash or a lost response: asks for the outcome, and stores it. */
async function reconcile(dependencies: WorkflowDependencies, row: OperationRow): Promise<void> {
  const { operations } = dependencies.storage;
  const close = async (status: 'FAILED' | 'UNCERTAIN', failure: typeof neverSent) => {
    await operations.close(row, status, failure);
  };
  if (row.sent_at === null) return close('FAILED', neverSent);
  const api = operationApi(dependencies, row);
  if (api === undefined) return close('UNCERTAIN', accountRemoved);
  if (api.reconcile === undefined) return close('UNCERTAIN', row.failure ?? responseLost);
  const prepared = { attemptId: row.attempt_id!, request: row.request };
  try {
    const result = await api.reconcile(prepared, { signal: settlementSignal(timeoutMs) });
    if (result !== undefined) return await operations.saveResult(row, prepared, result);
  } catch (error) {
    // An error says nothing about the outcome.
    await close('UNCERTAIN', { ...toStoredFailure(error), refused: false });
    if (!(error instanceof ProviderError)) throw error;
    return;
  }
  const isInFlight = await operations.isInFlight(row);
  await close(isInFlight ? 'UNCERTAIN' : 'FAILED', isInFlight ? maybeInProgress : neverSent);
}
