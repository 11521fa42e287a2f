import type { Account } from '../../accounts/account.ts';
import { accountOrRemoved, requireAccount } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { currentPlan } from '../../transport/call-plan.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { requireCaller } from '../require-caller.ts';

/**
 * Returns the account of the shipments of a pickup or manifest. Throws an `InputError` unless each is the caller's, is
 * purchased and not being voided, still has its addresses, and belongs to the same account: `accountId`, if given.
 */
export async function accountOfShipments(
  ids: readonly string[],
  accountId: string | null | undefined,
  context: Context,
): Promise<Account> {
  const caller = requireCaller(context);
  if (accountId != null) requireAccount(caller, accountId, ['input', 'accountId']);
  const found = await Promise.all(ids.map((id) => context.loaders.shipment.load(id)));
  const first = found.find((shipment) => shipment !== undefined);
  const expected = accountId ?? first?.account_id;
  throwIfInvalid([
    ...found.flatMap((shipment, index) => shipmentErrors(shipment, fieldOf(index))),
    ...found.flatMap((shipment, index): UserError[] => {
      if (shipment === undefined || shipment.account_id === expected) return [];
      const message = `was purchased with the account ${shipment.account_id}, not with ${expected}; send the shipments of each account separately`;
      return [{ code: 'NOT_ALLOWED', field: fieldOf(index), message }];
    }),
  ]);
  currentPlan()?.choose(expected!, 'it purchased the shipments');
  return accountOrRemoved(caller, expected!, first!);
}

const fieldOf = (index: number) => ['input', 'shipmentIds', String(index)];

function shipmentErrors(shipment: StoredShipment | undefined, field: readonly string[]): UserError[] {
  if (shipment === undefined) return [{ code: 'NOT_FOUND', field, message: 'is no shipment of yours' }];
  const errors: UserError[] = [];
  const isUsable = shipment.parcels.every(({ state, refund }) => state === 'PURCHASED' && !refund);
  if (shipment.status !== 'PURCHASED' || !isUsable) {
    const reason = shipment.status === 'PURCHASED' ? 'is being voided' : `is ${shipment.status}`;
    errors.push({ code: 'NOT_ALLOWED', field, message: `${reason}: it has no label to hand over` });
  }
  if (shipment.redacted_at) {
    const message = 'is so old that its addresses were deleted: it can no longer be handed over';
    errors.push({ code: 'NOT_ALLOWED', field, message });
  }
  return errors;
}
