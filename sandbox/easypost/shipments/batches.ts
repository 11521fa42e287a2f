import type { Addresses } from '../addresses/addresses.ts';
import {
  ApiError,
  idOf,
  isFields,
  listOf,
  missing,
  notFound,
  ok,
  refused,
  textOf,
  type Answer,
  type Drawn,
  type Fields,
  type On,
} from '../http.ts';
import { isLabelFormat, type Files, type LabelFormat } from './labels.ts';
import { page } from '../pagination.ts';
import type { Shipments } from './shipments.ts';
import {
  head,
  isoTime,
  longestDelay,
  openCollection,
  type Caller,
  type Entry,
  type Owner,
  type EasyPostState,
} from '../state.ts';

interface Member {
  shipment: string;
  service: string | null;
  carrier: string | null;
  status:
    'created' | 'queued_for_purchase' | 'creation_failed' | 'postage_purchased' | 'postage_purchase_failed';
  message: string | null;
}

interface Batch {
  state: string;
  reference: string | null;
  count: number;
  members: Member[];
  /** What goes on behind the answer, and until when. */
  task: {
    kind: 'create' | 'buy' | 'label' | 'scan form';
    due: number;
    caller: Caller;
    given: unknown[];
    format?: LabelFormat;
  } | null;
  label: string | null;
  scanForm: string | null;
}

interface ScanForm {
  status: 'creating' | 'created' | 'failed';
  message: string | null;
  tracking_codes: string[];
  address: string | null;
  file: string | null;
  batch: string;
}

/** Guess: how long a batch is busy; recorded is only that it answers before it is done. */
const busyFor = 2000;

