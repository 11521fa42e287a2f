import { rmSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Location } from '../../support/proof-ledger.ts';
import { freshDatabase, ledgerFolder } from '../../support/test-server.ts';
import { runEpisodes } from './episodes.ts';

let location: Location;
let drop: () => Promise<void>;
beforeAll(async () => {
  // Two replicas, where a ledger on a server is at hand.
  if (process.env.DATABASE_URL) {
    const { url, drop: dropDatabase } = await freshDatabase();
    [location, drop] = [{ url }, dropDatabase];
    return;
  }
  const folder = ledgerFolder();
  [location, drop] = [{ folder }, async () => rmSync(folder, { recursive: true, force: true })];
});
afterAll(() => drop());

// `npm run prove:mcp` runs 1,000.
it('agents that repeat, lose answers, invent ids and obey carriers buy each plan once, within their limit', { timeout: 240_000 }, async () => {
  const { purchases, charges, confirmedPlans, plans, answers } = await runEpisodes(location, 13, 2026);
  expect(charges).toBe(purchases);
  expect(charges).toBeGreaterThan(5);
  expect(confirmedPlans).toBeLessThan(plans);
  expect(Object.keys(answers)).toEqual(
    expect.arrayContaining(['LOST', 'PLAN_INVALID', 'PLAN_EXPIRED', 'RATE_USED', 'SPEND_LIMIT_EXCEEDED']), // prettier-ignore
  );
}); // prettier-ignore
