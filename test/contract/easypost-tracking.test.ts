import { expect, test } from 'vitest';

import { describeRecordings } from './easypost-recordings.ts';
import { call, good, type Loose } from './shared.ts';

const unrecordedKeys = {
  'POST /trackers .tracker.carrier': 'saves EasyPost the detection; documented beside the tracking code',
};

function expectTracked(tracking: Loose, tracker: Loose, status: string): void {
  expect(tracking).toMatchObject({ status, carrier: 'USPS', reference: tracker.id });
  expect(tracking.signedBy).toBe(tracker.signed_by ?? undefined);
  // EasyPost sorts details oldest first; our events are newest first.
  expect(tracking.events.map((event: Loose) => event.occurredAt)).toEqual(
    tracker.tracking_details.map((detail: Loose) => detail.datetime ?? undefined).reverse(),
  );
  expect(tracking.events.map((event: Loose) => event.description)).toEqual(
    tracker.tracking_details.map((detail: Loose) => detail.message).reverse(),
  );
  for (const { location } of tracking.events) {
    if (location) expect(Object.values(location)).not.toContain('');
  }
}

describeRecordings('recorded trackers of EasyPost', 'tracking', unrecordedKeys, (recordings) => {
  test.each([
    ['tracker.create.new-201', 'PRE_TRANSIT'],
    ['tracker.create.EZ1000000001', 'PRE_TRANSIT'],
    ['tracker.create.EZ2000000002-in-transit', 'IN_TRANSIT'],
    ['tracker.create.EZ4000000004-delivered', 'DELIVERED'],
    ['tracker.create.EZ5000000005-return-to-sender', 'RETURNING'],
    ['tracker.create.EZ7000000007-unknown', 'UNKNOWN'],
  ] as const)('%s is %s', async (name, status) => {
    const sample = recordings.sample(name);
    recordings.replay('POST', '/v2/trackers', sample);
    const { tracking_code } = sample.request.body.tracker;
    const requests = [{ trackingNumber: tracking_code, carrier: 'USPS' }];
    const [tracking] = await recordings.adapter.track(requests, call);
    expectTracked(good(tracking), sample.response.body, status);
    expect(recordings.requestBody(0)).toMatchObject({ tracker: { tracking_code } });
  });

  test('tracker.retrieve refreshes a known tracker', async () => {
    const sample = recordings.sample('tracker.retrieve');
    const { body } = sample.response;
    recordings.replay('GET', sample.request.path, sample);
    const requests = [{ trackingNumber: body.tracking_code, reference: body.id }];
    const [tracking] = await recordings.adapter.track(requests, call);
    expectTracked(good(tracking), body, 'PRE_TRANSIT');
  });

  test('tracker.batch-retrieve refreshes many trackers in one call; a missing one is fetched alone', async () => {
    const batch = recordings.sample('tracker.batch-retrieve');
    const single = recordings.sample('tracker.retrieve');
    recordings.replay('POST', '/v2/trackers/batch', batch);
    recordings.replay('GET', /^\/v2\/trackers\//, single);
    const [inBatch] = batch.response.body.trackers;
    const missing = single.response.body;
    const requests = [inBatch, missing].map(({ tracking_code, id }: Loose) => ({
      trackingNumber: tracking_code,
      reference: id,
    }));
    const [first, second] = await recordings.adapter.track(requests, call);
    expectTracked(good(first), inBatch, 'PRE_TRANSIT');
    expectTracked(good(second), missing, 'PRE_TRANSIT');
    expect(recordings.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v2/trackers/batch',
      `GET /v2/trackers/${missing.id}`,
    ]);
  });
});
