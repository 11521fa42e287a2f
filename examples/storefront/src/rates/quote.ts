import type { ProviderFailureFragment, RateFragment, RatesStreamSubscription } from '../generated/graphql.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
}

/** The rates of all accounts that have answered so far, and the accounts that have not. */
export interface Quote {
  readonly rates: readonly RateFragment[];
  readonly failures: readonly ProviderFailureFragment[];
  readonly pending: readonly Account[];
  /** Why the stream ended before its last message. */
  readonly error?: string;
}

type Message = RatesStreamSubscription['ratesStream'];

/** What happens to a quote. `accountIds` are the accounts that a stream asks; undefined for all. */
export type QuoteEvent =
  | { readonly type: 'asked'; readonly accounts: readonly Account[] }
  | { readonly type: 'askedAgain'; readonly account: Account }
  | { readonly type: 'answered'; readonly accountIds?: readonly string[]; readonly message: Message }
  | { readonly type: 'ended'; readonly accountIds?: readonly string[]; readonly error?: string };

export function reduceQuote(quote: Quote | undefined, event: QuoteEvent | undefined): Quote | undefined {
  if (event === undefined) return undefined;
  if (event.type === 'asked') return { rates: [], failures: [], pending: event.accounts };
  if (quote === undefined) return undefined;
  const { rates, failures, pending } = quote;
  if (event.type === 'askedAgain') {
    const isOther = ({ id }: Account) => id !== event.account.id;
    return {
      rates,
      failures: failures.filter(({ account }) => !account || isOther(account)),
      pending: [...pending.filter(isOther), event.account],
    };
  }
  const { accountIds } = event;
  const others = accountIds ? pending.filter(({ id }) => !accountIds.includes(id)) : [];
  if (event.type === 'ended') return { ...quote, pending: others, error: event.error ?? quote.error };
  const { message } = event;
  const answered = new Set([...message.rates, ...message.failures].map(({ account }) => account?.id));
  const isOther = ({ account }: { account: Account | null }) => !answered.has(account?.id);
  return {
    // An account that was asked again replaces what it said before.
    rates: [...rates.filter(isOther), ...message.rates],
    failures: [...failures.filter(isOther), ...message.failures],
    pending: [...others, ...message.pending],
  };
}
