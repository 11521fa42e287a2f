import type { Addresses } from '../addresses/addresses.ts';
import { commonFields, openCollection, type Collection, type Entry } from '../collection.ts';
import { grouped } from '../../printing/number-groups.ts';
import type { FormDesign } from '../../printing/forms.ts';
import type { Files } from '../files.ts';
import type { ApiObject } from '../http.ts';
import type { Shipment } from '../shipments/shipment.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { EasyPostState, Owner } from '../state.ts';

interface ScanForm {
  status: 'creating' | 'created' | 'failed';
  message: string | null;
  tracking_codes: string[];
  address: string | null;
  /** The path of its file. */
  file: string | null;
  batch: string;
}

/** The stored scan forms (manifests) of all users. Each belongs to a batch. */
export interface ScanForms extends Pick<Collection<ScanForm>, 'get' | 'list'> {
  /** Adds a scan form in status `creating`. */
  add(owner: Owner, batch: string): Entry<ScanForm>;
  /** Fills in a scan form from the shipments of its batch, and marks them as manifested. */
  complete(form: Entry<ScanForm>, members: readonly Entry<Shipment>[]): void;
  render(entry: Entry<ScanForm>): ApiObject;
}

/** The form that USPS scans in place of the labels: it names the sender and every number, and no receiver. */
const scanFormDesign = (
  from: readonly string[],
  codes: readonly string[],
  mailed: string,
  serial: number,
): FormDesign => ({
  title: 'SCAN FORM',
  blocks: [
    { heading: 'SHIPPED FROM', lines: from },
    { heading: 'SHIPMENT', lines: [`${codes.length} pieces`, `Mailing date ${mailed.slice(0, 10)}`, 'USPS'] },
  ],
  // Guess: the form's own number.
  barcode: { type: 'gs1-128', number: `9475000208${String(serial).slice(-12)}` },
  table: {
    columns: [
      { heading: '#', share: 1 },
      { heading: 'Tracking number', share: 9 },
    ],
    rows: codes.map((code, index) => [String(index + 1), grouped(code)]),
  },
});

export function createScanForms(
  state: EasyPostState,
  { addresses, shipments, files }: { addresses: Addresses; shipments: Shipments; files: Files },
): ScanForms {
  const { add, get, list, save } = openCollection<ScanForm>(state, 'scan-form', 'sf');
  return {
    get,
    list,
    add: (owner, batch) =>
      add(owner, {
        status: 'creating',
        message: null,
        tracking_codes: [],
        address: null,
        file: null,
        batch,
      }),
    complete(form, members) {
      const labels = members.map(({ body }) => body.label!);
      form.body.status = 'created';
      form.body.tracking_codes = labels.map(({ tracking_code }) => tracking_code);
      form.body.address = members[0]!.body.from;
      const design = scanFormDesign(
        labels[0]!.design.from,
        form.body.tracking_codes,
        labels[0]!.date,
        form.created,
      );
      form.body.file = files.publish('scan_form', 'PDF', { form: design });
      save(form);
      for (const member of members) {
        member.body.scanForm = form.id;
        shipments.save(member);
      }
    },
    render(entry) {
      const { status, message, tracking_codes, address, file, batch } = entry.body;
      return {
        ...commonFields('ScanForm', entry),
        mode: undefined,
        tracking_codes,
        address: address && addresses.render(addresses.get(entry, address)),
        status,
        message,
        form_url: file && files.urlOf(file),
        form_file_type: null,
        batch_id: batch,
        confirmation: null,
      };
    },
  };
}
