import { useState } from 'react';

import type { Account, Quote } from './quote.ts';
import { FailureNote } from './failure-note.tsx';
import { orderRates, type Order } from './order.ts';
import { PendingRate, RateCard } from './rate-card.tsx';

/** How many rates are shown at first. */
const few = 6;
const orders: Readonly<Record<Order, string>> = { price: 'Cheapest first', arrival: 'Fastest first' };

interface Props {
  readonly quote: Quote;
  readonly selected?: string;
  readonly isLocked: boolean;
  /** Selects an offer by its key, which stays the same when prices are asked for again. */
  readonly onSelect: (offerKey: string) => void;
  readonly onRetry: (account: Account) => void;
}

/** The rates as a radio group, the accounts that have not answered, and what went wrong at the others. */
export function RateList({ quote, selected, isLocked, onSelect, onRetry }: Props) {
  const [order, setOrder] = useState<Order>('price');
  const [showsAll, setShowsAll] = useState(false);
  const { failures, pending, error } = quote;
  const rates = orderRates(quote.rates, order);
  const shown = rates.filter(({ offerKey }, index) => showsAll || index < few || offerKey === selected);
  const cheapest = orderRates(rates, 'price')[0];
  const fastest = orderRates(rates, 'arrival')[0];
  return (
    <>
      <p role="status" className="muted">
        {summarize(quote)}
      </p>
      {rates.length > 1 && <OrderChoice order={order} onChange={setOrder} />}
      <fieldset className="rates" disabled={isLocked}>
        <legend className="visually-hidden">Rates</legend>
        {shown.map((rate) => (
          <RateCard
            key={rate.offerKey}
            rate={rate}
            badges={[rate === cheapest && 'Cheapest', rate === fastest && 'Fastest'].filter(
              (badge) => badge !== false,
            )}
            isSelected={rate.offerKey === selected}
            onSelect={() => onSelect(rate.offerKey)}
          />
        ))}
        {pending.map(({ id, name }) => (
          <PendingRate key={id} name={name} />
        ))}
      </fieldset>
      {shown.length < rates.length && (
        <button type="button" className="secondary" onClick={() => setShowsAll(true)}>
          Show {rates.length - shown.length} more
        </button>
      )}
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

/** Chooses what the rates are sorted by. */
function OrderChoice({ order, onChange }: { order: Order; onChange: (order: Order) => void }) {
  return (
    <div className="orders" role="group" aria-label="Order of the rates">
      {Object.entries(orders).map(([value, text]) => (
        <button
          key={value}
          type="button"
          className="chip"
          aria-pressed={order === value}
          onClick={() => onChange(value as Order)}
        >
          {text}
        </button>
      ))}
    </div>
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
