import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createSealer } from '../../src/domain/seal.ts';
import { createTokenStore } from '../../src/storage/tokens.ts';
import { bearer, type Token, type TokenStore } from '../../src/transport/bearer-token.ts';
import { storages, testClock } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const sealer = createSealer('a secret of more than thirty-two characters');

describe.each(storages)('tokens in the %s ledger', (storage) => {
  let ledger: Replicas;
  beforeAll(async () => void (ledger = await openReplicas(storage)));
  afterAll(() => ledger.close());

  /** Two replicas that have just started: nothing is in their memory. */
  const replicas = (): [TokenStore, TokenStore] => {
    const [one, other] = ledger.databases;
    return [createTokenStore(one, sealer), createTokenStore(other, sealer)];
  };
  /** Mints as a provider does, a moment later, another token each time. */
  const minter = (name: string) => {
    let minted = 0;
    return {
      get minted() {
        return minted;
      },
      mint: async (): Promise<Token> => {
        minted += 1;
        const token = {
          value: `${name} ${minted}`,
          receivedAt: 0,
          expiresAt: 8 * 3_600_000,
          scope: ['labels'],
        };
        await new Promise((resolve) => setTimeout(resolve, 50));
        return token;
      },
    };
  };

  it('are read by every replica, and by the one that starts tomorrow', async () => {
    const [one, other] = replicas();
    expect(await one.read('shared')).toBeUndefined();
    const provider = minter('shared');
    const token = await one.renew('shared', undefined, provider.mint);
    expect(token).toEqual({ value: 'shared 1', receivedAt: 0, expiresAt: 28_800_000, scope: ['labels'] });
    expect(await other.read('shared')).toEqual(token);
    expect(await replicas()[0].read('shared')).toEqual(token);
  });

  it('are each the token of one key', async () => {
    const [one, other] = replicas();
    const provider = minter('apart');
    await one.renew('acme usps', undefined, provider.mint);
    await other.renew('umbrella usps', undefined, provider.mint);
    expect((await other.read('acme usps'))?.value).toBe('apart 1');
    expect((await one.read('umbrella usps'))?.value).toBe('apart 2');
  });

  it('are minted once, whoever of the replicas wants one at the same time', async () => {
    const [one, other] = replicas();
    const provider = minter('storm');
    const wanted = Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? one : other).renew('storm', undefined, provider.mint),
    );
    const values = (await Promise.all(wanted)).map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set(['storm 1']));
    expect(provider.minted).toBe(1);
  });

  it('are renewed once, however many replicas were refused with the old one', async () => {
    const [one, other] = replicas();
    const provider = minter('stale');
    const stale = await one.renew('stale', undefined, provider.mint);
    await other.read('stale');
    const fresh = await one.renew('stale', stale, provider.mint);
    expect(fresh.value).toBe('stale 2');
    // The other replica still has the old one in its memory.
    expect((await other.read('stale'))?.value).toBe('stale 1');
    expect((await other.renew('stale', stale, provider.mint)).value).toBe('stale 2');
    expect((await other.read('stale'))?.value).toBe('stale 2');
    expect(provider.minted).toBe(2);
  });

  it('that could not be minted are nobody’s: those who waited hear why, and the next one tries again', async () => {
    const [one, other] = replicas();
    let tries = 0;
    const fail = async () => {
      tries += 1;
      throw new Error('no token today');
    };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => one.renew('down', undefined, fail)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    const provider = minter('down');
    expect((await other.renew('down', undefined, provider.mint)).value).toBe('down 1');
  });

  it('are got anew where the one who was getting them was killed, once its lease has ended', async () => {
    const [db] = ledger.databases;
    const [one] = replicas();
    await one.renew('killed', undefined, minter('killed').mint);
    await db.updateTable('tokens').set({ leased_until: new Date(Date.now() + 400) }).execute(); // prettier-ignore
    const [other] = replicas();
    const stale = await other.read('killed');
    const began = Date.now();
    expect((await other.renew('killed', stale, minter('second').mint)).value).toBe('second 1');
    expect(Date.now() - began).toBeGreaterThanOrEqual(300);
  });

  it('are held for a provider that is slow as long as they are waited for, and never long for one who is killed', async () => {
    const [db] = ledger.databases;
    const [one, other] = replicas();
    const held = () =>
      db
        .selectFrom('tokens')
        .select(['leased_until', sql<boolean>`leased_until <= now() + interval '5 seconds'`.as('isShort')])
        .where('leased_until', '>', sql<Date>`now() + interval '1 second'`)
        .executeTakeFirst();
    const provider = Promise.withResolvers<Token>();
    const renewal = one.renew('slow', undefined, () => provider.promise);
    const first = await vi.waitUntil(held);
    const waiting = other.renew('slow', undefined, minter('impatient').mint);
    const next = await vi.waitUntil(
      async () => {
        const now = await held();
        return now!.leased_until! > first.leased_until! && now;
      },
      { timeout: 10_000 },
    );
    expect([first.isShort, next.isShort]).toEqual([true, true]);
    provider.resolve({ value: 'slow 1', receivedAt: 0, expiresAt: 28_800_000 });
    expect((await renewal).value).toBe('slow 1');
    expect((await waiting).value).toBe('slow 1');
    expect(await held()).toBeUndefined();
  });

  it('lie there sealed, under a name that tells nothing', async () => {
    const [one] = replicas();
    const key = 'acme usps oauth';
    await one.renew(key, undefined, minter('legible').mint);
    for (const db of ledger.databases) {
      const rows = await db.selectFrom('tokens').selectAll().execute();
      expect(rows.length).toBeGreaterThan(0);
      const text = rows.map(
        ({ key, token }) => key + token + Buffer.from(token!, 'base64url').toString('latin1'),
      );
      for (const word of ['legible', 'labels', 'acme', 'usps']) expect(text.join(' ')).not.toContain(word);
    }
  });

  it('sealed with a secret that is forgotten are got anew; with the one before they are read', async () => {
    const [db] = ledger.databases;
    const provider = minter('rotated');
    await createTokenStore(db, sealer).renew('rotated', undefined, provider.mint);
    const next = 'another secret of more than thirty-two characters';
    const rotated = createTokenStore(db, createSealer(next, 'a secret of more than thirty-two characters'));
    expect((await rotated.read('rotated'))?.value).toBe('rotated 1');
    const forgotten = createTokenStore(db, createSealer(next));
    expect(await forgotten.read('rotated')).toBeUndefined();
    expect((await forgotten.renew('rotated', undefined, provider.mint)).value).toBe('rotated 2');
  });

  it('do not open in the place of another’s', async () => {
    const [db] = ledger.databases;
    const [one] = replicas();
    await one.renew('mine', undefined, minter('mine').mint);
    const before = await db.selectFrom('tokens').selectAll().execute();
    await one.renew('yours', undefined, minter('yours').mint);
    const after = await db.selectFrom('tokens').selectAll().execute();
    const yours = after.find(({ key }) => !before.some((each) => each.key === key))!;
    await db.updateTable('tokens').set({ token: yours.token }).execute();
    const [fresh] = replicas();
    expect(await fresh.read('mine')).toBeUndefined();
    expect((await fresh.read('yours'))?.value).toBe('yours 1');
  });

  it('serve three hundred cold requests on two replicas with one call to the provider', async () => {
    const provider = minter('cold');
    const clock = testClock(0);
    const sends = replicas().map((tokens) =>
      bearer({
        key: 'cold',
        tokens,
        clock,
        fetchToken: provider.mint,
        header: ({ value }) => ({ authorization: value }),
        refusesToken: () => false,
      })(async ({ headers }) => ({
        status: 200,
        headers: {},
        body: Buffer.from(headers!['authorization']!),
      })),
    );
    const request = { api: 'tracking', method: 'GET', url: new URL('http://127.0.0.1/') } as const;
    const { signal } = new AbortController();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => sends[index % 2]!(request, signal)),
    );
    expect(new Set(answers.map(({ body }) => body.toString()))).toEqual(new Set(['cold 1']));
    expect(provider.minted).toBe(1);
  });
});
