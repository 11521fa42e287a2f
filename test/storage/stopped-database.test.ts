import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';

import { openDatabase, type Database } from '../../src/storage/database.ts';
import { LedgerUnavailable } from '../../src/storage/unavailable.ts';
import { failWrites, isDiskObservable, passRestartInterval } from '../support/disk.ts';
import { ledgerFolder } from '../support/test-server.ts';

// Postgres aborts where it can't write or sync its write-ahead log.
describe.runIf(isDiskObservable)('an embedded database that has stopped', () => {
  const insert = (db: Database, text: string) => sql`insert into texts values (${text})`.execute(db);
  const readTexts = async (db: Database) =>
    (await sql<{ text: string }>`select text from texts order by text`.execute(db)).rows.map(
      ({ text }) => text,
    );

  async function open() {
    const folder = ledgerFolder();
    const { db, notifications, close } = await openDatabase({ folder });
    onTestFinished(close);
    await sql`create table texts (text text)`.execute(db);
    // A page of the table, so that the next row is refused by the log, not by the table.
    await insert(db, 'first');
    const fail = () => {
      const restore = failWrites(join(folder, 'ledger'), 'EIO');
      onTestFinished(restore);
      return restore;
    };
    return { folder, db, notifications, fail };
  }

  it('refuses statements and transactions, then is started again with what it had committed', async () => {
    const { db, fail } = await open();
    const restore = fail();
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(insert(db, 'second')).rejects.toThrow(LedgerUnavailable);
      await expect(db.transaction().execute((work) => insert(work, 'second'))).rejects.toThrow(LedgerUnavailable); // prettier-ignore
      await expect(readTexts(db)).rejects.toThrow(LedgerUnavailable);
    }
    restore();
    await expect(readTexts(db)).rejects.toThrow(LedgerUnavailable);
    passRestartInterval();
    expect(await readTexts(db)).toEqual(['first']);
    await insert(db, 'second');
    await db.transaction().execute((work) => insert(work, 'third'));
    expect(await readTexts(db)).toEqual(['first', 'second', 'third']);
  });

  it('is started again at once where only one write has failed', async () => {
    const { db, fail } = await open();
    const restore = fail();
    const lost = db.transaction().execute((work) => insert(work, 'second'));
    await expect(lost).rejects.toThrow(LedgerUnavailable);
    restore();
    expect(await readTexts(db)).toContain('first');
  });

  it('is never created anew, where its folder was moved away', async () => {
    const { folder, db, fail } = await open();
    const restore = fail();
    await expect(insert(db, 'second')).rejects.toThrow(LedgerUnavailable);
    restore();
    renameSync(join(folder, 'ledger'), join(folder, 'moved'));
    await expect(readTexts(db)).rejects.toThrow(LedgerUnavailable);
    expect(existsSync(join(folder, 'ledger'))).toBe(false);
    renameSync(join(folder, 'moved'), join(folder, 'ledger'));
    passRestartInterval();
    expect(await readTexts(db)).toContain('first');
  });

  it('delivers notifications after it was started again, and reports the gap', async () => {
    const { db, notifications, fail } = await open();
    const received: string[] = [];
    let gaps = 0;
    const stop = notifications.listen('changes', (text) => received.push(text), () => (gaps += 1)); // prettier-ignore
    await expect.poll(() => gaps).toBe(1);
    const restore = fail();
    await expect(insert(db, 'second')).rejects.toThrow(LedgerUnavailable);
    restore();
    await sql`notify changes, 'again'`.execute(db);
    await expect.poll(() => received).toEqual(['again']);
    expect(gaps).toBe(2);
    await stop();
    await sql`notify changes, 'after the end'`.execute(db);
    expect(received).toEqual(['again']);
  });
});
