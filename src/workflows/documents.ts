import type { CallOptions, LabelApi } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import type { CreatedManifest } from '../domain/manifest.ts';
import { formatOfFile, type LabelFormat } from '../domain/shipment.ts';
import type {
  DocumentLocation,
  DocumentRecords,
  MissingLabel,
  ParcelDocument,
} from '../storage/records/documents.ts';
import type { WorkflowDependencies } from './dependencies.ts';

/** A document to print. */
export interface Printable {
  readonly format: LabelFormat;
  readonly data: Uint8Array;
}

/** `voided` where the label is, or a refund of it is requested; `redacted` where its retention has ended. */
type DocumentResult = Printable | 'voided' | 'redacted' | undefined;

export interface Documents {
  /**
   * Reads a label, a form of a label, or a manifest: from storage, or from its provider where fetching it failed before.
   * Returns undefined where it is not available now.
   */
  read(location: DocumentLocation): Promise<DocumentResult>;
}

const fetchTimeoutMs = 60_000;

export function createDocuments(dependencies: WorkflowDependencies): Documents {
  const { documents } = dependencies.storage;
  return {
    async read(location) {
      if (location.id.startsWith('man_')) return readManifest(dependencies, location.id);
      if (location.form !== undefined) {
        return readParcelDocument(dependencies, await documents.form(location), ({ data }) =>
          documents.saveForm(location, data),
        );
      }
      const label = await documents.label(location);
      return readParcelDocument(dependencies, label, ({ data }) =>
        documents.saveLabel(location.id, { position: location.position, label_source: label!.source }, data),
      );
    },
  };
}

async function readParcelDocument(
  { adapterOf }: WorkflowDependencies,
  document: ParcelDocument | undefined,
  save: (fetched: Printable) => Promise<void>,
): Promise<DocumentResult> {
  if (document === undefined) return undefined;
  const { tenant_id, account_id, state, refund, redacted_at, format, source } = document;
  if (state === 'VOIDED' || refund?.status === 'REQUESTED') return 'voided';
  if (state !== 'PURCHASED') return undefined;
  if (redacted_at) return 'redacted';
  if (document.data) return toPrintable(format, document.data);
  const data = await fetchDocument(adapterOf(tenant_id, account_id)?.labels, source);
  if (data === undefined) return undefined;
  const printable = toPrintable(format, data);
  await save(printable);
  return printable;
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
  if (row.document) return toPrintable(format, row.document);
  const source = 'source' in form ? form.source : null;
  const data = await fetchDocument(adapterOf(row.tenant_id, row.account_id)?.manifests, source);
  if (data === undefined) return undefined;
  await documents.saveManifest(id, data);
  return toPrintable(format, data);
}

/** The file itself says its format; `format` is the one expected of it. */
const toPrintable = (format: LabelFormat, data: Uint8Array): Printable => ({
  format: formatOfFile(data) ?? format,
  data,
});

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
