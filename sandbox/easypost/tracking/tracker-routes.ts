import { missingParameter } from '../api-error.ts';
import { listOf, textOf, unwrap, type Fields } from '../fields.ts';
import { created, ok, type Api } from '../http.ts';
import { page } from '../pagination.ts';
import { initialProgress } from './progress.ts';
import type { Tracker, Trackers } from './trackers.ts';

export function addTrackerRoutes({ state, addRoute, limitList }: Api, trackers: Trackers) {
  addRoute('POST', '/v2/trackers', ({ caller, body }) => {
    const fields = unwrap(body, 'tracker');
    const code = textOf(fields, 'tracking_code')?.replace(/\s/g, '');
    if (!code) throw missingParameter('tracking_code');
    const { entry, isNew } = trackers.findOrCreate(caller, code, textOf(fields, 'carrier') || null);
    const progress = trackers.progress(entry);
    // An invalid code is detected after the response.
    const shown = isNew && progress.status === 'error' ? initialProgress(entry.created) : progress;
    // Recorded: an existing tracker is returned without fees.
    const { fees, ...rest } = trackers.renderCreated(entry, shown);
    return { ...created(isNew ? { ...rest, fees } : rest, 'trackers'), status: isNew ? 201 : 200 };
  });

  addRoute('GET', '/v2/trackers', ({ caller, query }) => {
    limitList(caller);
    const matches = readFilters(query);
    const rows = trackers.list(caller).filter(({ body }) => matches(body));
    return page(state, rows, query, 'trackers', trackers.render);
  });

  addRoute('POST', '/v2/trackers/batch', ({ caller, body }) => {
    const codes = listOf(body, 'tracking_codes').map(String);
    if (codes.length === 0) throw missingParameter('tracking_codes');
    const carrier = textOf(body, 'carrier') || null;
    const found = codes.flatMap((code) => trackers.findByCode(caller, code, carrier) ?? []);
    return ok({ trackers: found.map(trackers.render), has_more: false });
  });

  addRoute('GET', '/v2/trackers/:id', ({ caller, id }) => ok(trackers.render(trackers.get(caller, id))));

  addRoute('DELETE', '/v2/trackers/:id', ({ caller, id }) => {
    trackers.remove(trackers.get(caller, id));
    return ok({ success: true });
  });
}

/**
 * Reads the filters `tracking_code`, `carrier` and `tracking_codes`. Guess: the array is `tracking_codes[]`, and of a
 * repeated `tracking_codes` only the last counts, which explains the single row of EasyPost/easypost-python#362.
 */
function readFilters(query: Fields): (tracker: Tracker) => boolean {
  const last = (value: unknown) => String(Array.isArray(value) ? value.at(-1) : value);
  const array = query['tracking_codes[]'] ?? (query.tracking_codes && last(query.tracking_codes));
  const codes = array === undefined ? undefined : [array].flat().map(String);
  return (tracker) =>
    (query.tracking_code === undefined || tracker.tracking_code === last(query.tracking_code)) &&
    (query.carrier === undefined || tracker.carrier === last(query.carrier)) &&
    (codes === undefined || codes.includes(tracker.tracking_code));
}
