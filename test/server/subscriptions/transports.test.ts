import { once } from 'node:events';

import { createClient as createEventStreamClient } from 'graphql-sse';
import type { Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';

import { closeOf, openClient, subscribe } from '../../support/subscriber.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const number = '9200190345678900000025';
const updates = `subscription Updates($number: String!) { trackerUpdated(numbers: [{ trackingNumber: $number }]) { status } }`;
const rates = `subscription Rates($input: RatesInput!) { ratesStream(input: $input) {
  rates { account { id } price { amount } } failures { account { id } code } pending { id }
} }`;
const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps', 'easypost'] };

/** Two subscriptions a connection, four a tenant. */
const limits = { perConnection: 2, perTenant: 4, deliveryMs: 300 };

describe('subscriptions', () => {
  let server: TestServer;
  let client: Client;
  beforeAll(async () => {
    server = await openTestServer({ subscriptionLimits: limits });
    client = openClient(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  const post = (query: string, variables: object, headers: Record<string, string>) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox', ...headers },
      body: JSON.stringify({ query, variables }),
    });
  const openSubscriptions = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const lines = text.matchAll(/^parcelgraph_subscriptions\{.*\} (\d+)$/gm);
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const logged = (message: string) =>
    server.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === message);

  describe('by WebSocket', () => {
    it('run queries too, with the same errors as over HTTP', async () => {
      const query = '{ providerAccounts { id } }';
      expect((await subscribe(client, query).next()).data).toEqual((await server.ask(query)).data);
      const overHttp = await server.ask('{ tracker(trackingNumber: "?") { status } }');
      const { errors } = await subscribe(client, '{ tracker(trackingNumber: "?") { status } }').next();
      expect(errors).toEqual(overHttp.errors);
    });

    it('end with an error message where the operation is not valid, which leaves the socket open', async () => {
      let sockets = 0;
      const other = openClient(server.url, 'sandbox', {
        on: { opened: () => void (sockets += 1) },
        lazy: false,
      });
      const invalid = subscribe(other, 'subscription { nothing }').next();
      await expect(invalid).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      const deep = subscribe(other, `{ tracker(trackingNumber: "x") { ${'shipment { tracker { '.repeat(8)} id ${'} }'.repeat(8)} } }`); // prettier-ignore
      await expect(deep.next()).rejects.toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      const next = subscribe(other, updates, { number });
      expect((await next.next()).data.trackerUpdated.status).toBe('IN_TRANSIT');
      expect(sockets).toBe(1);
      await other.dispose();
    });

    it.each([
      ['a wrong key', { authorization: 'Bearer wrong' }],
      ['no key', {}],
    ])('are closed with 4401 for %s', async (_, connectionParams) => {
      const stranger = openClient(server.url, '', { connectionParams });
      const close = await closeOf(() => subscribe(stranger, updates, { number }).next());
      expect(close).toMatchObject({ code: 4401, reason: expect.stringMatching(/^Unauthorized: send/) });
    });

    it('take the key of the upgrade request, as servers send it', async () => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { authorization: 'Bearer sandbox' },
      });
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(JSON.parse(String(data))).toEqual({ type: 'connection_ack' });
      socket.close();
    });

    it('are refused to pages of other origins, and at other paths', async () => {
      const statusOf = async (path: string, origin?: string) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { origin }); // prettier-ignore
        const [{ message }] = (await once(socket, 'error')) as [Error];
        return message;
      };
      expect(await statusOf('/graphql', 'https://example.com')).toMatch(/403/);
      expect(await statusOf('/elsewhere')).toMatch(/404/);
    });

    it('are limited by connection and by tenant, and released by their end', async () => {
      const first = [subscribe(client, updates, { number }), subscribe(client, updates, { number })];
      for (const each of first) await each.next();
      await expect(subscribe(client, updates, { number }).next()).rejects.toMatchObject([
        {
          message: expect.stringMatching(/this connection has 2/),
          extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
        },
      ]);
      const others = [openClient(server.url), openClient(server.url)] as const;
      const second = [subscribe(others[0], updates, { number }), subscribe(others[0], updates, { number })];
      for (const each of second) await each.next();
      await expect(subscribe(others[1], updates, { number }).next()).rejects.toMatchObject([
        {
          message: expect.stringMatching(/this tenant has 4/),
          extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
        },
      ]);
      expect(await openSubscriptions()).toBe(4);
      for (const each of [...first, ...second]) await each.end();
      await expect.poll(openSubscriptions).toBe(0);
      const again = subscribe(client, updates, { number });
      expect((await again.next()).data.trackerUpdated.status).toBe('IN_TRANSIT');
      await again.end();
      for (const other of others) await other.dispose();
    });

    it('log one line when they begin and one when they end, without the number', async () => {
      const subscriber = subscribe(client, updates, { number });
      await subscriber.next();
      await subscriber.end();
      await expect
        .poll(() => logged('subscription ended').at(-1))
        .toMatchObject({
          tenant: 'sandbox',
          operation: 'Updates',
          transport: 'websocket',
          messages: 1,
          reason: 'ended by the client',
        });
      const { requestId } = logged('subscription ended').at(-1)!;
      expect(logged('operation completed').filter((line) => line.requestId === requestId)).toHaveLength(1);
      expect(server.log.filter((line) => line.includes(number))).toEqual([]);
    });
  });

  describe('as server-sent events', () => {
    it('are read by the client of graphql-sse', async () => {
      const events = createEventStreamClient({ url: `${server.url}/graphql`, headers: { authorization: 'Bearer sandbox' } }); // prettier-ignore
      const messages = events.iterate<any>({ query: rates, variables: { input } });
      const all = [];
      for await (const { data } of messages) all.push(data?.ratesStream);
      expect(all.map(({ pending }) => pending.length)).toEqual([1, 0]);
      events.dispose();
    });

    it('have a plain response with a status where the operation does not begin', async () => {
      const sse = { accept: 'text/event-stream' };
      const unknown = await post(updates, { number }, { ...sse, authorization: 'Bearer wrong' });
      expect([unknown.status, await unknown.json()]).toMatchObject([401, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]); // prettier-ignore
      const invalid = await post(updates, { number: '?' }, sse);
      expect([invalid.status, await invalid.json()]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]); // prettier-ignore
      const planned = await post(updates, { number }, { ...sse, 'x-parcelgraph-plan': 'true' });
      expect([planned.status, await planned.json()]).toMatchObject([400, { errors: [{ message: 'a subscription has no plan' }] }]); // prettier-ignore
      const limited = await post(rates, { input }, { ...sse, 'x-parcelgraph-max-provider-calls': '0' });
      expect([limited.status, await limited.json()]).toMatchObject([400, { errors: [{ extensions: { code: 'TOO_MANY_PROVIDER_CALLS' } }] }]); // prettier-ignore
    });

    it('are refused where the request does not ask for them', async () => {
      const { errors } = await server.ask(updates, { number });
      expect(errors).toMatchObject([
        { message: 'a subscription needs a connection that stays open', extensions: { code: 'BAD_REQUEST' } },
      ]);
    });
  });

  const multipart = { accept: 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json' };

  it('come as multipart to Apollo Client', async () => {
    const response = await post(rates, { input }, multipart);
    expect(response.headers.get('content-type')).toMatch(/^multipart\/mixed;\s?boundary="?graphql/);
    const parts = (await response.text()).split('--graphql').slice(1, -1);
    const bodies = parts.map((part) => JSON.parse(part.split('\r\n\r\n')[1]!));
    expect(bodies.map(({ payload }) => payload?.data.ratesStream.pending.length)).toEqual([1, 0]);
  });

  it('come as parts that are complete when they are sent', async () => {
    const response = await post(updates, { number }, multipart);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('trackerUpdated')) break;
    }
    expect(text).toMatch(/\}\r\n--graphql$/);
  });

  describe('of rates', () => {
    const messagesOf = async (variables: object) => {
      const subscriber = subscribe(client, rates, { input: { ...input, ...variables } });
      const all = await subscriber.until(({ ratesStream }) => ratesStream.pending.length === 0);
      await expect(subscriber.next()).rejects.toThrow('the subscription has ended');
      return all.map(({ ratesStream }) => ratesStream);
    };

    it('have one message an account, the fastest first, and together what `rates` has', async () => {
      const removeFault = server.sandbox.easypost.injectFault({ delayMs: 300 });
      const messages = await messagesOf({});
      removeFault();
      expect(messages.map(({ rates }) => new Set(rates.map(({ account }: any) => account.id)))).toEqual([
        new Set(['usps']),
        new Set(['easypost']),
      ]);
      expect(messages.map(({ pending }) => pending)).toEqual([[{ id: 'easypost' }], []]);
      const query = await server.ask(rates.replace('subscription', 'query').replace('ratesStream', 'rates'), { input }); // prettier-ignore
      const amounts = (list: any[]) => list.map(({ price }) => price.amount).sort();
      expect(amounts(messages.flatMap(({ rates }) => rates))).toEqual(amounts(query.data.rates.rates));
    });

    it('end at the deadline, with a TIMEOUT for whoever is late', async () => {
      const removeFault = server.sandbox.easypost.injectFault({ hang: true });
      const messages = await messagesOf({ deadlineMs: 1500 });
      removeFault();
      expect(messages.at(-1)).toEqual({
        rates: [],
        failures: [{ account: { id: 'easypost' }, code: 'TIMEOUT' }],
        pending: [],
      });
    });
  });

  it('drop a client that does not read its messages, and tell it why', async () => {
    const trackingNumber = '9200190345678912345678';
    const parcel = `trackingNumber: "${trackingNumber}", carrier: "USPS"`;
    server.sandbox.usps.parcel({ trackingNumber });
    const grow = async () => {
      server.clock.advance(60_000);
      server.sandbox.usps.scan(trackingNumber, '07', { eventType: 'x'.repeat(500_000) });
      await server.ask(`{ tracker(${parcel}, maxAgeSeconds: 0) { status } }`);
    };
    await grow();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { authorization: 'Bearer sandbox' },
    });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const query = `subscription Slow { trackerUpdated(numbers: [{ ${parcel} }]) { events { description } } }`;
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    await once(socket, 'message');
    socket.pause();
    // Until its messages fill what the operating system keeps for it.
    const dropped = () => logged('subscription ended').filter(({ operation }) => operation === 'Slow');
    for (let count = 0; count < 20 && dropped().length === 0; count += 1) await grow();
    await expect.poll(dropped).toMatchObject([{ reason: 'the client was too slow' }]);
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    socket.resume();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([
      1013,
      'Too slow: the client did not take a message within 300 ms',
    ]);
  });

  it('end with 1001 when the server stops, and their clients resume', async () => {
    const other = openClient(server.url);
    const subscriber = subscribe(other, updates, { number });
    await subscriber.next();
    const stream = await post(updates, { number }, { accept: 'text/event-stream' });
    const close = closeOf(() => subscriber.next());
    await server.restart();
    expect(await close).toMatchObject({ code: 1001 });
    expect(await stream.text()).not.toMatch(/event: complete/);
    expect(logged('subscription ended').map(({ transport, reason }) => [transport, reason])).toEqual(
      expect.arrayContaining([
        ['websocket', 'the connection was closed'],
        ['event-stream', 'the connection was closed'],
      ]),
    );
  });
});
