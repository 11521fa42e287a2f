import { FailureNote } from './failure-note.tsx';
import type { Account, Quote } from './quote.ts';
import { RateChoice, type RateChoiceProps } from './rate-choice.tsx';

interface Props extends Omit<RateChoiceProps, 'rates' | 'pending'> {
  readonly quote: Quote;
  readonly onRetry: (account: Account) => void;
}

/** The rates of all accounts, and what went wrong at those that have none. */
export function RateList({ quote, onRetry, ...choice }: Props) {
  const { rates, failures, pending, error } = quote;
  return (
    <>
      <p role="status" className="muted">
        {summarize(quote)}
      </p>
      <RateChoice rates={rates} pending={pending} {...choice} />
      {failures.map((failure) => (
        <FailureNote
          key={`${failure.account?.id} ${failure.message}`}
          failure={failure}
          task="quote this parcel"
          onRetry={failure.account ? () => onRetry(failure.account!) : undefined}
        />
      ))}
      {error && <p className="note bad">{error}</p>}
    </>
  );
}

const listing = new Intl.ListFormat('en-US');

/** Says how far the quote is; announced whenever it changes. */
function summarize({ rates, pending }: Quote): string {
  const count = rates.length === 1 ? '1 rate' : `${rates.length} rates`;
  if (pending.length === 0)
    return rates.length > 0 ? `${count} to choose from.` : 'No rates for this parcel.';
  const waiting = `Waiting for ${listing.format(pending.map(({ name }) => name))} …`;
  return rates.length > 0 ? `${count} so far. ${waiting}` : waiting;
}
