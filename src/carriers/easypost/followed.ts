import { z } from 'zod';

import { ProviderError } from '../../domain/errors.ts';
import { parcelNumber } from '../../domain/tracking.ts';
import type { Call } from '../carrier.ts';
import type { FollowedPage, HeardTracking, Span } from '../news.ts';
import type { EasyPost } from './client.ts';
import { heardShipment } from './elsewhere.ts';
import { unreadable } from './errors.ts';
import { fromTracker, tracker } from './tracking.ts';

const row = z.looseObject({ id: z.string(), created_at: z.string().nullish() });
const pages = {
  trackers: z.object({ trackers: z.array(row), has_more: z.boolean().nullish() }),
  shipments: z.object({ shipments: z.array(row), has_more: z.boolean().nullish() }),
};

/** Where the next page begins: in which list, before which time and which row. */
const place = z.object({
  list: z.enum(['trackers', 'shipments']),
  to: z.number(),
  before: z.string().optional(),
});
type Place = z.infer<typeof place>;

/** A list reaches back a month unless it is told more, so it is asked for a month at a time. */
const windowMs = 30 * 24 * 60 * 60_000;

/** Trackers, then shipments with their trackers; the newest first. */
export const followed =
  (easypost: EasyPost) =>
  async (span: Span, next: string | undefined, { signal }: Call): Promise<FollowedPage> => {
    const here: Place = next === undefined ? { list: 'trackers', to: span.to } : fromPlace(next);
    const start = Math.max(span.from, here.to - windowMs);
    const query = new URLSearchParams({
      page_size: '100',
      start_datetime: new Date(start).toISOString(),
      end_datetime: new Date(here.to).toISOString(),
      ...(here.before !== undefined && { before_id: here.before }),
    });
    const { rows, more } = await readPage(easypost, here.list, query, signal);
    const isOfShipments = here.list === 'shipments';
    const trackings = rows
      .map((each) => heardTracking(isOfShipments ? each.tracker : each))
      .filter((each) => typeof each === 'object');
    const shipments = isOfShipments ? rows.flatMap((each) => heardShipment(each) ?? []) : [];
    const last = rows.at(-1);
    const onward = more && last ? { ...here, before: last.id } : afterWindow(here, start, span);
    return {
      trackings,
      shipments,
      skipped: rows.length - (isOfShipments ? shipments : trackings).length,
      next: onward && JSON.stringify(onward),
      share: shareOf(span, here, onward, Date.parse(last?.created_at ?? '')),
    };
  };

async function readPage(
  easypost: EasyPost,
  list: Place['list'],
  query: URLSearchParams,
  signal: Call['signal'],
) {
  const path = `/${list}?${query}`;
  if (list === 'trackers') {
    const page = await easypost.list(pages.trackers, path, signal);
    return { rows: page.trackers, more: page.has_more === true };
  }
  const page = await easypost.list(pages.shipments, path, signal);
  return { rows: page.shipments, more: page.has_more === true };
}

function afterWindow({ list }: Place, start: number, span: Span): Place | undefined {
  if (start > span.from) return { list, to: start };
  return list === 'trackers' ? { list: 'shipments', to: span.to } : undefined;
}

function shareOf(span: Span, here: Place, onward: Place | undefined, reached: number): number {
  if (onward === undefined) return 1;
  const half = onward.list === 'trackers' ? 0 : 0.5;
  const at = onward.before === undefined || Number.isNaN(reached) ? onward.to : reached;
  const share = Math.min(1, Math.max(0, (span.to - at) / Math.max(1, span.to - span.from)));
  return half + share / 2;
}

/** A tracker that came unasked; undefined where there is none or nothing is to be told of it. */
export function heardTracking(told: unknown): HeardTracking | 'unreadable' | undefined {
  if (told === null || told === undefined) return undefined;
  const parsed = tracker.safeParse(told);
  if (!parsed.success) return 'unreadable';
  try {
    const tracking = fromTracker(parsed.data);
    return { parcel: parcelNumber(parsed.data.tracking_code, tracking.carrier), tracking };
  } catch (error) {
    // EasyPost can't track it, and says so of whoever asks.
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

function fromPlace(text: string): Place {
  const parsed = place.safeParse(JSON.parse(text));
  if (!parsed.success) throw unreadable('a place in a list', parsed.error);
  return parsed.data;
}
