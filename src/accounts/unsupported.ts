import type { Account } from './account.ts';
import { ProviderError } from '../domain/errors.ts';

/** The failure of an account that lacks an ability, named by a verb phrase: "track parcels". */
export function unsupported(account: Account, ability: string): ProviderError {
  if (!account.active) {
    return new ProviderError(
      'CREDENTIALS_MISSING',
      `the account ${account.id} was removed, and no other account can ${ability} with its labels`,
      { hint: 'Add the account again under the same alias.' },
    );
  }
  const operations = account.operations.join(', ').toLowerCase().replaceAll('_', ' ');
  return new ProviderError('NOT_SUPPORTED', `${account.name} does not ${ability}; it can ${operations}`, {
    hint: 'Use an account that lists the operation in `operations` of `providerAccounts`.',
  });
}
