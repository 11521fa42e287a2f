import type { AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { ProviderError } from '../../domain/errors.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';

/** The reason why an operation is FAILED or UNCERTAIN; null otherwise. */
export function operationFailure(operation: StoredOperation, context: Context): AccountFailure | null {
  const { failure } = operation;
  if (!failure) return null;
  return {
    error: new ProviderError(failure.code, failure.message, failure),
    account: accountOrRemoved(context.caller, operation.account_id, operation),
  };
}
