import { formatDay, formatTime } from '../format.ts';
import type { TrackerFragment } from '../generated/graphql.ts';

type Event = TrackerFragment['events'][number];

const placeOf = ({ location }: Event) =>
  [location?.city, location?.state ?? location?.country].filter(Boolean).join(', ');

/** The events of a parcel, newest first, at the local times of their places. */
export function Timeline({ events }: Pick<TrackerFragment, 'events'>) {
  return (
    <ol className="timeline" aria-label="Journey">
      {events.map((event) => (
        <li key={event.id}>
          <strong>{event.description}</strong>
          <span className="muted">
            <EventTime event={event} /> {placeOf(event)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function EventTime({ event: { occurredAt, occurredAtLocal } }: { event: Event }) {
  const local = occurredAtLocal ?? occurredAt;
  if (local === null) return null;
  return (
    <time dateTime={occurredAt ?? local}>
      {formatDay(local)}, {formatTime(local)}
    </time>
  );
}
