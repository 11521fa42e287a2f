import { randomUUID } from 'node:crypto';

import pMap, { pMapIterable } from 'p-map';

import type { LabelDocumentContent, LabelDocumentFormat, LabelLocation, LabelSkip } from '../../domain/label-document.ts'; // prettier-ignore
import type { LabelFormat } from '../../domain/shipment.ts';
import type { LabelFormats, StoredLabelDocument } from '../../storage/records/label-documents.ts';
import type { StoredParcel, StoredShipment } from '../../storage/shipments.ts';
import type { WorkflowDependencies } from '../dependencies.ts';
import type { Documents, Printable } from '../documents.ts';
import { reasonAgainstPrinting } from '../printable.ts';
import { createShared } from '../shared.ts';
import type { LabelWriter } from './writer.ts';

/** Many labels as one file. */
export interface LabelDocuments {
  /**
   * Selects the labels of shipments in a format, each shipment once, in the order given. Labels that are still at their
   * provider are fetched. Nothing is printed that must not be used.
   */
  create(request: LabelDocumentRequest): Promise<StoredLabelDocument>;
  /** Makes the file. What was voided since is on its slip. Returns undefined where there is no such document. */
  read(id: string): Promise<Printable | undefined>;
  /** Deletes documents that have expired. */
  prune(): Promise<void>;
}

export interface LabelDocumentRequest extends Pick<LabelDocumentContent, 'format' | 'layout'> {
  /** The tenant's shipments by the ids that were asked for; undefined for an id that is none of theirs. */
  readonly shipments: readonly (readonly [id: string, shipment: StoredShipment | undefined])[];
}

const lifetimeMs = 24 * 60 * 60 * 1000;
const readsAtOnce = 8;
/** The id of a document begins so, as that of a shipment does not. */
export const isLabelDocument = (id: string): boolean => id.startsWith('ldc_');

interface Candidate {
  readonly shipment: StoredShipment;
  readonly parcel: StoredParcel;
}
interface Skipped {
  readonly skip: LabelSkip;
}

export function createLabelDocuments(
  dependencies: WorkflowDependencies,
  documents: Documents,
): LabelDocuments {
  const { clock, storage } = dependencies;
  const records = storage.labelDocuments;
  const shared = createShared<Printable | undefined>();
  const plan = createLabelDocumentPlan(dependencies, documents);
  return {
    async create(request) {
      const document = await plan.create(request);
      await records.save(document);
      return document;
    },
    read: (id) =>
      shared(id, async () => {
        const document = await records.find(id);
        return (
          document && { name: 'labels', format: document.format, data: await write(document, documents) }
        );
      }),
    prune: () => records.prune(clock.now()),
  };
}

/** Creates the selection of labels alone, which stores no document. */
export function createLabelDocumentPlan(
  { storage, clock }: WorkflowDependencies,
  documents: Documents,
): Pick<LabelDocuments, 'create'> {
  return {
    async create({ shipments, format, layout }) {
      const ids = shipments.flatMap(([, shipment]) => shipment?.id ?? []);
      const formats = await storage.labelDocuments.formats(ids);
      const formatsOf = new Map(formats.map((row) => [keyOf(row), row]));
      const seen = new Set<string>();
      const candidates = shipments.flatMap(([id, shipment]): readonly (Candidate | Skipped)[] => {
        const isRepeated = seen.has(id);
        seen.add(id);
        if (isRepeated) return [skip(id, 'is given more than once: its label is included once')];
        if (shipment === undefined) return [skip(id, 'is no shipment of yours')];
        return shipment.parcels.map((parcel) => ({ shipment, parcel }));
      });
      const found = await pMap(
        candidates,
        async (candidate) =>
          'skip' in candidate
            ? candidate
            : select(candidate, formatsOf.get(keyOf(candidate.parcel))!, format, documents),
        { concurrency: readsAtOnce },
      );
      return {
        id: `ldc_${randomUUID()}`,
        expiresAt: new Date(clock.now() + lifetimeMs),
        format,
        layout,
        labels: found.flatMap((each) => ('label' in each ? each.label : [])),
        skipped: found.flatMap((each) => ('skip' in each ? each.skip : [])),
      };
    },
  };
}

const keyOf = ({ shipment_id, position }: { shipment_id: string; position: number }) =>
  `${shipment_id} ${position}`;

const skip = (shipmentId: string, reason: string): Skipped => ({ skip: { shipmentId, reason } });

/** Selects the label of a parcel in a format, or gives the reason why it can't be included. */
async function select(
  { shipment, parcel }: Candidate,
  stored: LabelFormats,
  wanted: LabelDocumentFormat,
  documents: Documents,
): Promise<{ readonly label: LabelLocation } | Skipped> {
  const { id, parcels } = shipment;
  const { position } = parcel;
  const skipParcel = (reason: string) =>
    skip(id, parcels.length === 1 ? reason : `parcel ${position + 1} ${reason}`);
  const reason = reasonAgainstPrinting(shipment, parcel);
  if (reason !== undefined) return skipParcel(reason);

  // A file that is fetched may have another format than the one that was asked for.
  const purchased = stored.is_stored ? stored.label_format : await fetchFormat({ id, position }, documents);
  for (const format of usableFormats[wanted]) {
    if (purchased === format) return { label: { id, position } };
    if (stored.reprints.includes(format)) return { label: { id, position, reprint: format } };
  }
  return purchased === undefined
    ? skipParcel('has a label that the provider does not return now: ask again later')
    : skipParcel(`has a label in ${purchased}: reprint it as ${wanted} with labelReprint, then ask again`);
}

/** The formats of labels that a document can include, the best first. */
const usableFormats: Readonly<Record<LabelDocumentFormat, readonly LabelFormat[]>> = {
  PDF: ['PDF', 'PNG'],
  ZPL: ['ZPL'],
};

async function fetchFormat(location: LabelLocation, documents: Documents): Promise<LabelFormat | undefined> {
  const label = await documents.read(location);
  return typeof label === 'object' ? label.format : undefined;
}

async function write(document: StoredLabelDocument, documents: Documents): Promise<Buffer> {
  const skipped = [...document.skipped];
  const writer = await createWriter(document);
  const labels = pMapIterable(
    document.labels,
    async (location) => ({ location, label: await documents.read(location) }),
    { concurrency: readsAtOnce },
  );
  for await (const { location, label } of labels) {
    const reason = await add(writer, label);
    if (reason !== undefined) skipped.push({ shipmentId: location.id, reason });
  }
  return writer.finish(skipped);
}

/** Adds a label; returns why it is not there where it can't be. */
async function add(
  writer: LabelWriter,
  label: Awaited<ReturnType<Documents['read']>>,
): Promise<string | undefined> {
  if (label === 'voided') return 'was voided: its label must not be used';
  if (label === 'redacted') return 'is so old that its label was deleted';
  if (label === undefined) return 'has a label that the provider does not return now: ask again later';
  try {
    await writer.add(label);
    return undefined;
  } catch {
    return 'has a label whose file cannot be read: print it from its own link';
  }
}

/** Imports what a format needs only when it is needed: drawing PDF takes long to load. */
async function createWriter({ format, layout, expiresAt }: StoredLabelDocument): Promise<LabelWriter> {
  if (format === 'ZPL') return (await import('./zpl.ts')).createZplWriter();
  const { createPdfWriter } = await import('./pdf.ts');
  return createPdfWriter(layout, new Date(expiresAt.getTime() - lifetimeMs));
}
