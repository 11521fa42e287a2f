import { ApiError } from '../api-error.ts';
import { commonFields, openCollection, type Collection, type Entry } from '../collection.ts';
import type { Files } from '../files.ts';
import type { ApiObject } from '../http.ts';
import type { PurchaseLabel } from '../shipments/label-purchase.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { Caller, EasyPostState, Owner } from '../state.ts';
import { addMembers, createLabelFile, purchaseMembers } from './batch-tasks.ts';
import type { Batch, BatchMember, BatchTask } from './batch.ts';
import type { ScanForms } from './scan-forms.ts';

/** Guess: the time that a task takes; recorded is only that a batch responds before it is done. */
const taskDurationMs = 2000;

export interface BatchResources {
  shipments: Shipments;
  files: Files;
  scanForms: ScanForms;
  purchaseLabel: PurchaseLabel;
}

/** The stored batches of all users: many shipments at once, processed after the response. */
export interface Batches extends Collection<Batch> {
  /** Returns a batch that may be changed; throws `BATCH.STATE.CREATING` while it is being created. */
  getUnlocked(owner: Owner, id: string): Entry<Batch>;
  startTask(
    entry: Entry<Batch>,
    caller: Caller,
    task: Pick<BatchTask, 'kind'> & Partial<BatchTask>,
  ): ApiObject;
  /** Completes every task that is due. */
  completeDueTasks(): void;
  render(entry: Entry<Batch>): ApiObject;
}

/** Reading a batch completes its task if it is due. */
export function createBatches(state: EasyPostState, resources: BatchResources): Batches {
  const collection = openCollection<Batch>(state, 'batch', 'batch');
  const render = (entry: Entry<Batch>) => renderBatch(entry, resources);

  function completeDueTask(entry: Entry<Batch>) {
    const { task } = entry.body;
    if (task === null || state.clock.now() < task.due) return;
    const previousAttributes = { state: entry.body.state };
    entry.body.task = null;
    completeTask(state, entry, task, resources);
    collection.save(entry);
    state.emit(entry, 'batch.updated', render(entry), previousAttributes);
  }
  const get = (owner: Owner, id: string) => {
    const entry = collection.get(owner, id);
    completeDueTask(entry);
    return entry;
  };

  return {
    ...collection,
    get,
    list(owner) {
      const entries = collection.list(owner);
      entries.forEach(completeDueTask);
      return entries;
    },
    getUnlocked(owner, id) {
      const entry = get(owner, id);
      if (entry.body.state === 'creating') {
        throw new ApiError(423, 'BATCH.STATE.CREATING', 'Unable to modify batch while it is being created.');
      }
      return entry;
    },
    startTask(entry, caller, task) {
      entry.body.task = { due: state.clock.now() + taskDurationMs, caller, given: [], ...task };
      collection.save(entry);
      return render(entry);
    },
    completeDueTasks: () => collection.all().forEach(completeDueTask),
    render,
  };
}

function completeTask(
  state: EasyPostState,
  entry: Entry<Batch>,
  task: BatchTask,
  { shipments, files, scanForms, purchaseLabel }: BatchResources,
) {
  switch (task.kind) {
    case 'create':
      return addMembers(entry, task.caller, task.given, shipments);
    case 'buy':
      return purchaseMembers(entry, task.caller, shipments, purchaseLabel);
    case 'label':
      return createLabelFile(entry, task.format ?? 'PDF', shipments, files);
    case 'scan form': {
      const form = scanForms.get(entry, entry.body.scanForm!);
      const members = entry.body.members.map(({ shipment }) => shipments.get(entry, shipment));
      scanForms.complete(form, members);
      state.emit(entry, 'scan_form.updated', scanForms.render(form), { status: 'creating' });
    }
  }
}

function renderBatch(entry: Entry<Batch>, { shipments, files, scanForms }: BatchResources): ApiObject {
  const { state, reference, count, members, scanForm, label } = entry.body;
  const countOf = (status: BatchMember['status']) => members.filter((each) => each.status === status).length;
  return {
    ...commonFields('Batch', entry),
    state,
    num_shipments: count,
    reference,
    scan_form: scanForm && scanForms.render(scanForms.get(entry, scanForm)),
    shipments: members
      .filter(({ shipment }) => shipment !== '')
      .map(({ shipment, status, message }) => {
        const { body } = shipments.get(entry, shipment);
        return {
          batch_status: status,
          batch_message: message,
          reference: body.reference,
          tracking_code: body.label?.tracking_code ?? null,
          id: shipment,
        };
      }),
    status: {
      created: countOf('created'),
      queued_for_purchase: countOf('queued_for_purchase'),
      creation_failed: countOf('creation_failed'),
      postage_purchased: countOf('postage_purchased'),
      postage_purchase_failed: countOf('postage_purchase_failed'),
    },
    pickup: null,
    label_url: label && files.urlOf(label),
  };
}
