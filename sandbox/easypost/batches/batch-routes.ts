import { unprocessable } from '../api-error.ts';
import type { Entry } from '../collection.ts';
import { idOf, isFields, listOf, textOf } from '../fields.ts';
import { isLabelFormat } from '../label-formats.ts';
import { ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { Caller } from '../state.ts';
import { addMembers } from './batch-tasks.ts';
import type { Batch } from './batch.ts';
import type { Batches } from './batches.ts';
import type { ScanForms } from './scan-forms.ts';

interface Resources {
  batches: Batches;
  scanForms: ScanForms;
  shipments: Shipments;
}

export function addBatchRoutes(api: Api, resources: Resources) {
  addMemberRoutes(api, resources);
  addTaskRoutes(api, resources);
}

/** Creation, reading, and the shipments of a batch. */
function addMemberRoutes({ state, addRoute, limitList }: Api, { batches, shipments }: Resources) {
  addRoute('POST', '/v2/batches', ({ caller, body }) => {
    const fields = isFields(body.batch) ? body.batch : {};
    const given = listOf(fields, 'shipments');
    const entry = batches.add(caller, {
      state: given.length === 0 ? 'created' : 'creating',
      reference: textOf(fields, 'reference') || null,
      count: given.length,
      members: [],
      task: null,
      label: null,
      scanForm: null,
    });
    state.emit(caller, 'batch.created', batches.render(entry));
    return ok(
      given.length === 0
        ? batches.render(entry)
        : batches.startTask(entry, caller, { kind: 'create', given }),
    );
  });
  addRoute('GET', '/v2/batches', ({ caller, query }) => {
    limitList(caller);
    return page(state, batches.list(caller), query, 'batches', batches.render);
  });
  addRoute('GET', '/v2/batches/:id', ({ caller, id }) => ok(batches.render(batches.get(caller, id))));

  addRoute('POST', '/v2/batches/:id/add_shipments', ({ caller, id, body }) => {
    const entry = batches.getUnlocked(caller, id);
    addMembers(entry, caller, listOf(body, 'shipments'), shipments);
    batches.save(entry);
    return ok(batches.render(entry));
  });
  addRoute('POST', '/v2/batches/:id/remove_shipments', ({ caller, id, body }) => {
    const entry = batches.getUnlocked(caller, id);
    removeMembers(entry, caller, listOf(body, 'shipments').map(idOf), shipments);
    batches.save(entry);
    return ok(batches.render(entry));
  });
}

function removeMembers(
  entry: Entry<Batch>,
  caller: Caller,
  ids: (string | undefined)[],
  shipments: Shipments,
) {
  for (const { shipment } of entry.body.members) {
    if (!ids.includes(shipment)) continue;
    const member = shipments.get(caller, shipment);
    member.body.batch = null;
    shipments.save(member);
  }
  entry.body.members = entry.body.members.filter(({ shipment }) => !ids.includes(shipment));
  entry.body.count = entry.body.members.length;
}

/** Purchase, labels and scan form of a batch. */
function addTaskRoutes({ state, addRoute }: Api, { batches, scanForms }: Resources) {
  const getPurchased = (caller: Caller, id: string) => {
    const entry = batches.getUnlocked(caller, id);
    const { members } = entry.body;
    if (members.length === 0 || members.some(({ status }) => status !== 'postage_purchased')) {
      throw unprocessable('BATCH.STATE.NOT_PURCHASED', 'One or more of the shipments is not purchased.');
    }
    return entry;
  };

  addRoute('POST', '/v2/batches/:id/buy', ({ caller, id }) => {
    const entry = batches.getUnlocked(caller, id);
    for (const member of entry.body.members) {
      if (member.status === 'created' || member.status === 'postage_purchase_failed') {
        Object.assign(member, { status: 'queued_for_purchase', message: null });
      }
    }
    return ok(batches.startTask(entry, caller, { kind: 'buy' }));
  });
  addRoute('POST', '/v2/batches/:id/label', ({ caller, id, body }) => {
    const format = (textOf(body, 'file_format') ?? '').toUpperCase();
    const entry = getPurchased(caller, id);
    if (!isLabelFormat(format) || format === 'PNG') {
      // EasyPost misspells the code.
      throw unprocessable('BATCH.FILE_FORAMT.INVALID', 'The file format must be pdf, zpl or epl2.');
    }
    entry.body.state = 'label_generating';
    return ok(batches.startTask(entry, caller, { kind: 'label', format }));
  });
  addRoute('POST', '/v2/batches/:id/scan_form', ({ caller, id }) => {
    const entry = getPurchased(caller, id);
    const form = scanForms.add(caller, entry.id);
    entry.body.scanForm = form.id;
    state.emit(caller, 'scan_form.created', scanForms.render(form));
    return ok(batches.startTask(entry, caller, { kind: 'scan form' }));
  });
}
