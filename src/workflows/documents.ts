import type { CallOptions, LabelApi } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import type { CreatedManifest } from '../domain/manifest.ts';
import { formatOfFile, type LabelFormat } from '../domain/shipment.ts';
import { restorePrinterModes } from '../domain/zpl.ts';
import type {
  DocumentLocation,
  DocumentRecords,
  MissingLabel,
  ParcelDocument,
} from '../storage/records/documents.ts';
import type { WorkflowDependencies } from './dependencies.ts';

/** A document to print. */
export interface Printable {
  /** A name for its file, without an extension: the tracking number, or the id of the shipment or manifest. */
  readonly name: string;
  readonly format: LabelFormat;
  readonly data: Uint8Array;
}

/** `voided` where the label is, or a refund of it is requested; `redacted` where its retention has ended. */
type DocumentResult = Printable | 'voided' | 'redacted' | undefined;

export interface Documents {
  /**
   * Reads a label, a reprint or a form of it, or a manifest: from storage, or from its provider where fetching it failed before.
   * Returns undefined where it is not available now.
   */
  read(location: DocumentLocation): Promise<DocumentResult>;
}

const fetchTimeoutMs = 60_000;

export function createDocuments(dependencies: WorkflowDependencies): Documents {
  return {
    async read(location) {
      if (location.id.startsWith('man_')) return readManifest(dependencies, location.id);
      return readParcelDocument(dependencies, location);
    },
  };
}

/** Reads a document of a parcel, with the function that stores it once it is fetched. */
async function findParcelDocument(
  documents: DocumentRecords,
  location: DocumentLocation,
): Promise<{ document?: ParcelDocument; save?(data: Uint8Array): Promise<void> }> {
  const { id, position } = location;
  if (location.reprint !== undefined) return { document: await documents.reprint(location) };
  if (location.form !== undefined) {
    return {
      document: await documents.form(location),
      save: (data) => documents.saveForm(location, data),
    };
  }
  const document = await documents.label(location);
  const label_source = document?.source ?? null;
  return { document, save: (data) => documents.saveLabel(id, { position, label_source }, data) };
}

async function readParcelDocument(
  { adapterOf, storage: { documents } }: WorkflowDependencies,
  location: DocumentLocation,
): Promise<DocumentResult> {
  const { document, save } = await findParcelDocument(documents, location);
  if (document === undefined) return undefined;
  const { tenant_id, account_id, state, refund, redacted_at, format, source } = document;
  if (state === 'VOIDED' || refund?.status === 'REQUESTED') return 'voided';
  if (state !== 'PURCHASED') return undefined;
  if (redacted_at) return 'redacted';
  const label = document.tracking_number ?? `${location.id}-${location.position + 1}`;
  const name = [label, document.formName].filter(Boolean).join(' ');
  if (document.data) return toPrintable(name, format, document.data);
  const data = await fetchDocument(adapterOf(tenant_id, account_id)?.labels, source);
  if (data === undefined) return undefined;
  await save?.(data);
  return toPrintable(name, format, data);
}

async function readManifest(
  { storage: { documents }, adapterOf }: WorkflowDependencies,
  id: string,
): Promise<DocumentResult> {
  const row = await documents.manifest(id);
  if (row?.redacted_at) return 'redacted';
  const { form } = (row?.result ?? {}) as Partial<CreatedManifest>;
  if (row === undefined || form === undefined) return undefined;
  const { format } = form;
  if (row.document) return toPrintable(id, format, row.document);
  const source = 'source' in form ? form.source : null;
  const data = await fetchDocument(adapterOf(row.tenant_id, row.account_id)?.manifests, source);
  if (data === undefined) return undefined;
  await documents.saveManifest(id, data);
  return toPrintable(id, format, data);
}

/** The file itself says its format; `expected` is the one expected of it. */
function toPrintable(name: string, expected: LabelFormat, data: Uint8Array): Printable {
  const format = formatOfFile(data) ?? expected;
  return { name, format, data: format === 'ZPL' ? restorePrinterModes(data) : data };
}

/** Fetches and stores labels that their provider keeps. Those not available now are fetched when they are read. */
export async function fetchLabels(
  documents: DocumentRecords,
  shipmentId: string,
  missing: readonly MissingLabel[],
  labels: LabelApi | undefined,
): Promise<void> {
  await Promise.all(
    missing.map(async (label) => {
      const data = await fetchDocument(labels, label.label_source);
      if (data) await documents.saveLabel(shipmentId, label, data);
    }),
  );
}

/** Fetches a document; returns undefined where its provider does not return it now. */
async function fetchDocument(
  api: { fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array> } | undefined,
  source: string | null,
): Promise<Uint8Array | undefined> {
  if (!source || api?.fetchDocument === undefined) return undefined;
  try {
    return await api.fetchDocument(source, { signal: AbortSignal.timeout(fetchTimeoutMs) });
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
