import type { Addresses } from '../addresses/addresses.ts';
import { missingParameter, unprocessable } from '../api-error.ts';
import type { Entry } from '../collection.ts';
import { earliestLocalDate } from '../dates.ts';
import { idOf, isFields, listOf } from '../fields.ts';
import { ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import type { LabelRefunds } from '../shipments/label-refunds.ts';
import type { Shipment } from '../shipments/shipment.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { Batches } from './batches.ts';
import type { ScanForms } from './scan-forms.ts';

interface Resources {
  addresses: Addresses;
  shipments: Shipments;
  labelRefunds: LabelRefunds;
  batches: Batches;
  scanForms: ScanForms;
}

export function addScanFormRoutes({ state, addRoute, limitList }: Api, resources: Resources) {
  const { shipments, batches, scanForms } = resources;

  addRoute('POST', '/v2/scan_forms', ({ caller, body }) => {
    const fields = isFields(body.scan_form) ? body.scan_form : body;
    // Recorded: one client library sends the list as `shipment`, which EasyPost accepts.
    const given = [...listOf(fields, 'shipments'), ...listOf(fields, 'shipment')];
    if (given.length === 0) throw missingParameter('shipments');
    const members = given.map((value) => shipments.get(caller, idOf(value) ?? ''));
    checkManifestable(members, earliestLocalDate(state.clock.now()), resources);
    const batch = batches.add(caller, {
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
    const form = scanForms.add(caller, batch.id);
    scanForms.complete(form, members);
    batch.body.scanForm = form.id;
    batches.save(batch);
    return ok(scanForms.render(form));
  });
  addRoute('GET', '/v2/scan_forms', ({ caller, query }) => {
    limitList(caller);
    return page(state, scanForms.list(caller), query, 'scan_forms', scanForms.render);
  });
  addRoute('GET', '/v2/scan_forms/:id', ({ caller, id }) => {
    // Reading the batch completes the scan form if it is due.
    batches.get(caller, scanForms.get(caller, id).body.batch);
    return ok(scanForms.render(scanForms.get(caller, id)));
  });
}

/**
 * Throws where one scan form cannot hold all the labels. Documented: the label dates are today or later, and all labels
 * have one carrier account. Guess: the wording.
 */
function checkManifestable(
  members: readonly Entry<Shipment>[],
  today: string,
  { addresses, labelRefunds }: Resources,
) {
  if (members.some(({ body }) => body.label === null)) {
    throw unprocessable(
      'SCAN_FORM.BATCH.NOT_PURCHASED',
      'Unable to create manifest. All shipments must be purchased.',
    );
  }
  const manifested = members.filter(({ body }) => body.scanForm !== null);
  if (manifested.length > 0) {
    throw failure(
      `${manifested.length} of the specified shipments have already been manifested: ${manifested.map(({ id }) => id).join(', ')}`,
    );
  }
  if (members.some((each) => labelRefunds.status(each) !== null)) throw failure('A label has been refunded.');
  const labels = members.map(({ body }) => body.label!);
  if (labels.some(({ rate }) => rate.carrier !== 'USPS')) {
    throw unprocessable('SCAN_FORM.CREATE.CARRIER_NOT_SUPPORTED', 'The carrier has no scan forms.');
  }
  if (labels.some(({ date }) => date.slice(0, 10) < today)) throw failure('A label date is in the past.');
  if (new Set(labels.map(({ rate }) => rate.carrier_account_id)).size > 1) {
    throw failure('All shipments must be of the same carrier account.');
  }
  const origins = members.map((member) => {
    const { street1, city, zip } = addresses.get(member, member.body.from).body;
    return [street1, city, zip].join('\n').toUpperCase();
  });
  if (new Set(origins).size > 1) throw failure('All shipments must have the same origin.');
}

const failure = (reason: string) =>
  unprocessable('SCAN_FORM.CREATE.FAILURE', `Unable to create manifest. ${reason}`);
