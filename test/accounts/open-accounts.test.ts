import { once } from 'node:events';

import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { openAccounts, type Accounts, type AccountState } from '../../src/accounts/open-accounts.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';
import {
  neverAborted,
  openProvider,
  respond,
  type Handler,
  type Provider as Host,
} from '../transport/server.ts';

const tenant = { id: 'acme', name: 'Acme' };
let host: Host;
let accounts: Accounts;
beforeEach(async () => {
  host = await openProvider();
  const clock = testClock();
  const log = pino({ level: 'silent' });
  accounts = openAccounts([], { tokens: memoryTokens(), quotas: memoryQuotas(clock), clock, log });
});
afterEach(async () => {
  await accounts.close();
  await host.close();
});

const state = (id: string, version: number, isListed = true): AccountState => ({
  id,
  version,
  isListed,
  configure: () => ({
    id,
    provider: easypost,
    name: 'EasyPost',
    environment: 'TEST',
    baseUrl: host.origin,
    credentials: { apiKey: `EZTK${id}${version}` },
    options: {},
    quota: {},
  }),
});
const set = (...states: AccountState[]) => accounts.set({ tenant, accounts: states });
const listed = () => accounts.caller('acme')!.accounts;
const accepted = respond(200, { 'content-type': 'application/json' }, '{"addresses":[]}');

it('opens an account again when its version changes, and keeps the others', () => {
  set(state('a', 1), state('b', 1));
  const [a, b] = listed();
  const before = accounts.callers();
  expect(accounts.callers()).toBe(before);
  set(state('a', 2), state('b', 1));
  expect(accounts.callers()).not.toBe(before);
  expect(listed()[0]).not.toBe(a);
  expect(listed()[1]).toBe(b);
});

it('leaves an account open whose new version cannot be opened', () => {
  const broken = (id: string) => ({ ...state(id, 2), configure: () => undefined });
  set(state('a', 1));
  const [a] = listed();
  set(broken('a'), broken('b'));
  expect(listed()).toEqual([a]);
  set(state('a', 2));
  expect(listed()).not.toEqual([a]);
});

it('lists neither a removed account nor a deleted tenant, and keeps their adapters open', () => {
  set(state('a', 1), state('b', 1, false));
  expect(listed().map(({ id }) => id)).toEqual(['a']);
  const adapter = accounts.adapterOf('acme', 'b');
  expect(adapter).toBeDefined();
  accounts.set({ tenant, mayCall: false, accounts: [state('b', 1, false)] });
  expect([accounts.caller('acme'), accounts.callers()]).toEqual([undefined, []]);
  expect(accounts.adapterOf('acme', 'b')).toBe(adapter);
  expect(accounts.adapterOf('acme', 'a')).toBeUndefined();
});

it('lets calls under way end when an account is replaced, and those that its holders begin later', async () => {
  const arrived = Promise.withResolvers<void>();
  let release = () => {};
  const hold: Handler = (request, response) => {
    release = () => accepted(request, response);
    arrived.resolve();
  };
  host.respondWith(hold, accepted);
  set(state('a', 1));
  const { adapter } = listed()[0]!;
  const underWay = adapter.diagnose!({ signal: neverAborted });
  await arrived.promise;
  set(state('a', 2));
  const later = await adapter.diagnose!({ signal: neverAborted });
  release();
  for (const diagnostics of [await underWay, later])
    expect(diagnostics[0]).toMatchObject({ check: 'key', status: 'ok' });
});

it('keeps no connection of a replaced account', async () => {
  const closed = Promise.withResolvers<unknown>();
  host.respondWith((request, response) => {
    closed.resolve(once(request.socket, 'close'));
    accepted(request, response);
  });
  set(state('a', 1));
  const { adapter } = listed()[0]!;
  set();
  await adapter.diagnose!({ signal: neverAborted });
  await closed.promise;
});
