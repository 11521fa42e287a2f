import type { Kysely } from 'kysely';

import type { CallOptions, LabelApi } from '../carriers/adapter.ts';
import { ProviderError } from '../domain/errors.ts';
import type { CreatedManifest } from '../domain/handover.ts';
import type { LabelFormat, LabelLink, ShipmentForm } from '../domain/shipment.ts';
import type { Database } from '../storage/database.ts';
import type { AdapterOf } from './purchases.ts';
import type { ParcelRow, ShipmentRow, Tables } from '../storage/tables.ts';

/** A document to print. */
export interface Printable {
  readonly format: LabelFormat;
  readonly data: Uint8Array;
}

export interface Labels {
  /**
   * The document of a label, of one of its forms or of a manifest: from the ledger, or fetched once more where fetching
   * failed at first; undefined where it can't be had now.
   */
  read(link: Omit<LabelLink, 'expiresAt'>): Promise<Printable | 'given back' | 'deleted' | undefined>;
}

const fetchTimeoutMs = 60_000;

export function createLabels(db: Database, carrierOf: AdapterOf): Labels {
  const labelOf = async ({ id, position }: Pick<LabelLink, 'id' | 'position'>) => {
    const row = await db
      .selectFrom('shipments')
      .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
      .select([
        'tenant_id',
        'account_id',
        'state',
        'refund',
        'label',
        'label_source',
        'label_format',
        'blanked_at',
      ])
      .where('id', '=', id)
      .where('position', '=', position)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const judgement = judged(row);
    if (judgement !== 'printable') return judgement;
    if (row.label) return { format: row.label_format, data: row.label };
    const data = await fetchLabel(db, id, position, row.label_source, carrierOf(row.tenant_id, row.account_id)?.labels); // prettier-ignore
    return data && { format: row.label_format, data };
  };

  const manifestOf = async (id: string): Promise<Printable | 'deleted' | undefined> => {
    const row = await db
      .selectFrom('errands')
      .select(['tenant_id', 'account_id', 'result', 'document', 'blanked_at'])
      .where('id', '=', id)
      .where('kind', '=', 'manifestCreate')
      .executeTakeFirst();
    if (row?.blanked_at) return 'deleted';
    const { form } = (row?.result ?? {}) as Partial<CreatedManifest>;
    if (row === undefined || form === undefined) return undefined;
    if (row.document) return { format: form.format, data: row.document };
    const source = 'source' in form ? form.source : null;
    const data = await fetchFrom(carrierOf(row.tenant_id, row.account_id)?.manifests, source);
    if (data === undefined) return undefined;
    const kept = { document: Buffer.from(data) };
    // Not what has been deleted meanwhile.
    await db.updateTable('errands').set(kept).where('id', '=', id).where('blanked_at', 'is', null).execute();
    return { format: form.format, data };
  };

  const formOf = async ({ id, position, form }: Omit<LabelLink, 'expiresAt'>) => {
    const row = await db
      .selectFrom('shipments')
      .innerJoin('parcels', 'parcels.shipment_id', 'shipments.id')
      .innerJoin('forms', (join) =>
        join
          .onRef('forms.shipment_id', '=', 'parcels.shipment_id')
          .onRef('forms.position', '=', 'parcels.position'),
      )
      .select(['tenant_id', 'account_id', 'state', 'refund', 'blanked_at', 'format', 'source', 'data'])
      .where('id', '=', id)
      .where('parcels.position', '=', position)
      .where('number', '=', form!)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const judgement = judged(row);
    if (judgement !== 'printable') return judgement;
    const { format, source } = row;
    if (row.data) return { format, data: row.data };
    const data = await fetchFrom(carrierOf(row.tenant_id, row.account_id)?.labels, source);
    if (data === undefined) return undefined;
    await db
      .updateTable('forms')
      .set({ data: Buffer.from(data) })
      .where('shipment_id', '=', id)
      .where('position', '=', position)
      .where('number', '=', form!)
      .where('source', 'is not', null)
      .execute();
    return { format, data };
  };

  return {
    async read(link) {
      if (link.id.startsWith('man_')) return manifestOf(link.id);
      return link.form === undefined ? labelOf(link) : formOf(link);
    },
  };
}

/** Whether a parcel's papers, its label and what goes with it, may be printed; undefined where it was not sold. */
function judged({
  state,
  refund,
  blanked_at,
}: Pick<ParcelRow & ShipmentRow, 'state' | 'refund' | 'blanked_at'>) {
  if (state === 'VOIDED' || refund?.status === 'REQUESTED') return 'given back';
  if (state !== 'SOLD') return undefined;
  return blanked_at ? 'deleted' : 'printable';
}

/** Fetches the labels of a purchase that lie with the provider; those that can't be had now are fetched when asked for. */
export async function fetchMissingLabels(
  db: Database,
  shipmentId: string,
  desk: LabelApi | undefined,
): Promise<void> {
  const missing = await db
    .selectFrom('parcels')
    .select(['position', 'label_source'])
    .where('shipment_id', '=', shipmentId)
    .where('label', 'is', null)
    .execute();
  await Promise.all(
    missing.map((each) => fetchLabel(db, shipmentId, each.position, each.label_source, desk)),
  );
}

/** What else is to be printed for a parcel; fetched when it is asked for. */
export async function addForms(
  db: Kysely<Tables>,
  shipmentId: string,
  position: number,
  forms: readonly ShipmentForm[],
): Promise<void> {
  if (forms.length === 0) return;
  const rows = forms.map(({ name, document }, number) => ({
    shipment_id: shipmentId,
    position,
    number,
    name,
    format: document.format,
    source: 'source' in document ? document.source : null,
    data: 'data' in document ? Buffer.from(document.data) : null,
  }));
  await db.insertInto('forms').values(rows).execute();
}

async function fetchLabel(
  db: Database,
  shipmentId: string,
  position: number,
  source: string | null,
  desk: LabelApi | undefined,
): Promise<Uint8Array | undefined> {
  const data = await fetchFrom(desk, source);
  if (data === undefined) return undefined;
  await db
    .updateTable('parcels')
    .set({ label: Buffer.from(data) })
    .where('shipment_id', '=', shipmentId)
    .where('position', '=', position)
    // Deleted meanwhile, it stays so.
    .where('label_source', '=', source)
    .execute();
  return data;
}

/** A document that its provider keeps, or undefined where it does not hand it out now. */
async function fetchFrom(
  desk: { fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array> } | undefined,
  source: string | null,
): Promise<Uint8Array | undefined> {
  if (!source || desk?.fetchDocument === undefined) return undefined;
  const call = { signal: AbortSignal.timeout(fetchTimeoutMs) };
  return desk.fetchDocument(source, call).catch((error: unknown) => {
    if (error instanceof ProviderError) return undefined;
    throw error;
  });
}
