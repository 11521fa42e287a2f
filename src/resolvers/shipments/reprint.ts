import type { AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import type { Context } from '../../auth/context.ts';
import { InputError, outcome, ProviderError } from '../../domain/errors.ts';
import type { LabelReprintInput } from '../../generated/resolvers-types.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { reasonAgainstPrinting } from '../../workflows/printable.ts';
import { requireCaller } from '../require-caller.ts';

/** The result of a reprint: the shipment as it now is, and why a label of it could not be reprinted. */
export interface Reprinted {
  readonly shipment: StoredShipment;
  readonly failure?: AccountFailure;
}

/** Reprints the labels of a shipment in a format. */
export async function reprint(
  { shipmentId, format }: LabelReprintInput,
  context: Context,
): Promise<Reprinted> {
  const { tenant } = requireCaller(context);
  const shipment = await requireReprintable(shipmentId, context);
  const account = accountOrRemoved(context.caller, shipment.account_id, shipment);
  const { reprint } = account.adapter.labels ?? {};
  if (reprint === undefined)
    return { shipment, failure: { error: unsupported(account, 'reprint labels'), account } };
  const request = { tenantId: tenant.id, shipmentId, format, reprint, by: context };
  const result = await outcome(() => context.workflows.reprints.reprint(request));
  if (!(result instanceof ProviderError)) return { shipment: result };
  // Of several parcels, some may have been reprinted.
  const [current] = await context.storage.shipments.byIds(tenant.id, [shipmentId]);
  return { shipment: current!, failure: { error: result, account } };
}

/** Returns a shipment whose labels may be printed; throws an `InputError` otherwise. */
async function requireReprintable(id: string, { loaders }: Context): Promise<StoredShipment> {
  const shipment = await loaders.shipment.load(id);
  const field = ['input', 'shipmentId'];
  if (shipment === undefined) {
    throw new InputError([{ code: 'NOT_FOUND', field, message: 'is no shipment of yours' }]);
  }
  const [reason] = shipment.parcels.flatMap((parcel) => reasonAgainstPrinting(shipment, parcel) ?? []);
  if (reason === undefined) return shipment;
  throw new InputError([{ code: 'NOT_ALLOWED', field, message: reason }]);
}
