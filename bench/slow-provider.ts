import { setTimeout as sleep } from 'node:timers/promises';

import { startCheapEasyPost, type CheapEasyPost } from './easypost.ts';
import { quantile, startReplica, type Replica } from './replica.ts';

/**
 * Measures what a provider that hangs does to the callers of its account, to the other accounts and to another tenant:
 * `npm run bench:slow-provider`.
 */

const deadlineMs = 2_000;
const query = `query ($input: RatesInput!) { rates(input: $input) {
  rates { account { id } price { amount } } failures { account { id } code } } }`;
const address = { country: 'US', postalCode: '94107' };

interface Data {
  readonly rates: { readonly rates: readonly { readonly account: { readonly id: string } }[] };
}

interface Answer {
  readonly milliseconds: number;
  /** The accounts that rates came from. */
  readonly quoted: ReadonlySet<string>;
}

async function askRates(replica: Replica, key: string, ounces: number): Promise<Answer> {
  const parcels = [{ weight: { value: ounces, unit: 'OUNCE' } }];
  const input = { from: address, to: { ...address, postalCode: '10001' }, parcels, deadlineMs };
  const started = performance.now();
  const { rates } = await replica.ask<Data>(key, query, { input });
  return {
    milliseconds: performance.now() - started,
    quoted: new Set(rates.rates.map(({ account }) => account.id)),
  };
}

let ounces = 0;
const askMany = (replica: Replica, key: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => askRates(replica, key, (ounces = (ounces % 900) + 1))));

/** Asks five questions at a time for a while, as a tenant whose providers are healthy does. */
async function askSteadily(replica: Replica, key: string, milliseconds: number): Promise<number[]> {
  const durations: number[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    durations.push(...(await askMany(replica, key, 5)).map(({ milliseconds }) => milliseconds));
  }
  return durations;
}

const account = (id: string, { url }: CheapEasyPost) => ({ id, provider: 'easypost', environment: 'TEST', baseUrl: url, credentials: { apiKey: `EZTK${id}` } }); // prettier-ignore

async function main(): Promise<void> {
  const providers = await Promise.all(['a', 'b', 'hanging', 'other'].map(startCheapEasyPost));
  const [a, b, hanging, other] = providers as [CheapEasyPost, CheapEasyPost, CheapEasyPost, CheapEasyPost];
  const replica = await startReplica([
    { id: 'shop', name: 'Shop', apiKeys: ['shop-key'], accounts: [account('a', a), account('b', b), account('hanging', hanging)] }, // prettier-ignore
    { id: 'other', name: 'Other', apiKeys: ['other-key'], accounts: [account('other', other)] },
  ]);
  const report = (name: string, value: string) => console.log(`${name.padEnd(64)} ${value}`);
  try {
    await askMany(replica, 'shop-key', 300);
    await askSteadily(replica, 'other-key', 2_000);
    const neighbour: { healthy: number[]; hanging: number[] } = { healthy: [], hanging: [] };
    const answers: Answer[] = [];
    for (let round = 0; round < 2; round++) {
      // The same questions of the shop run meanwhile, so that the rounds differ by the provider alone.
      for (const state of ['healthy', 'hanging'] as const) {
        hanging.hang(state === 'hanging');
        const before = hanging.calls();
        const [durations, asked] = await Promise.all([
          askSteadily(replica, 'other-key', deadlineMs + 500),
          askMany(replica, 'shop-key', 100),
        ]);
        neighbour[state].push(quantile(durations, 0.99));
        if (state === 'healthy') continue;
        answers.push(...asked);
        const sent = hanging.calls() - before;
        const afterwards = hanging.calls();
        for (let request = 0; request < 60; request++)
          answers.push(...(await askMany(replica, 'shop-key', 1)));
        report(`round ${round + 1}: calls for 100 questions at once, for 60 after them`, `${sent}, ${hanging.calls() - afterwards}`); // prettier-ignore
        hanging.hang(false);
        const recoveredAt = performance.now();
        while (!(await askMany(replica, 'shop-key', 1))[0]!.quoted.has('hanging')) await sleep(250);
        report('  seconds from its recovery to its next rate', ((performance.now() - recoveredAt) / 1000).toFixed(1)); // prettier-ignore
      }
    }
    const late = answers.map(({ milliseconds }) => milliseconds - deadlineMs);
    report('slowest answer, milliseconds after the deadline', Math.max(...late).toFixed(0));
    report('answers later than 50 ms after the deadline', `${late.filter((each) => each > 50).length} of ${answers.length}`); // prettier-ignore
    const whole = answers.filter(({ quoted }) => quoted.has('a') && quoted.has('b')).length;
    report('answers with the rates of both healthy accounts', `${whole} of ${answers.length}`);
    const ratio = quantile(neighbour.hanging, 0.5) / quantile(neighbour.healthy, 0.5);
    report("another tenant's p99 to its healthy one", ratio.toFixed(2));
  } finally {
    await replica.stop();
    await Promise.all(providers.map((provider) => provider.close()));
  }
}

await main();
