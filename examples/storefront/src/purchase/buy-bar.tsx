import { formatMoney } from '../format.ts';
import type { RateFragment } from '../generated/graphql.ts';
import { arrivalOf } from '../rates/rate-card.tsx';
import type { Purchase } from './use-purchase.ts';

interface Props {
  /** Undefined while a purchase goes on that began before the page was loaded. */
  readonly rate?: RateFragment;
  readonly purchase: Purchase;
  readonly onBuy: () => void;
  readonly onRepeat: () => void;
}

/** The chosen service, the button that buys it, and how the purchase went. */
export function BuyBar({ rate, purchase, onBuy, onRepeat }: Props) {
  const isUncertain = purchase.status === 'uncertain';
  const isBuying = purchase.status === 'buying' || purchase.status === 'bought';
  return (
    <section className="buy" aria-label="Your choice">
      <div>
        <strong>{rate ? `${rate.carrier} ${rate.service.name}` : 'Your purchase'}</strong>
        {rate && <span className="muted">{arrivalOf(rate)}</span>}
      </div>
      {isUncertain || !rate ? (
        <button type="button" disabled={isBuying} onClick={onRepeat}>
          {isBuying ? 'Buying …' : 'Try again'}
        </button>
      ) : (
        <button type="button" disabled={isBuying} onClick={onBuy}>
          {isBuying ? 'Buying …' : `Buy label for ${formatMoney(rate.price)}`}
        </button>
      )}
      <p role="status">
        {purchase.status === 'refused' && `${purchase.message} Nothing was bought.`}
        {isUncertain &&
          `${purchase.message} The label may have been bought. Trying again is safe: it buys once.`}
      </p>
    </section>
  );
}
