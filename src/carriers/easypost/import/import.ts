import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import { parcelNumber } from '../../../domain/tracking.ts';
import type { CallOptions } from '../../adapter.ts';
import type { ExternalPage, TrackingUpdate, Period } from '../../webhooks.ts';
import type { EasyPost } from '../client.ts';
import { toExternalShipment } from './external-shipment.ts';
import { fanOut } from '../../fan-out.ts';
import { fromTracker, tracker } from '../tracking/tracking.ts';

const row = z.looseObject({ id: z.string(), created_at: z.string().nullish() });
const pages = {
  trackers: z.object({ trackers: z.array(row), has_more: z.boolean().nullish() }),
  shipments: z.object({ shipments: z.array(row), has_more: z.boolean().nullish() }),
};

/** Where the next page begins: of which list, before which time and which row. */
const place = z.object({
  of: z.enum(['shipments', 'trackers']),
  to: z.number(),
  before: z.string().optional(),
});
type Place = z.infer<typeof place>;

/** A list reaches back a month unless it is told more, so it is asked for a month at a time. */
const windowMs = 30 * 24 * 60 * 60_000;

/**
 * Shipments with their trackers, then trackers; the newest first. Shipments are listed by when they were made and may be
 * bought long after, while a purchase begins a tracker: last, trackers tell of labels that no list of shipments had.
 */
export const listExternal =
  (easypost: EasyPost) =>
  async (span: Period, next: string | undefined, { signal }: CallOptions): Promise<ExternalPage> => {
    const here: Place = fromPlace(next) ?? { of: 'shipments', to: span.to };
    const start = Math.max(span.from, here.to - windowMs);
    const query = new URLSearchParams({
      page_size: '100',
      start_datetime: new Date(start).toISOString(),
      end_datetime: new Date(here.to).toISOString(),
      ...(here.before !== undefined && { before_id: here.before }),
    });
    const page = await outcome(() => readPage(easypost, here.of, query, signal));
    if (page instanceof ProviderError) {
      if (page.code !== 'NOT_FOUND' || here.before === undefined) throw page;
      // The row at which it stopped is gone: its window is read anew, which does no harm.
      const next = JSON.stringify({ ...here, before: undefined });
      return { trackings: [], shipments: [], skipped: 0, next, share: shareOf(span, here, here, NaN) };
    }
    const { rows, more } = page;
    const isOfShipments = here.of === 'shipments';
    const trackings = rows
      .map((each) => toTrackingUpdate(isOfShipments ? each.tracker : each))
      .filter((each) => typeof each === 'object');
    const shipments = isOfShipments ? rows.flatMap((each) => toExternalShipment(each) ?? []) : [];
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

/** Shipments by their ids, one a call. */
export const externalShipments =
  (easypost: EasyPost) =>
  (references: readonly string[], { signal }: CallOptions) =>
    fanOut(references, async (id) =>
      toExternalShipment(await easypost.ask(row, { path: `/shipments/${id}` }, signal)),
    );

async function readPage(
  easypost: EasyPost,
  of: Place['of'],
  query: URLSearchParams,
  signal: CallOptions['signal'],
) {
  const path = `/${of}?${query}`;
  if (of === 'trackers') {
    const page = await easypost.list(pages.trackers, path, signal);
    return { rows: page.trackers, more: page.has_more === true };
  }
  const page = await easypost.list(pages.shipments, path, signal);
  return { rows: page.shipments, more: page.has_more === true };
}

function afterWindow({ of }: Place, start: number, span: Period): Place | undefined {
  if (start > span.from) return { of, to: start };
  return of === 'shipments' ? { of: 'trackers', to: span.to } : undefined;
}

function shareOf(span: Period, here: Place, onward: Place | undefined, reached: number): number {
  if (onward === undefined) return 1;
  const half = onward.of === 'shipments' ? 0 : 0.5;
  const at = onward.before === undefined || Number.isNaN(reached) ? onward.to : reached;
  const share = Math.min(1, Math.max(0, (span.to - at) / Math.max(1, span.to - span.from)));
  return half + share / 2;
}

/** A tracker that came unasked; undefined where there is none or nothing is to be told of it. */
export function toTrackingUpdate(told: unknown): TrackingUpdate | 'unreadable' | undefined {
  if (told === null || told === undefined) return undefined;
  const parsed = tracker.safeParse(told);
  if (!parsed.success) return 'unreadable';
  try {
    const tracking = fromTracker(parsed.data);
    const { tracking_code, shipment_id } = parsed.data;
    return {
      parcel: parcelNumber(tracking_code, tracking.carrier),
      tracking,
      label: shipment_id ? { reference: shipment_id, trackingNumber: tracking_code } : undefined,
    };
  } catch (error) {
    // EasyPost can't track it, and says so of whoever asks.
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** One that an earlier version wrote is none: the span is begun anew, which does no harm. */
const fromPlace = (text: string | undefined): Place | undefined =>
  text === undefined ? undefined : place.safeParse(JSON.parse(text)).data;
