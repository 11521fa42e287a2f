import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState, type FormEvent } from 'react';

import { AddressFields } from './address/address-fields.tsx';
import { emptyDraft, exampleDraft, toRatesInput, type Draft } from './draft.ts';
import { explainError } from './failures.ts';
import { QuotingAccountsDocument } from './generated/graphql.ts';
import { ParcelFields } from './parcel/parcel-fields.tsx';
import { BuyBar } from './purchase/buy-bar.tsx';
import { usePurchase } from './purchase/use-purchase.ts';
import { RateList } from './rates/rate-list.tsx';
import { useRates } from './rates/use-rates.ts';

/** The form for a parcel, its rates, and the purchase of one. */
export function ShipPage() {
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [selected, setSelected] = useState<string>();
  const { data, error } = useQuery(QuotingAccountsDocument);
  const { quote, ask, askAgain, clear } = useRates();
  const { purchase, buy, repeat, reset } = usePurchase();
  const heading = useRef<HTMLHeadingElement>(null);

  const accounts =
    data?.providerAccounts.filter(({ operations }) => operations.includes('QUOTE_RATES')) ?? [];
  const isSandbox = accounts.length > 0 && accounts.every(({ environment }) => environment === 'SANDBOX');
  const isLocked = ['buying', 'uncertain', 'bought'].includes(purchase.status);
  const rate = quote?.rates.find(({ offerKey }) => offerKey === selected);

  useEffect(() => void repeat(), [repeat]);
  useEffect(() => {
    if (purchase.status === 'bought') location.hash = purchase.shipmentId;
  }, [purchase]);

  const change = (changes: Partial<Draft>) => {
    setDraft({ ...draft, ...changes });
    clear();
    reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSelected(undefined);
    ask(toRatesInput(draft), accounts);
    heading.current?.focus();
  };
  const purchaseRate = async () => {
    const result = await buy(rate!.id);
    if (result.status === 'refused' && result.isOutdated) askAgain(rate!.account);
  };

  return (
    <main>
      <div className="intro">
        <h1>Ship a parcel</h1>
        <p className="muted">Compare carriers, buy the label, and follow the parcel to its door.</p>
        {isSandbox && (
          <p className="sandbox">
            Sandbox: nothing is shipped or charged.{' '}
            <button type="button" className="link" disabled={isLocked} onClick={() => change(exampleDraft)}>
              Fill in an example
            </button>
          </p>
        )}
        {error && <p className="note bad">{explainError(error)}</p>}
      </div>
      <div className="columns">
        <form onSubmit={submit}>
          <fieldset className="plain" disabled={isLocked}>
            <AddressFields draft={draft} onChange={change} />
            <ParcelFields draft={draft} onChange={change} />
            <button className="primary">See rates</button>
          </fieldset>
        </form>
        <section aria-labelledby="rates-heading" className="quote">
          <h2 id="rates-heading" ref={heading} tabIndex={-1}>
            Rates
          </h2>
          {quote ? (
            <RateList
              quote={quote}
              selected={selected}
              isLocked={isLocked}
              onSelect={setSelected}
              onRetry={askAgain}
            />
          ) : (
            <p className="placeholder">
              <img src="/parcel.svg" alt="" width="64" height="64" />
              Rates appear here, one carrier after the other.
            </p>
          )}
          {(rate || isLocked) && (
            <BuyBar
              rate={rate}
              purchase={purchase}
              onBuy={() => void purchaseRate()}
              onRepeat={() => void repeat()}
            />
          )}
        </section>
      </div>
    </main>
  );
}
