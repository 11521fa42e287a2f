import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

import { systemClock } from '../sandbox/clock.ts';
import { startSandbox } from '../sandbox/index.ts';
import { uspsTrackingNumber } from '../sandbox/usps/index.ts';
import { createDatabase } from './database.ts';
import { startReplica, type Replica } from './replica.ts';

/**
 * Measures how changes reach subscribers: 500 parcels, noticed by one replica, and 5,000 subscriptions at another. Counts
 * the calls to the provider with and without subscriptions, and the messages; the times are ratios of one run. Needs
 * `DATABASE_URL`: `npm run bench:fan-out`.
 */

const parcels = 500;
const subscribers = 5_000;
const perConnection = 100;
const key = 'key-of-the-bench';
const numbers = Array.from({ length: parcels }, (_, index) => uspsTrackingNumber(20_000 + index));
const hub = uspsTrackingNumber(30_000);

const refresh = `query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers, maxAgeSeconds: 0) { status } }`;
const updates = `subscription ($numbers: [TrackingNumberInput!]!) {
  trackerUpdated(numbers: $numbers) { trackingNumber status statusText cursor }
}`;
const inputOf = (trackingNumbers: readonly string[]) => ({
  numbers: trackingNumbers.map((trackingNumber) => ({ trackingNumber })),
});

/** Counts the messages of all subscriptions. */
class Audience {
  readonly #clients: Client[] = [];
  #received = 0;
  #wanted = Infinity;
  #reached = () => {};

  /** Opens a subscription for each number, and resolves once each has its present state. */
  async open(url: string, trackingNumbers: readonly string[]): Promise<void> {
    const present = this.expect(trackingNumbers.length);
    for (let first = 0; first < trackingNumbers.length; first += perConnection) {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        lazy: false,
      });
      this.#clients.push(client);
      for (const number of trackingNumbers.slice(first, first + perConnection)) {
        client.subscribe(
          { query: updates, variables: inputOf([number]) },
          {
            next: ({ errors }) => (errors ? fail(errors) : this.#count()),
            error: fail,
            complete: () => {},
          },
        );
      }
    }
    await present;
  }

  /** Resolves once so many more messages have come. */
  expect(messages: number): Promise<void> {
    this.#received = 0;
    this.#wanted = messages;
    return new Promise((resolve) => (this.#reached = resolve));
  }

  get received(): number {
    return this.#received;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.dispose();
  }

  #count(): void {
    this.#received += 1;
    if (this.#received === this.#wanted) this.#reached();
  }
}

const fail = (error: unknown): never => {
  throw new Error(JSON.stringify(error));
};

async function main(): Promise<void> {
  const database = await createDatabase();
  const sandbox = await startSandbox({ clock: systemClock, quota: 1_000_000 });
  const { usps } = sandbox;
  const variables = sandbox.accounts.find(({ provider }) => provider === 'usps')!.variables;
  const account = {
    id: 'usps',
    provider: 'usps',
    environment: 'TEST',
    baseUrl: usps.url,
    quota: { default: 1_000_000 },
    credentials: { clientId: variables.USPS_CLIENT_ID, clientSecret: variables.USPS_CLIENT_SECRET },
  };
  const tenants = [{ id: 'tenant', apiKeys: [key], accounts: [account] }];
  const replicas: Replica[] = [];
  const audience = new Audience();
  let scan = 0;
  const move = (trackingNumbers: readonly string[]) => {
    scan += 1;
    for (const number of trackingNumbers)
      usps.scan(number, '07', { eventType: `Scan ${scan}`, at: Date.now() });
  };
  const calls = () => usps.count('POST', /\/tracking\/v3r2\//);
  /** Has one replica notice that parcels have moved; returns the calls and the time that it took. */
  const notice = async (trackingNumbers: readonly string[]) => {
    move(trackingNumbers);
    const before = calls();
    const started = performance.now();
    await replicas[0]!.ask(key, refresh, inputOf(trackingNumbers));
    return { calls: calls() - before, milliseconds: performance.now() - started };
  };
  try {
    for (const trackingNumber of [...numbers, hub]) usps.parcel({ trackingNumber, accepted: undefined });
    for (let number = 0; number < 2; number += 1) replicas.push(await startReplica(tenants, database.url));
    await notice([...numbers, hub]);
    await notice(numbers);
    const without = await notice(numbers);
    const memory = await replicas[1]!.memoryBytes();

    const followed = Array.from({ length: subscribers }, (_, index) => numbers[index % parcels]!);
    const beforeOpening = calls();
    await audience.open(replicas[1]!.url, followed);
    const callsOfOpening = calls() - beforeOpening;
    const memoryOfOne = ((await replicas[1]!.memoryBytes()) - memory) / subscribers;
    const delivered = audience.expect(subscribers);
    const started = performance.now();
    const withSubscribers = await notice(numbers);
    await delivered;
    const fanOut = performance.now() - started;
    await audience.close();

    const crowd = new Audience();
    await crowd.open(
      replicas[1]!.url,
      Array.from({ length: subscribers }, () => hub),
    );
    const single = crowd.expect(subscribers);
    const begun = performance.now();
    const one = await notice([hub]);
    await single;
    const fanOutOfOne = performance.now() - begun;
    await crowd.close();

    console.log(`${subscribers} subscriptions at one replica, ${parcels} parcels noticed by another`);
    console.log(`calls to the provider for a change of each parcel: ${without.calls} without subscriptions, ${withSubscribers.calls} with; ${callsOfOpening} to open them`); // prettier-ignore
    console.log(`messages: ${audience.received} for ${parcels} changes, ${crowd.received} for one`);
    console.log(`last message, to the query that noticed the changes: ${(fanOut / without.milliseconds).toFixed(1)}`); // prettier-ignore
    console.log(`one parcel with all subscriptions: last message after ${(fanOutOfOne / one.milliseconds).toFixed(1)} times its query, ${((fanOutOfOne / subscribers) * 1000).toFixed(0)} microseconds a message`); // prettier-ignore
    console.log(`memory a subscription: ${(memoryOfOne / 1024).toFixed(1)} KB`);
  } finally {
    await audience.close();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await sandbox.close();
    await database.drop();
  }
}

await main();
