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

  /** Opens the stores of two replicas that have just started, without copies in memory. */
  const replicas = (): [TokenStore, TokenStore] => {
    const [one, other] = ledger.databases;
    return [createTokenStore(one, sealer), createTokenStore(other, sealer)];
  };
  /** Creates a provider that grants another token each time, after a short delay. */
  const createProvider = (name: string) => {
    let fetches = 0;
    return {
      get fetches() {
        return fetches;
      },
      fetchToken: async (): Promise<Token> => {
        fetches += 1;
        const token = {
          value: `${name} ${fetches}`,
          receivedAt: 0,
          expiresAt: 8 * 3_600_000,
          scope: ['labels'],
        };
        await new Promise((resolve) => setTimeout(resolve, 50));
        return token;
      },
    };
  };

  it('are read by every replica, also after a restart', async () => {
    const [one, other] = replicas();
    expect(await one.read('shared')).toBeUndefined();
    const provider = createProvider('shared');
    const token = await one.renew('shared', undefined, provider.fetchToken);
    expect(token).toEqual({ value: 'shared 1', receivedAt: 0, expiresAt: 28_800_000, scope: ['labels'] });
    expect(await other.read('shared')).toEqual(token);
    expect(await replicas()[0].read('shared')).toEqual(token);
  });

  it('are loaded once for the concurrent requests of a process that has just started', async () => {
    const [one] = replicas();
    await one.renew('loaded', undefined, createProvider('loaded').fetchToken);
    const [, fresh] = replicas();
    const statements = vi.spyOn(ledger.databases[1], 'selectFrom');
    const tokens = await Promise.all(Array.from({ length: 50 }, () => fresh.read('loaded')));
    expect(new Set(tokens.map((token) => token?.value))).toEqual(new Set(['loaded 1']));
    expect(statements).toHaveBeenCalledTimes(1);
    statements.mockRestore();
  });

  it('are separate for each key', async () => {
    const [one, other] = replicas();
    const provider = createProvider('apart');
    await one.renew('acme usps', undefined, provider.fetchToken);
    await other.renew('umbrella usps', undefined, provider.fetchToken);
    expect((await other.read('acme usps'))?.value).toBe('apart 1');
    expect((await one.read('umbrella usps'))?.value).toBe('apart 2');
  });

  it('are fetched once for concurrent requests of several replicas', async () => {
    const [one, other] = replicas();
    const provider = createProvider('storm');
    const renewals = Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? one : other).renew('storm', undefined, provider.fetchToken),
    );
    const values = (await Promise.all(renewals)).map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set(['storm 1']));
    expect(provider.fetches).toBe(1);
  });

  it('are renewed once for all replicas whose token was rejected', async () => {
    const [one, other] = replicas();
    const provider = createProvider('stale');
    const stale = await one.renew('stale', undefined, provider.fetchToken);
    await other.read('stale');
    const fresh = await one.renew('stale', stale, provider.fetchToken);
    expect(fresh.value).toBe('stale 2');
    // The other replica still has its copy of the old one.
    expect((await other.read('stale'))?.value).toBe('stale 1');
    expect((await other.renew('stale', stale, provider.fetchToken)).value).toBe('stale 2');
    expect((await other.read('stale'))?.value).toBe('stale 2');
    expect(provider.fetches).toBe(2);
  });

  it('that cannot be fetched fail all waiting requests, and the next request fetches again', async () => {
    const [one, other] = replicas();
    let attempts = 0;
    const fail = async () => {
      attempts += 1;
      throw new Error('no token today');
    };
    const results = await Promise.allSettled([1, 2, 3].map(() => one.renew('down', undefined, fail)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(attempts).toBe(1);
    const provider = createProvider('down');
    expect((await other.renew('down', undefined, provider.fetchToken)).value).toBe('down 1');
  });

  it('are fetched by another replica once the lease of a killed one has expired', async () => {
    const [db] = ledger.databases;
    const [one] = replicas();
    await one.renew('killed', undefined, createProvider('killed').fetchToken);
    await db.updateTable('tokens').set({ leased_until: new Date(Date.now() + 400) }).execute(); // prettier-ignore
    const [other] = replicas();
    const stale = await other.read('killed');
    const startedAt = Date.now();
    expect((await other.renew('killed', stale, createProvider('second').fetchToken)).value).toBe('second 1');
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(300);
  });

  it('have a lease that is short, and extended while a slow provider is waited for', async () => {
    const [db] = ledger.databases;
    const [one, other] = replicas();
    const readLease = () =>
      db
        .selectFrom('tokens')
        .select(['leased_until', sql<boolean>`leased_until <= now() + interval '5 seconds'`.as('isShort')])
        .where('leased_until', '>', sql<Date>`now() + interval '1 second'`)
        .executeTakeFirst();
    const provider = Promise.withResolvers<Token>();
    const renewal = one.renew('slow', undefined, () => provider.promise);
    const first = await vi.waitUntil(readLease);
    const waiting = other.renew('slow', undefined, createProvider('impatient').fetchToken);
    const next = await vi.waitUntil(
      async () => {
        const now = await readLease();
        return now!.leased_until! > first.leased_until! && now;
      },
      { timeout: 10_000 },
    );
    expect([first.isShort, next.isShort]).toEqual([true, true]);
    provider.resolve({ value: 'slow 1', receivedAt: 0, expiresAt: 28_800_000 });
    expect((await renewal).value).toBe('slow 1');
    expect((await waiting).value).toBe('slow 1');
    expect(await readLease()).toBeUndefined();
  });

  it('are stored sealed, under a hashed key', async () => {
    const [one] = replicas();
    const key = 'acme usps oauth';
    await one.renew(key, undefined, createProvider('legible').fetchToken);
    for (const db of ledger.databases) {
      const rows = await db.selectFrom('tokens').selectAll().execute();
      expect(rows.length).toBeGreaterThan(0);
      const text = rows.map(
        ({ key, token }) => key + token + Buffer.from(token!, 'base64url').toString('latin1'),
      );
      for (const word of ['legible', 'labels', 'acme', 'usps']) expect(text.join(' ')).not.toContain(word);
    }
  });

  it('are readable with the previous secret, and fetched again with an unknown one', async () => {
    const [db] = ledger.databases;
    const provider = createProvider('rotated');
    await createTokenStore(db, sealer).renew('rotated', undefined, provider.fetchToken);
    const next = 'another secret of more than thirty-two characters';
    const rotated = createTokenStore(db, createSealer(next, 'a secret of more than thirty-two characters'));
    expect((await rotated.read('rotated'))?.value).toBe('rotated 1');
    const forgotten = createTokenStore(db, createSealer(next));
    expect(await forgotten.read('rotated')).toBeUndefined();
    expect((await forgotten.renew('rotated', undefined, provider.fetchToken)).value).toBe('rotated 2');
  });

  it('cannot be opened under the key of another token', async () => {
    const [db] = ledger.databases;
    const [one] = replicas();
    await one.renew('mine', undefined, createProvider('mine').fetchToken);
    const before = await db.selectFrom('tokens').selectAll().execute();
    await one.renew('yours', undefined, createProvider('yours').fetchToken);
    const after = await db.selectFrom('tokens').selectAll().execute();
    const yours = after.find(({ key }) => !before.some((row) => row.key === key))!;
    await db.updateTable('tokens').set({ token: yours.token }).execute();
    const [fresh] = replicas();
    expect(await fresh.read('mine')).toBeUndefined();
    expect((await fresh.read('yours'))?.value).toBe('yours 1');
  });

  it('are fetched once for 300 requests on two new replicas', async () => {
    const provider = createProvider('cold');
    const clock = testClock(0);
    const sends = replicas().map((tokens) =>
      bearer({
        key: 'cold',
        tokens,
        clock,
        fetchToken: provider.fetchToken,
        header: ({ value }) => ({ authorization: value }),
        rejectsToken: () => false,
      })(async ({ headers }) => ({
        status: 200,
        headers: {},
        body: Buffer.from(headers!['authorization']!),
      })),
    );
    const request = { api: 'tracking', method: 'GET', url: new URL('http://127.0.0.1/') } as const;
    const { signal } = new AbortController();
    const responses = await Promise.all(
      Array.from({ length: 300 }, (_, index) => sends[index % 2]!(request, signal)),
    );
    expect(new Set(responses.map(({ body }) => body.toString()))).toEqual(new Set(['cold 1']));
    expect(provider.fetches).toBe(1);
  });

  it('that a provider refuses are replaced once a minute for all replicas', async () => {
    const provider = createProvider('refused');
    const clock = testClock(0);
    const refusing = replicas().map((tokens) =>
      bearer({
        key: 'refused',
        tokens,
        clock,
        fetchToken: provider.fetchToken,
        header: ({ value }) => ({ authorization: value }),
        rejectsToken: ({ status }) => status === 401,
      })(async () => ({ status: 401, headers: {}, body: Buffer.alloc(0) })),
    );
    const request = { api: 'tracking', method: 'GET', url: new URL('http://127.0.0.1/') } as const;
    const { signal } = new AbortController();
    const sendThrough = async (replica: number) => {
      const responses = await Promise.all([1, 2, 3].map(() => refusing[replica]!(request, signal)));
      expect(responses.map(({ status }) => status)).toEqual([401, 401, 401]);
      return provider.fetches;
    };
    // The first token, and the one that replaced it.
    expect(await sendThrough(0)).toBe(2);
    expect(await sendThrough(1)).toBe(2);
    clock.advance(59_999);
    expect([await sendThrough(1), await sendThrough(0)]).toEqual([2, 2]);
    clock.advance(60_000);
    expect([await sendThrough(1), await sendThrough(0)]).toEqual([3, 3]);
  });
});
