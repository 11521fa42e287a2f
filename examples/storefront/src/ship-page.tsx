import { useEffect, useRef, useState, type FormEvent } from 'react';

import { AddressFields } from './address/address-fields.tsx';
import { emptyDraft, exampleDraft, toRatesInput, type Draft } from './draft.ts';
import { explainError } from './failures.ts';
import { ParcelFields } from './parcel/parcel-fields.tsx';
import { BuyBar } from './purchase/buy-bar.tsx';
import { usePurchase } from './purchase/use-purchase.ts';
import { RateList } from './rates/rate-list.tsx';
import { useQuotingAccounts } from './rates/use-quoting-accounts.ts';
import { useRates } from './rates/use-rates.ts';

/** The form for a parcel, its rates, and the purchase of one. */
export function ShipPage() {
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [selected, setSelected] = useState<string>();
  const { accounts, isSandbox, error } = useQuotingAccounts();
  const { quote, ask, askAgain, clear } = useRates();
  const { purchase, isOpen, buy, repeat, reset } = usePurchase();
  const heading = useRef<HTMLHeadingElement>(null);
  const rate = quote?.rates.find(({ offerKey }) => offerKey === selected);

  useEffect(() => {
    if (purchase.status === 'bought') location.hash = purchase.shipmentId;
  }, [purchase]);

  const change = (changes: Partial<Draft>) => {
    setDraft({ ...draft, ...changes });
    clear();
    reset();
  };
  const submit = () => {
    setSelected(undefined);
    ask(toRatesInput(draft), accounts);
    heading.current!.focus();
  };
  const purchaseRate = async () => {
    const result = await buy(rate!.id);
    if (result.status === 'refused' && result.isOutdated) askAgain(rate!.account);
  };

  return (
    <main>
      <Intro isSandbox={isSandbox} isLocked={isOpen} error={error} onExample={() => change(exampleDraft)} />
      <div className="columns">
        <ParcelForm draft={draft} isLocked={isOpen} onChange={change} onSubmit={submit} />
        <section aria-labelledby="rates-heading">
          <h2 id="rates-heading" ref={heading} tabIndex={-1}>
            Rates
          </h2>
          {quote ? (
            <RateList
              quote={quote}
              selected={selected}
              isLocked={isOpen}
              onSelect={setSelected}
              onRetry={askAgain}
            />
          ) : (
            <Placeholder />
          )}
          {(rate || isOpen) && (
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

interface IntroProps {
  readonly isSandbox: boolean;
  readonly isLocked: boolean;
  readonly error?: Error;
  readonly onExample: () => void;
}

function Intro({ isSandbox, isLocked, error, onExample }: IntroProps) {
  return (
    <div className="intro">
      <h1>Ship a parcel</h1>
      <p className="muted">Compare carriers, buy the label, and follow the parcel to its door.</p>
      {isSandbox && (
        <p className="sandbox">
          Sandbox: nothing is shipped or charged.{' '}
          <button type="button" className="link" disabled={isLocked} onClick={onExample}>
            Fill in an example
          </button>
        </p>
      )}
      {error && <p className="note bad">{explainError(error)}</p>}
    </div>
  );
}

interface ParcelFormProps {
  readonly draft: Draft;
  readonly isLocked: boolean;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly onSubmit: () => void;
}

function ParcelForm({ draft, isLocked, onChange, onSubmit }: ParcelFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <fieldset className="plain" disabled={isLocked}>
        <AddressFields draft={draft} onChange={onChange} />
        <ParcelFields draft={draft} onChange={onChange} />
        <button className="primary">See rates</button>
      </fieldset>
    </form>
  );
}

const Placeholder = () => (
  <p className="placeholder">
    <img src="/parcel.svg" alt="" width="64" height="64" />
    Rates appear here, one carrier after the other.
  </p>
);
