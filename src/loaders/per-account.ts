import type { Account } from '../accounts/account.ts';

/** Returns a function that creates one value for each account, and keeps it as long as the account. */
export function perAccount<Value extends object>(
  create: (account: Account) => Value,
): (account: Account) => Value {
  /** Created at the first use: a request creates many of these functions, and calls few of them. */
  let values: WeakMap<Account, Value> | undefined;
  return (account) => {
    values ??= new WeakMap();
    const value = values.get(account) ?? create(account);
    values.set(account, value);
    return value;
  };
}
