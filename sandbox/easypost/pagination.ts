import { notFound, rateLimited, unprocessable } from './api-error.ts';
import type { Entry } from './collection.ts';
import { monthBefore, monthsAfter } from './dates.ts';
import type { Fields } from './fields.ts';
import type { ApiResponse } from './http.ts';
import type { EasyPostState, Owner } from './state.ts';

/** Returns one page of a collection, newest first: `{"<name>": [...], "has_more": ...}`. */
export function page<T>(
  { clock }: EasyPostState,
  entries: Entry<T>[],
  query: Fields,
  name: string,
  render: (entry: Entry<T>) => unknown,
): ApiResponse {
  const { start, end } = periodOf(query, clock.now());
  const rows = entries.filter(({ created }) => created >= start && created <= end).reverse();
  // Guess: a size outside 1 to 100 is clamped.
  const size = Math.min(100, Math.max(1, Math.trunc(Number(query.page_size ?? 20)) || 20));
  const { before_id: before, after_id: after } = query;
  if (before !== undefined && after !== undefined) {
    throw unprocessable('PARAMETER.INVALID', 'before_id and after_id exclude each other.');
  }
  // Guess: an id that is not in the list is a 404.
  const indexOf = (id: unknown) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index < 0) throw notFound();
    return index;
  };
  const rest =
    before !== undefined
      ? rows.slice(indexOf(before) + 1)
      : after !== undefined
        ? rows.slice(0, indexOf(after))
        : rows;
  const shown = after !== undefined ? rest.slice(-size) : rest.slice(0, size);
  return { status: 200, body: { [name]: shown.map(render), has_more: rest.length > shown.length } };
}

/** Reads the period of a list. Default: the last month. A start without an end covers one month. */
function periodOf(query: Fields, now: number) {
  const timeOf = (name: string) => {
    if (query[name] === undefined) return undefined;
    const time = new Date(String(query[name])).getTime();
    if (Number.isNaN(time)) {
      throw unprocessable('PARAMETER.INVALID', 'The parameters you provided are invalid.', [
        { field: name, message: 'must be a date' },
      ]);
    }
    return time;
  };
  const start = timeOf('start_datetime');
  return {
    start: start ?? monthBefore(now),
    end: timeOf('end_datetime') ?? (start === undefined ? Infinity : monthsAfter(start, 1)),
  };
}

/**
 * Limits the list calls of a user per second. EasyPost allows five, then responds with 429 (its support article on rate
 * limits). Default: no limit.
 */
export function createListLimit(
  { clock }: EasyPostState,
  perSecond: number | undefined,
): (owner: Owner) => void {
  const recent = new Map<string, number[]>();
  return ({ user }) => {
    if (perSecond === undefined) return;
    const now = clock.now();
    const calls = (recent.get(user) ?? []).filter((time) => time > now - 1000);
    if (calls.length >= perSecond) throw rateLimited();
    recent.set(user, [...calls, now]);
  };
}
