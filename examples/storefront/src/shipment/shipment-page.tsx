import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';

import { explainError, explainFailure } from '../failures.ts';
import { formatMoney } from '../format.ts';
import { ShipmentDocument, type ShipmentFragment } from '../generated/graphql.ts';
import { Tracking } from '../tracking/tracking.tsx';
import { Label } from './label.tsx';
import { VoidButton } from './void-button.tsx';

const titles: Readonly<Record<ShipmentFragment['status'], string>> = {
  PURCHASING: 'The label is being bought',
  PURCHASED: 'Your label is ready',
  VOIDED: 'This label is voided',
  FAILED: 'The label was not bought',
  UNCERTAIN: 'The purchase is being checked',
};

/** A purchased shipment: its label, and its parcel on the way. */
export function ShipmentPage({ id }: { id: string }) {
  const { data, error, loading } = useQuery(ShipmentDocument, { variables: { id } });
  const shipment = data?.shipment;
  return (
    <main>
      {shipment ? (
        <Shipment shipment={shipment} />
      ) : (
        <div className="intro">
          <h1>{loading ? 'Looking for the shipment …' : 'There is no such shipment'}</h1>
          {error && <p className="note bad">{explainError(error)}</p>}
        </div>
      )}
    </main>
  );
}

function Shipment({ shipment }: { shipment: ShipmentFragment }) {
  const { status, carrier, service, to, price, trackingNumber, account, refund, failure } = shipment;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <div className="intro">
        <h1 ref={heading} tabIndex={-1}>
          {refund ? titles.VOIDED : titles[status]}
        </h1>
        <p className="muted">
          {carrier} {service.name} to {to.name}, {to.city}
          {price && ` · ${formatMoney(price)}`}
        </p>
        {failure && <p className="note warn">{explainFailure(failure, 'sell this label')}</p>}
      </div>
      <div className="columns">
        <section aria-label="Label" className="panel">
          <Label shipment={shipment} />
          {status === 'PURCHASED' && !refund && <VoidButton id={shipment.id} />}
          <a className="button secondary" href="#">
            Ship another parcel
          </a>
        </section>
        {trackingNumber && (status === 'PURCHASED' || refund) && (
          <Tracking
            trackingNumber={trackingNumber}
            carrier={carrier}
            canTravel={account.environment === 'SANDBOX'}
          />
        )}
      </div>
    </>
  );
}
