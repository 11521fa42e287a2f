import { describe, expect, it } from 'vitest';

import { freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { runRequests } from './run.ts';
import { openWorld } from './world.ts';

/** `npm run prove:isolation` sends 100,000 requests of 100 tenants. */
describe.each(storages)('tenants on the %s ledger', (storage) => {
  it('reach nothing of another, and their calls carry their own credentials', async () => {
    const folder = ledgerFolder();
    const database = storage === 'server' ? await freshDatabase() : undefined;
    const world = await openWorld(10, database ? { url: database.url } : { folder }, folder);
    const { wrong, outcomes, calls } = await runRequests(world, 600, 1);
    await world.close();
    await database?.drop();
    expect(wrong).toEqual([]);
    expect(outcomes).toMatchObject({
      PURCHASED: expect.any(Number),
      'foreign rate RATE_INVALID': expect.any(Number),
      'foreign void NOT_FOUND': expect.any(Number),
    });
    expect(Math.min(calls.usps!, calls.easypost!)).toBeGreaterThan(20);
  });
});
