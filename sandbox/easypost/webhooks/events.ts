import { ApiError } from '../api-error.ts';
import { openCollection, type Collection, type Entry } from '../collection.ts';
import type { Fields } from '../fields.ts';
import { ok, type Api, type ApiObject } from '../http.ts';
import { page } from '../pagination.ts';
import type { EasyPostState } from '../state.ts';
import type { Webhooks } from './webhooks.ts';

/** A delivery to one webhook that has not succeeded yet. */
export interface PendingDelivery {
  hook: string;
  due: number;
  attempts: number;
}

export interface Event {
  description: string;
  result: Fields;
  /** The previous values of the changed fields. */
  before: Fields;
  pending: PendingDelivery[];
  /** The URLs that accepted the event. */
  completed: string[];
  failed: boolean;
  payloads: Fields[];
}

export const openEvents = (state: EasyPostState): Collection<Event> =>
  openCollection<Event>(state, 'event', 'evt');

/** Returns the function that records events and queues them for the enabled webhooks of their owner. */
export const createEmitter =
  ({ clock }: EasyPostState, events: Collection<Event>, webhooks: Webhooks): EasyPostState['emit'] =>
  (owner, description, result, previousAttributes = {}) => {
    const pending = webhooks
      .list(owner)
      .filter(({ body }) => body.disabled === null)
      .map(({ id }) => ({ hook: id, due: clock.now(), attempts: 0 }));
    events.add(owner, {
      description,
      result: result as Fields,
      before: previousAttributes as Fields,
      pending,
      completed: [],
      failed: false,
      payloads: [],
    });
  };

export function addEventRoutes(
  { state, addRoute, limitList }: Api,
  events: Collection<Event>,
  webhooks: Webhooks,
) {
  addRoute('GET', '/v2/events', ({ caller, query }) => {
    limitList(caller);
    return page(state, events.list(caller), query, 'events', (entry) => {
      const { description, id, user_id, status, created_at, mode, object } = renderEvent(entry, webhooks);
      return { description, id, user_id, status, created_at, mode, object };
    });
  });
  // Recorded: an event that is read has no `result`; clients fetch the object itself.
  addRoute('GET', '/v2/events/:id', ({ caller, id }) => ok(renderEvent(events.get(caller, id), webhooks)));
  addRoute('GET', '/v2/events/:id/payloads', ({ caller, id }) =>
    ok({ payloads: events.get(caller, id).body.payloads }),
  );
  addRoute('GET', '/v2/events/:id/payloads/:payload', ({ caller, id, params }) => {
    const payload = events.get(caller, id).body.payloads.find((each) => each.id === params.payload);
    if (payload === undefined)
      throw new ApiError(404, 'PAYLOAD.NOT_FOUND', 'The payload(s) could not be found.');
    return ok(payload);
  });
}

/** Renders an event without its `result`. */
export function renderEvent(entry: Entry<Event>, webhooks: Webhooks): ApiObject {
  const { description, before, pending, completed } = entry.body;
  return {
    description,
    mode: entry.mode,
    previous_attributes: before,
    created_at: new Date(entry.created).toISOString(),
    pending_urls: pending.map(({ hook }) => webhooks.find(entry, hook)?.body.url ?? '').filter(Boolean),
    completed_urls: completed,
    updated_at: new Date(entry.updated).toISOString(),
    id: entry.id,
    user_id: entry.user,
    status: statusOf(entry.body),
    object: 'Event',
  };
}

const statusOf = ({ pending, completed, failed }: Event) =>
  failed ? 'failed' : pending.length > 0 ? 'in_queue' : completed.length > 0 ? 'completed' : 'pending';
