import { useState } from 'react';

import { orderRates, type Order } from './order.ts';
import type { Quote } from './quote.ts';
import { PendingRate, RateCard } from './rate-card.tsx';

/** How many rates are shown at first. */
const few = 6;
const orders: Readonly<Record<Order, string>> = { price: 'Cheapest first', arrival: 'Fastest first' };

export interface RateChoiceProps extends Pick<Quote, 'rates' | 'pending'> {
  /** The key of the selected offer, which stays the same when prices are asked for again. */
  readonly selected?: string;
  readonly isLocked: boolean;
  readonly onSelect: (offerKey: string) => void;
}

/** The rates as a radio group in the order of the user's choice, and a place for each account that has not answered. */
export function RateChoice({ rates, pending, selected, isLocked, onSelect }: RateChoiceProps) {
  const [order, setOrder] = useState<Order>('price');
  const [showsAll, setShowsAll] = useState(false);
  const ordered = orderRates(rates, order);
  const shown = ordered.filter(({ offerKey }, index) => showsAll || index < few || offerKey === selected);
  const badges = [
    [orderRates(rates, 'price')[0], 'Cheapest'],
    [orderRates(rates, 'arrival')[0], 'Fastest'],
  ] as const;
  return (
    <>
      {rates.length > 1 && <OrderChoice order={order} onChange={setOrder} />}
      <fieldset className="rates" disabled={isLocked}>
        <legend className="visually-hidden">Rates</legend>
        {shown.map((rate) => (
          <RateCard
            key={rate.offerKey}
            rate={rate}
            badges={badges.filter(([best]) => best === rate).map(([, badge]) => badge)}
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
