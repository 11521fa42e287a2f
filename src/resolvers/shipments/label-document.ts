import type { Context } from '../../auth/context.ts';
import { throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { LabelDocumentFormat } from '../../domain/label-document.ts';
import type { LabelDocumentInput, ResolversTypes } from '../../generated/resolvers-types.ts';
import { requireCaller } from '../require-caller.ts';
import { issueLink } from './documents.ts';

const maxShipments = 1000;

/** Selects the labels of shipments for one file and issues its link. The file is made when it is downloaded. */
export async function labelDocument(
  { shipmentIds, format, layout }: LabelDocumentInput,
  context: Context,
): Promise<Awaited<ResolversTypes['LabelDocument']>> {
  requireCaller(context);
  throwIfInvalid(inputErrors({ shipmentIds, format, layout }));
  const shipments = await Promise.all(
    shipmentIds.map(async (id) => [id, await context.loaders.shipment.load(id)] as const),
  );
  const document = await context.workflows.labelDocuments.create({
    shipments,
    format: format as LabelDocumentFormat,
    layout: layout ?? 'SINGLE',
  });
  const { url, contentType, expiresAt } = issueLink(
    { id: document.id, position: 0 },
    document.format,
    context,
  );
  return { url, contentType, expiresAt, labels: document.labels.length, skipped: document.skipped };
}

function inputErrors({ shipmentIds, format, layout }: LabelDocumentInput): UserError[] {
  const errors: UserError[] = [];
  const invalid = (code: UserError['code'], field: string, message: string) =>
    void errors.push({ code, field: ['input', field], message });
  if (shipmentIds.length === 0) invalid('REQUIRED', 'shipmentIds', 'give the id of a shipment at least');
  if (shipmentIds.length > maxShipments) {
    invalid(
      'TOO_MANY',
      'shipmentIds',
      `has ${shipmentIds.length} ids; a document takes up to ${maxShipments}`,
    );
  }
  if (format === 'PNG') invalid('INVALID', 'format', 'an image holds one label; use PDF or ZPL');
  if (format === 'ZPL' && layout != null && layout !== 'SINGLE') {
    invalid('INVALID', 'layout', 'a label printer prints one label at a time; leave it out, or use PDF');
  }
  return errors;
}
