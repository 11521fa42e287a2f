import { explainFailure } from '../failures.ts';
import { formatDay } from '../format.ts';
import type { TrackerFragment, TrackingStatus } from '../generated/graphql.ts';
import { Progress } from './progress.tsx';
import { Timeline } from './timeline.tsx';
import { TravelButton } from './travel-button.tsx';
import { useTracker } from './use-tracker.ts';

const titles: Readonly<Record<TrackingStatus, string>> = {
  UNKNOWN: 'Nothing is known yet',
  PRE_TRANSIT: 'Waiting for the carrier',
  ACCEPTED: 'Accepted by the carrier',
  IN_TRANSIT: 'On its way',
  OUT_FOR_DELIVERY: 'Out for delivery',
  AVAILABLE_FOR_PICKUP: 'Ready for pickup',
  DELIVERY_ATTEMPTED: 'Delivery was attempted',
  DELIVERED: 'Delivered',
  RETURNING: 'On its way back',
  RETURNED: 'Returned to the sender',
  EXCEPTION: 'There is a problem',
  CANCELLED: 'Cancelled',
};
const final: readonly TrackingStatus[] = ['DELIVERED', 'RETURNED', 'CANCELLED'];

function expectedDay({
  status,
  estimatedDelivery,
  estimatedDeliveryDate,
}: TrackerFragment): string | undefined {
  const day = estimatedDeliveryDate ?? estimatedDelivery;
  return day && !final.includes(status) ? `Expected ${formatDay(day)}` : undefined;
}

interface Props {
  readonly trackingNumber: string;
  readonly carrier: string;
  /** True where the sandbox can make the parcel move. */
  readonly canTravel: boolean;
}

/** Where the parcel is, and how it came there. Each change of the status is announced. */
export function Tracking({ trackingNumber, carrier, canTravel }: Props) {
  const { tracker, isConnected } = useTracker(trackingNumber, carrier);
  const isFinal = tracker !== undefined && final.includes(tracker.status);
  return (
    <section aria-labelledby="tracking-heading" className="panel">
      <p className="muted number">
        {carrier} {trackingNumber}
      </p>
      <h2 id="tracking-heading" aria-live="polite">
        {tracker ? titles[tracker.status] : 'Looking for the parcel …'}
      </h2>
      {tracker && (
        <>
          <p className="muted">{[tracker.statusText, expectedDay(tracker)].filter(Boolean).join(' · ')}</p>
          {tracker.failure && <p className="note warn">{explainFailure(tracker.failure, 'be asked')}</p>}
          <Progress status={tracker.status} />
          <Timeline events={tracker.events} />
        </>
      )}
      <p className="muted live" data-connected={isConnected}>
        {isConnected ? 'Changes appear here as they happen.' : 'The connection was lost. Connecting again …'}
      </p>
      {canTravel && !isFinal && <TravelButton trackingNumber={trackingNumber} />}
    </section>
  );
}
