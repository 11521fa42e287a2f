import { useQuery } from '@apollo/client/react';

import { QuotingAccountsDocument } from '../generated/graphql.ts';

/** Returns the accounts that quote rates, and whether all of them are the sandbox's. */
export function useQuotingAccounts() {
  const { data, error } = useQuery(QuotingAccountsDocument);
  const accounts =
    data?.providerAccounts.filter(({ operations }) => operations.includes('QUOTE_RATES')) ?? [];
  const isSandbox = accounts.length > 0 && accounts.every(({ environment }) => environment === 'SANDBOX');
  return { accounts, isSandbox, error };
}
