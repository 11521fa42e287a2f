import fc from 'fast-check';
import pMap from 'p-map';

import { kinds, ownNothing, type Outcome, type Owned, type Request } from './requests.ts';
import type { World } from './world.ts';

/** What a run of interleaved requests met. */
export interface Report {
  readonly requests: number;
  /** How many requests ended in which way. */
  readonly outcomes: Record<string, number>;
  /** Calls to providers, each with the data of the tenant whose credentials it carried. */
  readonly calls: Record<string, number>;
  /** Answers that lacked what is the caller's, or had what is another's; calls under wrong credentials. Empty if all holds. */
  readonly wrong: readonly string[];
}

/** Most requests read; purchases cost the most time. */
const weights: Record<Request['kind'], number> = {
  quote: 15,
  verify: 10,
  track: 25,
  buy: 4,
  buyForeign: 6,
  list: 8,
  readShipments: 10,
  entities: 14,
  voidForeign: 4,
  printForeign: 4,
};

const anyRequest = (tenants: number) =>
  fc.record<Request>({
    kind: fc.oneof(
      ...Object.entries(weights).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Request['kind']) })), // prettier-ignore
    ),
    tenant: fc.nat({ max: tenants - 1 }),
    other: fc.nat({ max: tenants - 1 }),
    pick: fc.nat({ max: 1000 }),
  });

const send = (world: World, owned: Owned, request: Request): Promise<Outcome> =>
  kinds[request.kind](world, owned, request).catch((error: Error) => ({
    outcome: 'failed',
    wrong: error.message,
  }));

/** Sends requests of all tenants, 50 at a time; the time moves on, so that tokens, quotes and trackers age. */
export async function runRequests(world: World, requests: number, seed: number): Promise<Report> {
  const owned = ownNothing(world.tenants);
  const outcomes: Record<string, number> = {};
  const wrong: string[] = [];
  const order = fc.sample(anyRequest(world.tenants), { numRuns: requests, seed });
  await pMap(
    order,
    async (request, index) => {
      if (index % 250 === 249) world.advance(5 * 60_000);
      const answer = await send(world, owned, request);
      outcomes[answer.outcome] = (outcomes[answer.outcome] ?? 0) + 1;
      if (answer.wrong) wrong.push(`${JSON.stringify(request)}: ${answer.wrong}`);
    },
    { concurrency: 50 },
  );
  return { requests, outcomes, calls: world.calls, wrong: [...wrong, ...world.crossings] };
}
