import { pino } from 'pino';
import { expect, it } from 'vitest';

import { createLedgerTenants } from '../../src/accounts/ledger-tenants.ts';
import { openAccounts } from '../../src/accounts/open-accounts.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import type { LedgerAccount, LedgerTenant } from '../../src/domain/tenant.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';

const host = 'https://easypost.example';
const configured: TenantConfig[] = [
  {
    id: 'operator',
    name: 'Operator',
    apiKeys: [],
    accounts: [
      { id: 'easypost', provider: easypost, name: 'EasyPost', environment: 'TEST', baseUrl: host, credentials: { apiKey: 'EZTKoperator' }, options: {}, quota: {} }, // prettier-ignore
    ],
  },
];
const account = (id: string, more: Partial<LedgerAccount> = {}): LedgerAccount => ({
  id,
  provider: 'easypost',
  environment: 'TEST',
  options: { baseUrl: host },
  credentials: { apiKey: 'EZTKcanary' },
  version: 1,
  isRemoved: false,
  ...more,
});
const tenant = (id: string, accounts: readonly LedgerAccount[], isDeleted = false): LedgerTenant => ({
  id,
  name: id,
  createdAt: new Date(0),
  isDeleted,
  accounts,
});

/** Opens the tenants beside those of the configuration. */
async function open(...tenants: LedgerTenant[]) {
  const clock = testClock();
  const lines: string[] = [];
  const secrets: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const accounts = openAccounts(configured, { tokens: memoryTokens(), quotas: memoryQuotas(clock), clock, log }); // prettier-ignore
  const addSecrets = (more: Iterable<string>) => void secrets.push(...more);
  await createLedgerTenants({ source: { read: async () => tenants }, accounts, configured, log, addSecrets }).refresh(); // prettier-ignore
  await accounts.close();
  return { accounts, lines, secrets };
}

it('opens accounts at hosts that the configuration names, and tells the log their secrets', async () => {
  const { accounts, lines, secrets } = await open(tenant('acme', [account('easypost')]));
  expect(accounts.caller('acme')?.accounts).toMatchObject([{ host: { name: 'easypost.example' } }]);
  expect([lines, secrets]).toEqual([[], ['EZTKcanary']]);
});

it('leaves out an account that cannot be opened, and logs why', async () => {
  const moved = account('moved', { options: { baseUrl: 'https://elsewhere.example' } });
  const sealed = account('sealed', { credentials: undefined });
  const { accounts, lines } = await open(tenant('acme', [moved, sealed, account('easypost')]));
  expect(accounts.caller('acme')?.accounts.map(({ id }) => id)).toEqual(['easypost']);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { account: 'moved', reason: expect.stringContaining('input.options.baseUrl: is no host of EasyPost') },
    { account: 'sealed', msg: expect.stringContaining('PARCELGRAPH_SECRET_PREVIOUS') },
  ]);
});

it('leaves a tenant of the configuration as it is, whatever the ledger has under its id', async () => {
  const { accounts, lines } = await open(tenant('operator', [account('other')]));
  expect(accounts.caller('operator')?.accounts.map(({ id }) => id)).toEqual(['easypost']);
  expect(lines).toHaveLength(1);
  expect((await open(tenant('operator', [], true))).lines).toEqual([]);
});
