import { formatDay, formatMoney } from '../format.ts';
import type { RateFragment } from '../generated/graphql.ts';

/** Says when a parcel arrives, as exactly as its carrier does. */
export function arrivalOf({ estimatedDays, estimatedDeliveryDate, guaranteed }: RateFragment): string {
  if (estimatedDeliveryDate) {
    return `${guaranteed ? 'Guaranteed by' : 'Arrives by'} ${formatDay(estimatedDeliveryDate)}`;
  }
  if (estimatedDays === null) return 'Arrival not known';
  return estimatedDays === 1 ? 'Arrives in about a day' : `Arrives in about ${estimatedDays} days`;
}

interface Props {
  readonly rate: RateFragment;
  readonly badges: readonly string[];
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

/** One service as an option of a radio group. */
export function RateCard({ rate, badges, isSelected, onSelect }: Props) {
  const { carrier, service, account, price, retailPrice } = rate;
  return (
    <label className="rate">
      <input type="radio" name="rate" checked={isSelected} onChange={onSelect} />
      <span className="service">
        <strong>{service.name}</strong>
        {badges.map((badge) => (
          <span key={badge} className="badge">
            {badge}
          </span>
        ))}
        <span className="arrival">{arrivalOf(rate)}</span>
        <span className="muted">
          {carrier} via {account.name}
        </span>
      </span>
      <span className="price">
        <strong>{formatMoney(price)}</strong>
        {retailPrice && retailPrice.amount !== price.amount && (
          <span className="muted">
            <span className="visually-hidden">At the counter: </span>
            <s>{formatMoney(retailPrice)}</s>
          </span>
        )}
      </span>
    </label>
  );
}

/** Stands where the rates of an account will be. */
export function PendingRate({ name }: { name: string }) {
  return (
    <div className="rate pending" aria-hidden="true">
      <span className="service">
        <span className="bar" />
        <span className="muted">Waiting for {name} …</span>
      </span>
      <span className="bar short" />
    </div>
  );
}
