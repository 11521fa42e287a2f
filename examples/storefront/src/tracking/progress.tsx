import type { TrackingStatus } from '../generated/graphql.ts';

const stages = ['Label', 'Accepted', 'On its way', 'Out for delivery', 'Delivered'];
const stageOf: Partial<Record<TrackingStatus, number>> = {
  PRE_TRANSIT: 0,
  ACCEPTED: 1,
  IN_TRANSIT: 2,
  OUT_FOR_DELIVERY: 3,
  AVAILABLE_FOR_PICKUP: 3,
  DELIVERY_ATTEMPTED: 3,
  DELIVERED: 4,
};

/** The stages of a delivery with the present one marked; nothing for a parcel that leaves the usual way. */
export function Progress({ status }: { status: TrackingStatus }) {
  const current = stageOf[status];
  if (current === undefined) return null;
  return (
    <ol className="progress" aria-label="Progress">
      {stages.map((stage, index) => (
        <li
          key={stage}
          className={index <= current ? 'done' : undefined}
          aria-current={index === current ? 'step' : undefined}
        >
          {stage}
        </li>
      ))}
    </ol>
  );
}
