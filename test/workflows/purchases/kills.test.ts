import { rmSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { killServers } from './kills.ts';

describe.each(storages)('a server that is killed, on the %s ledger', (storage) => {
  it('buys once a key all the same, and is soon done with what it left', { timeout: 240_000 }, async () => {
    const folder = ledgerFolder();
    const database = storage === 'server' ? await freshDatabase() : undefined;
    try {
      const report = await killServers({
        kills: 5,
        // Another part of a purchase each time.
        firstStep: 1 + (Math.floor(Date.now() / 1000) % 44),
        storage: database ?? { folder },
      });
      expect(report.charges).toBe(report.labels);
      expect(report.shipments).toEqual({ PURCHASED: report.keys });
      // No speed: what a killed process holds, it must not hold for long.
      expect(report.worstRecoveryMs).toBeLessThan(30_000);
    } finally {
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