/** Many shipments at once, worked on behind the answer; and the manifests, each of which is inside a batch. */
export function batches(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  { addresses, shipments, files }: { addresses: Addresses; shipments: Shipments; files: Files },
) {
  const kept = openCollection<Batch>(world, 'batch', 'batch');
  const forms = openCollection<ScanForm>(world, 'scan-form', 'sf');

  const find = (owner: Owner, id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined) throw notFound();
    settle(entry);
    return entry;
  };
  /** A batch that nothing is going on in. */
  const idle = (owner: Owner, id: string) => {
    const entry = find(owner, id);
    if (entry.body.state === 'creating') {
      throw new ApiError(423, 'BATCH.STATE.CREATING', 'Unable to modify batch while it is being created.');
    }
    return entry;
  };
  const begin = (
    entry: Entry<Batch>,
    caller: Caller,
    kind: NonNullable<Batch['task']>['kind'],
    more: Partial<Batch['task']> = {},
  ) => {
    entry.body.task = { kind, due: world.clock.now() + busyFor, caller, given: [], ...more };
    kept.save(entry);
    return ok(render(entry));
  };

  /** Does what is due. */
  function settle(entry: Entry<Batch>) {
    const { task } = entry.body;
    if (task === null || world.clock.now() < task.due) return;
    const before = { state: entry.body.state };
    entry.body.task = null;
    if (task.kind === 'create') add(entry, task.caller, task.given);
    if (task.kind === 'buy') buy(entry, task.caller);
    if (task.kind === 'label') label(entry, task.format ?? 'PDF');
    if (task.kind === 'scan form') {
      const form = forms.find(entry, entry.body.scanForm!)!;
      manifest(form, entry);
      world.announce(entry, 'scan_form.updated', renderForm(form), { status: 'creating' });
    }
    kept.save(entry);
    world.announce(entry, 'batch.updated', render(entry), before);
  }

  function add(entry: Entry<Batch>, caller: Caller, given: unknown[]) {
    for (const each of given) {
      const id = idOf(each);
      const fields: Fields = isFields(each) ? each : {};
      const member: Member = {
        shipment: id ?? '',
        service: textOf(fields, 'service'),
        carrier: textOf(fields, 'carrier'),
        status: 'created',
        message: null,
      };
      try {
        const shipment = id === undefined ? shipments.create(caller, fields) : shipments.find(caller, id);
        member.shipment = shipment.id;
        if (shipment.body.label !== null) member.status = 'postage_purchased';
        shipment.body.batch = { id: entry.id, status: member.status, message: null };
        shipments.save(shipment);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        Object.assign(member, { status: 'creation_failed', message: error.message });
      }
      entry.body.members.push(member);
    }
    entry.body.count = entry.body.members.length;
    const statuses = entry.body.members.map(({ status }) => status);
    entry.body.state = statuses.includes('creation_failed')
      ? 'creation_failed'
      : statuses.length > 0 && statuses.every((status) => status === 'postage_purchased')
        ? 'purchased'
        : 'created';
  }

  function buy(entry: Entry<Batch>, caller: Caller) {
    for (const member of entry.body.members) {
      if (member.status !== 'queued_for_purchase') continue;
      const shipment = shipments.find(entry, member.shipment);
      const rate = shipment.body.rates.find(
        ({ carrier, service }) => service === member.service && (member.carrier ?? carrier) === carrier,
      );
      try {
        if (rate === undefined)
          throw refused('SHIPMENT.RATES.UNAVAILABLE', 'No rate matches carrier and service.');
        shipments.buy(caller, shipment, rate);
        member.status = 'postage_purchased';
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        Object.assign(member, { status: 'postage_purchase_failed', message: error.message });
      }
      shipment.body.batch = { id: entry.id, status: member.status, message: member.message };
      shipments.save(shipment);
    }
    const failed = entry.body.members.some(({ status }) => status === 'postage_purchase_failed');
    entry.body.state = failed ? 'purchase_failed' : 'purchased';
  }

  function label(entry: Entry<Batch>, format: LabelFormat) {
    const first = shipments.find(entry, entry.body.members[0]!.shipment).body.label!.design;
    entry.body.label = files.publish('postage_label', format, {
      ...first,
      details: entry.body.members.map(
        ({ shipment }) => shipments.find(entry, shipment).body.label!.tracking_code,
      ),
    });
    entry.body.state = 'label_generated';
  }

  const render = (entry: Entry<Batch>): Drawn => {
    const { state, reference, count, members, scanForm, label: path } = entry.body;
    const number = (status: Member['status']) => members.filter((each) => each.status === status).length;
    return {
      ...head('Batch', entry),
      state,
      num_shipments: count,
      reference,
      scan_form: scanForm && renderForm(forms.find(entry, scanForm)!),
      shipments: members
        .filter(({ shipment }) => shipment !== '')
        .map(({ shipment, status, message }) => {
          const { body } = shipments.find(entry, shipment);
          return {
            batch_status: status,
            batch_message: message,
            reference: body.reference,
            tracking_code: body.label?.tracking_code ?? null,
            id: shipment,
          };
        }),
      status: {
        created: number('created'),
        queued_for_purchase: number('queued_for_purchase'),
        creation_failed: number('creation_failed'),
        postage_purchased: number('postage_purchased'),
        postage_purchase_failed: number('postage_purchase_failed'),
      },
      pickup: null,
      label_url: path && files.urlOf(path),
    };
  };

  on('POST', '/v2/batches', ({ caller, body }) => {
    const fields = isFields(body.batch) ? body.batch : {};
    const given = listOf(fields, 'shipments');
    const entry = kept.add(caller, {
      state: given.length === 0 ? 'created' : 'creating',
      reference: textOf(fields, 'reference') || null,
      count: given.length,
      members: [],
      task: null,
      label: null,
      scanForm: null,
    });
    world.announce(caller, 'batch.created', render(entry));
    return given.length === 0 ? ok(render(entry)) : begin(entry, caller, 'create', { given });
  });
  on('GET', '/v2/batches', ({ caller, query }) => {
    limitList(caller);
    const rows = kept.list(caller);
    rows.forEach(settle);
    return page(world, rows, query, 'batches', render);
  });
  on('GET', '/v2/batches/:id', ({ caller, id }) => ok(render(find(caller, id))));

  on('POST', '/v2/batches/:id/add_shipments', ({ caller, id, body }) => {
    const entry = idle(caller, id);
    add(entry, caller, listOf(body, 'shipments'));
    kept.save(entry);
    return ok(render(entry));
  });
  on('POST', '/v2/batches/:id/remove_shipments', ({ caller, id, body }) => {
    const entry = idle(caller, id);
    const gone = listOf(body, 'shipments').map(idOf);
    for (const { shipment } of entry.body.members) {
      if (!gone.includes(shipment)) continue;
      const member = shipments.find(caller, shipment);
      member.body.batch = null;
      shipments.save(member);
    }
    entry.body.members = entry.body.members.filter(({ shipment }) => !gone.includes(shipment));
    entry.body.count = entry.body.members.length;
    kept.save(entry);
    return ok(render(entry));
  });

  on('POST', '/v2/batches/:id/buy', ({ caller, id }) => {
    const entry = idle(caller, id);
    for (const member of entry.body.members) {
      if (member.status === 'created' || member.status === 'postage_purchase_failed') {
        Object.assign(member, { status: 'queued_for_purchase', message: null });
      }
    }
    return begin(entry, caller, 'buy');
  });
  const purchased = (caller: Caller, id: string) => {
    const entry = idle(caller, id);
    const { members } = entry.body;
    if (members.length === 0 || members.some(({ status }) => status !== 'postage_purchased')) {
      throw refused('BATCH.STATE.NOT_PURCHASED', 'One or more of the shipments is not purchased.');
    }
    return entry;
  };
  on('POST', '/v2/batches/:id/label', ({ caller, id, body }) => {
    const format = (textOf(body, 'file_format') ?? '').toUpperCase();
    const entry = purchased(caller, id);
    // The code is misspelt at EasyPost too.
    if (!isLabelFormat(format) || format === 'PNG') {
      throw refused('BATCH.FILE_FORAMT.INVALID', 'The file format must be pdf, zpl or epl2.');
    }
    entry.body.state = 'label_generating';
    return begin(entry, caller, 'label', { format });
  });
  on('POST', '/v2/batches/:id/scan_form', ({ caller, id }): Answer => {
    const entry = purchased(caller, id);
    const form = forms.add(caller, newForm(entry.id));
    entry.body.scanForm = form.id;
    world.announce(caller, 'scan_form.created', renderForm(form));
    return begin(entry, caller, 'scan form');
  });

  const newForm = (batch: string): ScanForm => ({
    status: 'creating',
    message: null,
    tracking_codes: [],
    address: null,
    file: null,
    batch,
  });

  /** Draws up the manifest, or says in it why not. */
  function manifest(form: Entry<ScanForm>, batch: Entry<Batch>) {
    const members = batch.body.members.map(({ shipment }) => shipments.find(batch, shipment));
    const labels = members.map(({ body }) => body.label!);
    form.body.status = 'created';
    form.body.tracking_codes = labels.map(({ tracking_code }) => tracking_code);
    form.body.address = members[0]!.body.from;
    form.body.file = files.publish('scan_form', 'PDF', {
      ...labels[0]!.design,
      title: 'SCAN FORM',
      details: form.body.tracking_codes,
    });
    forms.save(form);
    for (const member of members) {
      member.body.scanForm = form.id;
      shipments.save(member);
    }
  }

  const renderForm = (entry: Entry<ScanForm>): Drawn => {
    const { status, message, tracking_codes, address, file, batch } = entry.body;
    return {
      ...head('ScanForm', entry),
      mode: undefined,
      tracking_codes,
      address: address && addresses.render(addresses.find(entry, address)),
      status,
      message,
      form_url: file && files.urlOf(file),
      form_file_type: null,
      batch_id: batch,
      confirmation: null,
    };
  };

  on('POST', '/v2/scan_forms', ({ caller, body }) => {
    const fields = isFields(body.scan_form) ? body.scan_form : body;
    // One client library sends the list under the singular, which was recorded as accepted.
    const given = [...listOf(fields, 'shipments'), ...listOf(fields, 'shipment')];
    if (given.length === 0) throw missing('shipments');
    const members = given.map((each) => shipments.find(caller, idOf(each) ?? ''));
    const failure = (why: string) => refused('SCAN_FORM.CREATE.FAILURE', `Unable to create manifest. ${why}`);
    if (members.some(({ body: { label: bought } }) => bought === null)) {
      throw refused(
        'SCAN_FORM.BATCH.NOT_PURCHASED',
        'Unable to create manifest. All shipments must be purchased.',
      );
    }
    const manifested = members.filter(({ body: shipment }) => shipment.scanForm !== null);
    if (manifested.length > 0) {
      throw failure(
        `${manifested.length} of the specified shipments have already been manifested: ${manifested.map(({ id }) => id).join(', ')}`,
      );
    }
    if (members.some((each) => shipments.refundStatus(each) !== null))
      throw failure('A label has been refunded.');
    const labels = members.map(({ body: shipment }) => shipment.label!);
    if (labels.some(({ rate }) => rate.carrier !== 'USPS')) {
      throw refused('SCAN_FORM.CREATE.CARRIER_NOT_SUPPORTED', 'The carrier has no scan forms.');
    }
    // Documented: label dates today or later, and one carrier account; the wording is a guess.
    const today = isoTime(world.clock.now() - longestDelay).slice(0, 10);
    if (labels.some(({ date }) => date.slice(0, 10) < today)) throw failure('A label date is in the past.');
    if (new Set(labels.map(({ rate }) => rate.carrier_account_id)).size > 1) {
      throw failure('All shipments must be of the same carrier account.');
    }
    const origin = ({ body: { from } }: (typeof members)[number]) => {
      const { street1, city, zip } = addresses.find(caller, from).body;
      return [street1, city, zip].join('\n').toUpperCase();
    };
    if (new Set(members.map(origin)).size > 1) throw failure('All shipments must have the same origin.');
    const batch = kept.add(caller, {
      state: 'purchased',
      reference: null,
      count: members.length,
      members: members.map(({ id }) => ({
        shipment: id,
        service: null,
        carrier: null,
        status: 'postage_purchased' as const,
        message: null,
      })),
      task: null,
      label: null,
      scanForm: null,
    });
    const form = forms.add(caller, newForm(batch.id));
    manifest(form, batch);
    batch.body.scanForm = form.id;
    kept.save(batch);
    return ok(renderForm(form));
  });
  on('GET', '/v2/scan_forms', ({ caller, query }) => {
    limitList(caller);
    return page(world, forms.list(caller), query, 'scan_forms', renderForm);
  });
  on('GET', '/v2/scan_forms/:id', ({ caller, id }) => {
    const entry = forms.find(caller, id);
    if (entry === undefined) throw notFound();
    find(caller, entry.body.batch);
    return ok(renderForm(forms.find(caller, id)!));
  });

  return {
    /** Of a batch that is there: while it is made it can't be used. */
    members: (owner: Owner, id: string) => idle(owner, id).body.members.map(({ shipment }) => shipment),
    /** Does what is due in all batches. */
    settle: () => kept.all().forEach(settle),
  };
}
