import { useApolloClient } from '@apollo/client/react';
import { useEffect, useReducer, useRef } from 'react';
import { Subscription } from 'rxjs';

import { explainError } from '../failures.ts';
import { RatesStreamDocument, type RatesInput } from '../generated/graphql.ts';
import { reduceQuote, type Account } from './quote.ts';

/** Asks for rates, and gathers them as the accounts answer. */
export function useRates() {
  const client = useApolloClient();
  const [quote, dispatch] = useReducer(reduceQuote, undefined);
  const asked = useRef<RatesInput>(undefined);
  const streams = useRef<Subscription>(undefined);
  useEffect(() => () => streams.current?.unsubscribe(), []);

  const follow = (input: RatesInput) => {
    const accountIds = input.accountIds ?? undefined;
    const answers = client
      .subscribe({ query: RatesStreamDocument, variables: { input }, fetchPolicy: 'no-cache' })
      .subscribe({
        next({ data, error }) {
          if (error) dispatch({ type: 'ended', accountIds, error: explainError(error) });
          else if (data) dispatch({ type: 'answered', accountIds, message: data.ratesStream });
        },
        complete: () => dispatch({ type: 'ended', accountIds }),
      });
    streams.current?.add(answers);
  };

  return {
    quote,
    /** Asks all accounts; `accounts` are those that are expected to answer. */
    ask(input: RatesInput, accounts: readonly Account[]) {
      streams.current?.unsubscribe();
      asked.current = input;
      dispatch({ type: 'asked', accounts });
      streams.current = new Subscription();
      follow(input);
    },
    /** Asks one account again, for prices of this moment. */
    askAgain(account: Account) {
      if (!asked.current) return;
      dispatch({ type: 'askedAgain', account });
      follow({ ...asked.current, accountIds: [account.id], maxAgeSeconds: 0 });
    },
    /** Drops the rates, which are for an address and a parcel that have changed since. */
    clear() {
      streams.current?.unsubscribe();
      dispatch(undefined);
    },
  };
}
