import { rmSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { killServers } from './kills.ts';

describe.each(storages)('a server that is killed repeatedly on the %s ledger', (storage) => {
  it('charges once per key, and recovers within 30 seconds', { timeout: 240_000 }, async () => {
    const folder = ledgerFolder();
    const database = storage === 'server' ? await freshDatabase() : undefined;
    try {
      const report = await killServers({
        kills: 3,
        // Covers another part of a purchase in each run.
        firstStep: 1 + (Math.floor(Date.now() / 1000) % 44),
        storage: database ?? { folder },
      });
      expect(report.charges).toBe(report.labels);
      expect(report.shipments).toEqual({ PURCHASED: report.keys });
      // Leases of a killed process must expire soon.
      expect(report.worstRecoveryMs).toBeLessThan(30_000);
    } finally {
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
