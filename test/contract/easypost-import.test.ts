import { afterAll, beforeAll, expect, test } from 'vitest';

import { readRecorded } from './easypost-recordings.ts';
import {
  call,
  describeContract,
  openEasyPost,
  startReplay,
  type Loose,
  type Opened,
  type Replay,
} from './shared.ts';

const bodyOf = (name: string): Loose => readRecorded(name).response.body;

describeContract('recorded lists of EasyPost', () => {
  let replay: Replay;
  let opened: Opened;
  beforeAll(async () => {
    replay = await startReplay();
    opened = openEasyPost(replay.url);
  });
  afterAll(async () => {
    await opened.close();
    await replay.close();
  });

  test('are imported page by page, each parcel with its tracker', async () => {
    const pages: Record<string, string[]> = {
      '/v2/shipments': ['shipment.list', 'shipment.list.next-page'],
      '/v2/trackers': ['tracker.list', 'tracker.list.next-page'],
    };
    const expected: string[] = [];
    for (const [path, names] of Object.entries(pages)) {
      const bodies = names.map((name) => bodyOf(name));
      for (const body of bodies) {
        const rows =
          body.trackers ?? body.shipments.map((shipment: Loose) => shipment.tracker).filter(Boolean);
        expected.push(...rows.map((tracker: Loose) => tracker.tracking_code));
      }
      let page = 0;
      replay.when('GET', path, () => {
        const body = bodies[page++]!;
        return { body: { ...body, has_more: page < bodies.length } };
      });
    }
    const to = Date.parse('2025-03-07T00:00:00Z');
    const found: string[] = [];
    const shipments: Loose[] = [];
    let next: string | undefined;
    do {
      const page = await opened.carrier.listExternal({ from: to - 86_400_000, to }, next, call);
      found.push(...page.trackings.map(({ parcel }) => parcel.trackingNumber));
      shipments.push(...page.shipments);
      next = page.next;
    } while (next !== undefined);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(10);
    const rows = ['shipment.list', 'shipment.list.next-page'].flatMap((name) => bodyOf(name).shipments); // prettier-ignore
    expect(shipments.map(({ reference }) => reference)).toEqual(rows.map(({ id }: Loose) => id));
    for (const [
      index,
      { tracking_code, created_at, postage_label, selected_rate, parcel, refund_status },
    ] of rows.entries()) {
      expect(shipments[index]).toMatchObject({
        createdAt: Date.parse(created_at),
        carrier: 'USPS',
        service: { code: 'USPS_GROUND_ADVANTAGE', providerCode: selected_rate.service },
        from: { name: 'Elizabeth Swan', postalCode: '90277', country: 'US' },
        parcel: { weight: { value: parcel.weight, unit: 'OUNCE' } },
        isReturn: false,
        // The recorded shipments are of California, and were created by day.
        shipDate: created_at.slice(0, 10),
        purchased: {
          trackingNumber: tracking_code,
          price: { amount: selected_rate.rate, currencyCode: 'USD' },
          label: { format: 'PNG', source: postage_label.label_url },
        },
        refund: refund_status ? { status: 'REQUESTED', voided: false } : undefined,
      });
    }
    expect(replay.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/shipments',
      'GET /v2/shipments',
      'GET /v2/trackers',
      'GET /v2/trackers',
    ]);
    const shipment = bodyOf('shipment.list').shipments.at(-1);
    const tracker = bodyOf('tracker.list').trackers.at(-1);
    expect(replay.requests[1]!.query).toMatchObject({ page_size: '100', before_id: shipment.id });
    expect(replay.requests[3]!.query).toMatchObject({ page_size: '100', before_id: tracker.id });
  });
});
