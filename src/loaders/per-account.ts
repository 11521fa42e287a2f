import type { Account } from '../accounts/account.ts';

/** Returns a function that creates one value for each account, and keeps it as long as the account. */
export function perAccount<Value extends object>(
  create: (account: Account) => Value,
): (account: Account) => Value {
  const values = new WeakMap<Account, Value>();
  return (account) => {
    const value = values.get(account) ?? create(account);
    values.set(account, value);
    return value;
  };
}
