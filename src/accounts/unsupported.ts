import type { Account } from './account.ts';
import { ProviderError } from '../domain/errors.ts';

/** What an account can't do, and what it can. */
export function unsupported(account: Account, what: string): ProviderError {
  if (!account.active) {
    return new ProviderError(
      'CREDENTIALS_MISSING',
      `the account ${account.id} is gone, and nobody else can ${what} with its labels`,
      { hint: 'Add the account again under its alias.' },
    );
  }
  const can = account.operations.join(', ').toLowerCase().replaceAll('_', ' ');
  return new ProviderError('NOT_SUPPORTED', `${account.name} does not ${what}; it can ${can}`, {
    hint: 'The operations of providerAccounts tell who can.',
  });
}
