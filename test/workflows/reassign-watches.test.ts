import { rmSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Caller } from '../../src/accounts/account.ts';
import { openDatabase, type OpenDatabase } from '../../src/storage/database.ts';
import { createWatches } from '../../src/storage/watches.ts';
import { reassignWatches } from '../../src/workflows/reassign-watches.ts';
import { ledgerFolder, testClock } from '../support/test-server.ts';

const folder = ledgerFolder();
let ledger: OpenDatabase;
beforeAll(async () => void (ledger = await openDatabase({ folder })));
afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

it('leaves the parcels of a removed account to the next one that tracks them', async () => {
  const clock = testClock('2026-11-18T18:00:00Z');
  const watches = createWatches(ledger.db);
  const watch = (trackingNumber: string, carrier: string, accountId: string) => ({ trackingNumber, carrier, accountId }); // prettier-ignore
  const parcels = [watch('9400', 'USPS', 'usps'), watch('1Z', 'UPS', 'usps'), watch('9401', 'USPS', 'other')];
  await watches.add('acme', parcels, clock.now(), 10);
  const easypost = {
    id: 'easypost',
    adapter: { track: async () => [] },
    tracks: ({ carrier }: { carrier?: string }) => (carrier === 'USPS' ? 'through' : undefined),
  };
  const caller = { tenant: { id: 'acme', name: 'Acme' }, accounts: [easypost] } as unknown as Caller;
  await reassignWatches({ watches, clock }, caller, 'usps');
  const rows = await ledger.db.selectFrom('watches').select(['tracking_number', 'account_id']).orderBy('tracking_number').execute(); // prettier-ignore
  expect(rows).toEqual([
    { tracking_number: '1Z', account_id: 'usps' },
    { tracking_number: '9400', account_id: 'easypost' },
    { tracking_number: '9401', account_id: 'other' },
  ]);
});
