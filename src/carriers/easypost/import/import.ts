import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { CallOptions, ExternalPage } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { Period } from '../../../domain/external-shipment.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { readRows } from '../readable.ts';
import { toTrackingUpdate } from '../tracking/tracking-update.ts';
import { toExternalShipment } from './external-shipment.ts';

const row = z.looseObject({ id: z.string(), created_at: z.string().nullish().catch(undefined) });
/** A list ends where EasyPost says so; any other value asks for a further page. */
const hasMore = z.unknown().transform((value) => value !== false);
const shipmentPage = z.object({ shipments: z.array(z.unknown()), has_more: hasMore });
const trackerPage = z.object({ trackers: z.array(z.unknown()), has_more: hasMore });
interface Page {
  readonly rows: readonly unknown[];
  readonly hasMore: boolean;
}

/** Position of a page: its list, the end of its window in epoch milliseconds, and the last row of the page before. */
const cursorSchema = z.object({
  of: z.enum(['shipments', 'trackers']),
  to: z.number(),
  before: z.string().optional(),
});
type Cursor = z.infer<typeof cursorSchema>;

/** Length of the window that one list call covers, which is EasyPost's default for a list without a start. */
const windowMs = 30 * 24 * 60 * 60_000;

/**
 * Lists shipments with their trackers, then trackers, newest first, one page a call. Shipments are listed by the time of
 * their creation and may be bought much later; the tracker that a purchase creates reports the label in that case.
 */
export const listExternal =
  (client: EasyPostClient) =>
  async (period: Period, next: string | undefined, { signal }: CallOptions): Promise<ExternalPage> => {
    const cursor = parseCursor(next) ?? { of: 'shipments', to: period.to };
    const start = Math.max(period.from, cursor.to - windowMs);
    const page = await outcome(() => fetchPage(client, cursor, start, signal));
    if (page instanceof ProviderError) {
      if (page.code !== 'NOT_FOUND' || cursor.before === undefined) throw page;
      // The row that the cursor names was deleted: read the window again, since importing twice is harmless.
      const next = JSON.stringify({ ...cursor, before: undefined });
      return { trackings: [], shipments: [], skipped: {}, next, share: shareOf(period, cursor, NaN) };
    }
    const last = readRows(page.rows, row).read.at(-1);
    if (page.hasMore && page.rows.length > 0 && last === undefined)
      throw unreadable(`a list of ${cursor.of}`);
    const following =
      page.hasMore && last ? { ...cursor, before: last.id } : nextWindow(cursor, start, period);
    return {
      ...fromRows(page.rows, cursor.of),
      next: following && JSON.stringify(following),
      share: shareOf(period, following, Date.parse(last?.created_at ?? '')),
    };
  };

/** Fetches shipments by their ids, one a call. Undefined for a shipment that is not purchased. */
export const externalShipments =
  (client: EasyPostClient) =>
  (references: readonly string[], { signal }: CallOptions) =>
    mapOutcomes(references, async (id) => {
      const result = toExternalShipment(await client.request(row, { path: `/shipments/${id}` }, signal));
      return typeof result === 'string' ? undefined : result;
    });

async function fetchPage(
  client: EasyPostClient,
  { of, to, before }: Cursor,
  start: number,
  signal: AbortSignal,
): Promise<Page> {
  const query = new URLSearchParams({
    page_size: '100',
    start_datetime: new Date(start).toISOString(),
    end_datetime: new Date(to).toISOString(),
    ...(before !== undefined && { before_id: before }),
  });
  const path = `/${of}?${query}`;
  if (of === 'trackers') {
    const { trackers, has_more } = await client.list(trackerPage, path, signal);
    return { rows: trackers, hasMore: has_more };
  }
  const { shipments, has_more } = await client.list(shipmentPage, path, signal);
  return { rows: shipments, hasMore: has_more };
}

function fromRows(
  rows: Page['rows'],
  of: Cursor['of'],
): Pick<ExternalPage, 'trackings' | 'shipments' | 'skipped'> {
  const isShipments = of === 'shipments';
  const updates = rows.map((row) => toTrackingUpdate(isShipments ? trackerOf(row) : row));
  const trackings = updates.filter((update) => typeof update === 'object');
  const results = isShipments ? rows.map(toExternalShipment) : [];
  const shipments = results.filter((result) => typeof result === 'object');
  const reasons = isShipments
    ? results.filter((result) => typeof result === 'string')
    : updates.filter((update) => typeof update !== 'object').map((update) => trackerReasons[update ?? 'untracked']); // prettier-ignore
  return { trackings, shipments, skipped: countBy(reasons) };
}

/** Why a tracker is left out. */
const trackerReasons = {
  unreadable: 'trackers whose fields cannot be read',
  untracked: 'trackers without a number or carrier that can be tracked',
};

const countBy = (reasons: readonly string[]): ExternalPage['skipped'] =>
  Object.fromEntries([...new Set(reasons)].map((reason) => [reason, reasons.filter((each) => each === reason).length])); // prettier-ignore

const trackerOf = (shipment: unknown) => row.safeParse(shipment).data?.tracker;

/** Returns the start of the window before, then of the list of trackers, then undefined. */
function nextWindow({ of }: Cursor, start: number, period: Period): Cursor | undefined {
  if (start > period.from) return { of, to: start };
  return of === 'shipments' ? { of: 'trackers', to: period.to } : undefined;
}

/** Returns how much of the period is listed, from 0 to 1: each list counts half. `lastCreatedAt` may be NaN. */
function shareOf(period: Period, following: Cursor | undefined, lastCreatedAt: number): number {
  if (following === undefined) return 1;
  const half = following.of === 'shipments' ? 0 : 0.5;
  const at = following.before === undefined || Number.isNaN(lastCreatedAt) ? following.to : lastCreatedAt;
  const share = Math.min(1, Math.max(0, (period.to - at) / Math.max(1, period.to - period.from)));
  return half + share / 2;
}

/** Undefined for a cursor of an earlier version: the period starts again, since importing twice is harmless. */
const parseCursor = (text: string | undefined): Cursor | undefined =>
  text === undefined ? undefined : cursorSchema.safeParse(JSON.parse(text)).data;
