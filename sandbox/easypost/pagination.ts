import { notFound, rateLimited, refused, type Answer, type Fields } from './http.ts';
import { monthBefore, monthsAfter, type Entry, type Owner, type EasyPostState } from './state.ts';

/** One page of a collection, newest first: `{"<name>": [...], "has_more": ...}`. */
export function page<T>(
  world: EasyPostState,
  entries: Entry<T>[],
  query: Fields,
  name: string,
  render: (entry: Entry<T>) => unknown,
): Answer {
  const { start, end } = period(query, world.clock.now());
  const rows = entries.filter(({ created }) => created >= start && created <= end).reverse();
  // Guess: sizes outside 1 to 100 are brought inside.
  const size = Math.min(100, Math.max(1, Math.trunc(Number(query.page_size ?? 20)) || 20));
  const { before_id: before, after_id: after } = query;
  if (before !== undefined && after !== undefined) {
    throw refused('PARAMETER.INVALID', 'before_id and after_id exclude each other.');
  }
  // Guess: an id that is not in the list is not found.
  const at = (id: unknown) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index < 0) throw notFound();
    return index;
  };
  const rest =
    before !== undefined ? rows.slice(at(before) + 1) : after !== undefined ? rows.slice(0, at(after)) : rows;
  const shown = after !== undefined ? rest.slice(-size) : rest.slice(0, size);
  return { status: 200, body: { [name]: shown.map(render), has_more: rest.length > shown.length } };
}

/** A month back until now unless told; a start without an end reaches one month further. */
function period(query: Fields, now: number) {
  const given = (name: string) => {
    if (query[name] === undefined) return undefined;
    const time = new Date(String(query[name])).getTime();
    if (Number.isNaN(time)) {
      throw refused('PARAMETER.INVALID', 'The parameters you provided are invalid.', [
        { field: name, message: 'must be a date' },
      ]);
    }
    return time;
  };
  const start = given('start_datetime');
  return {
    start: start ?? monthBefore(now),
    end: given('end_datetime') ?? (start === undefined ? Infinity : monthsAfter(start, 1)),
  };
}

/**
 * EasyPost lets through five list calls a second, then answers 429 (its support article on rate limits).
 */
export function listLimit(world: EasyPostState, perSecond: number | undefined): (owner: Owner) => void {
  const recent = new Map<string, number[]>();
  return ({ user }) => {
    if (perSecond === undefined) return;
    const now = world.clock.now();
    const calls = (recent.get(user) ?? []).filter((time) => time > now - 1000);
    if (calls.length >= perSecond) throw rateLimited();
    recent.set(user, [...calls, now]);
  };
}
