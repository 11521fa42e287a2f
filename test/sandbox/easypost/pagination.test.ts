import { describe, expect, test } from 'vitest';
import {
  buy,
  call,
  clock,
  day,
  quote,
  redondoBeach,
  restart,
  second,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

describe('a list', () => {
  test('has pages, newest first', async () => {
    const create = () => call('POST', '/v2/addresses', { address: redondoBeach });
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift((await create()).body.id);
    const first = (await call('GET', '/v2/addresses?page_size=2')).body;
    expect([first.addresses.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const rest = (await call('GET', `/v2/addresses?before_id=${ids[1]}`)).body;
    expect([rest.addresses.map(({ id }) => id), rest.has_more]).toEqual([ids.slice(2), false]);
    const newer = (await call('GET', `/v2/addresses?after_id=${ids[3]}&page_size=1`)).body;
    expect([newer.addresses.map(({ id }) => id), newer.has_more]).toEqual([[ids[2]], true]);
    clock.advance(32 * day);
    expect((await call('GET', '/v2/addresses')).body.addresses).toEqual([]);
    expect((await call('GET', '/v2/addresses?start_datetime=2025-03-01')).body.addresses).toHaveLength(5);
  });

  test('of shipments holds purchased ones by default', async () => {
    await quote();
    const { body } = await buy();
    expect((await call('GET', '/v2/shipments')).body.shipments.map(({ id }) => id)).toEqual([body.id]);
    expect((await call('GET', '/v2/shipments?purchased=false')).body.shipments).toHaveLength(2);
  });

  test('is limited per second if the limit is set', async () => {
    await restart({ listsPerSecond: 5 });
    const statuses: number[] = [];
    for (let index = 0; index < 6; index++) statuses.push((await call('GET', '/v2/trackers')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    clock.advance(second);
    expect((await call('GET', '/v2/trackers')).status).toBe(200);
  });
});
