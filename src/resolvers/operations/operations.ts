import type { Account } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import { InputError, ProviderError, type UserError } from '../../domain/errors.ts';
import type { StoredOperation } from '../../workflows/operations.ts';
import type { StoredShipment } from '../../storage/shipments.ts';
import { accountOrRemoved, requireCaller, requireAccount } from '../require-auth.ts';
import type { Failure } from '../provider.ts';

const field = (...path: string[]) => ['input', ...path];

/** The shipments that are handed over together: bought, the caller's, and of one account. */
export async function purchasedShipments(
  ids: readonly string[],
  accountId: string | null | undefined,
  context: Context,
): Promise<{ readonly shipments: readonly StoredShipment[]; readonly account: Account }> {
  const caller = requireCaller(context);
  if (accountId != null) requireAccount(caller, accountId, field('accountId'));
  const found = await Promise.all(ids.map((id) => context.loaders.shipment.load(id)));
  const errors: UserError[] = [];
  const shipments = found.flatMap((shipment, index) => {
    const at = field('shipmentIds', String(index));
    if (shipment === undefined) {
      errors.push({ code: 'NOT_FOUND', field: at, message: 'is no shipment of yours' });
      return [];
    }
    const standing = shipment.parcels.every(({ state, refund }) => state === 'SOLD' && !refund);
    if (shipment.status !== 'PURCHASED' || !standing) {
      const what = shipment.status === 'PURCHASED' ? 'is being given back' : `is ${shipment.status}`;
      errors.push({
        code: 'NOT_ALLOWED',
        field: at,
        message: `${what}: there is no label to hand over with`,
      });
    }
    if (shipment.blanked_at) {
      const message = 'is so old that its addresses were deleted: there is nothing to hand over with';
      errors.push({ code: 'NOT_ALLOWED', field: at, message });
    }
    return [shipment];
  });
  const bought = accountId ?? shipments[0]?.account_id;
  found.forEach((shipment, index) => {
    if (shipment === undefined || shipment.account_id === bought) return;
    const message = `was bought with the account ${shipment.account_id}, not with ${bought}; order for each account alone`;
    errors.push({ code: 'NOT_ALLOWED', field: field('shipmentIds', String(index)), message });
  });
  if (errors.length > 0) throw new InputError(errors);
  return { shipments, account: accountOrRemoved(context, bought!, shipments[0]!) };
}

/** Why an errand is FAILED or UNCERTAIN. */
export function operationFailure(errand: StoredOperation, context: Context): Failure | null {
  const { failure } = errand;
  if (!failure) return null;
  return {
    error: new ProviderError(failure.code, failure.message, failure),
    account: accountOrRemoved(context, errand.account_id, errand),
  };
}
