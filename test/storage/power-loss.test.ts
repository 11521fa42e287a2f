import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDatabase, type Database } from '../../src/storage/database.ts';
import { isDiskObservable, observeSyncs, type ObservedFolder } from '../support/disk.ts';
import { openLedgerTestServer } from '../support/ledger-server.ts';
import { createRandom } from '../support/random.ts';
import { emptyFolder, ledgerFolder } from '../support/test-server.ts';

describe.runIf(isDiskObservable)('an embedded ledger on a machine that loses power', () => {
  let folder: string;
  let disk: ObservedFolder;
  beforeEach(() => {
    folder = ledgerFolder();
    disk = observeSyncs(join(folder, 'ledger'), emptyFolder());
  });
  afterEach(() => disk.stop());

  it('has each purchase that was answered, and buys none of them again', async () => {
    const server = await openLedgerTestServer('embedded', { folder });
    const rateId = await server.rate('easypost');
    const { shipment } = (await server.buy('key 1', rateId)).data.shipmentPurchase;
    expect(shipment.status).toBe('PURCHASED');
    const left = emptyFolder();
    // The emulated providers, which keep their state beside the ledger, lose nothing.
    cpSync(folder, left, { recursive: true, filter: (path) => !/ledger|owner\.sock/.test(path) });
    disk.losePower(join(left, 'ledger'));
    await server.close();

    const restarted = await openLedgerTestServer('embedded', { folder: left });
    const again = await restarted.buy('key 1', rateId);
    const { id, status, trackingNumber, history } = shipment;
    expect(again.data.shipmentPurchase.shipment).toMatchObject({ id, status, trackingNumber, history });
    await restarted.close();
  });

  it.each([1, 2, 3, 4])(
    'has all that was committed, whatever else is on the disk (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const { db, upkeep, close } = await openDatabase({ folder });
      await sql`create table texts (id int primary key, text text not null)`.execute(db);
      const transactions = 20 + Math.floor(random() * 40);
      for (let id = 0; id < transactions; id++) {
        // Some are larger than the buffers of the database, which writes pages to its files before a checkpoint then.
        const hashes = random() < 0.1 ? 150_000 : 30;
        const isDeleting = random() < 0.3;
        await db.transaction().execute(async (transaction) => {
          await sql`insert into texts select ${id}, string_agg(md5(n::text), '') from generate_series(1, ${hashes}) n`.execute(transaction); // prettier-ignore
          if (isDeleting) await sql`delete from texts where id = ${id - 3}`.execute(transaction);
        });
        if (random() < 0.05) await upkeep!.checkpoint();
        if (random() < 0.05) await upkeep!.vacuum();
      }
      const committed = await readTexts(db);
      const left = emptyFolder();
      disk.losePower(join(left, 'ledger'), () => random() < seed / 4);
      await close();
      const restarted = await openDatabase({ folder: left });
      expect(await readTexts(restarted.db)).toEqual(committed);
      await restarted.close();
    },
  );
});

const readTexts = async (db: Database) =>
  (await sql`select id, md5(text) from texts order by id`.execute(db)).rows;
