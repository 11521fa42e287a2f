import { rmSync } from 'node:fs';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSealer } from '../../src/domain/seal.ts';
import { openDatabase, type OpenDatabase } from '../../src/storage/database.ts';
import { createTenants, UnknownDataKey } from '../../src/storage/records/tenants.ts';
import { resealAll } from '../../src/storage/reseal.ts';
import { createRecords } from '../../src/storage/storage.ts';
import { freshDatabase, ledgerFolder, storages } from '../support/test-server.ts';

const secret = 'the first secret of more than thirty-two characters';
const nextSecret = 'another secret of more than thirty-two characters';
const now = Date.parse('2026-11-18T18:00:00Z');

describe.each(storages)('tenants in the %s ledger', (storage) => {
  let ledger: OpenDatabase;
  let remove: () => unknown;
  beforeAll(async () => {
    if (storage === 'server') {
      const { url, drop } = await freshDatabase();
      ledger = await openDatabase({ url });
      remove = drop;
    } else {
      const folder = ledgerFolder();
      ledger = await openDatabase({ folder });
      remove = () => rmSync(folder, { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    await ledger.close();
    await remove();
  });
  const sealer = createSealer(secret);
  const open = (with_ = sealer) => createTenants(ledger.db, with_);
  const account = (id: string, clientSecret: string) => ({
    id,
    provider: 'usps',
    environment: 'TEST',
    options: {},
    credentials: { clientId: 'id', clientSecret },
  });
  const secretsOf = async (tenantId: string, with_ = sealer) => {
    const [tenant] = await open(with_).read(tenantId);
    return tenant!.accounts.map(({ credentials }) => (credentials as { clientSecret: string } | undefined)?.clientSecret); // prettier-ignore
  };

  it('count the changes of an account, also those at the same moment', async () => {
    const tenants = open();
    expect([await tenants.create({ id: 'acme', name: 'Acme' }), await tenants.create({ id: 'acme', name: 'B' })]).toEqual([true, false]); // prettier-ignore
    await Promise.all(['a', 'b', 'c'].map((value) => tenants.setAccount('acme', account('usps', value))));
    const [{ name, accounts } = { accounts: [] }] = await tenants.read('acme');
    expect([name, accounts.map(({ version }) => version)]).toEqual(['Acme', [3]]);
    expect(await tenants.setAccount('nobody', account('usps', 'a'))).toBe(false);
    expect(await tenants.setAccount('acme', { ...account('usps', 'a'), environment: 'PRODUCTION' })).toBe(false); // prettier-ignore
  });

  it('do not decrypt credentials that were moved to another account, tenant or version', async () => {
    const tenants = open();
    await tenants.create({ id: 'bound', name: 'Bound' });
    for (const id of ['a', 'b']) await tenants.setAccount('bound', account(id, id));
    expect(await secretsOf('bound')).toEqual(['a', 'b']);
    await sql`update provider_accounts set credentials = (select credentials from provider_accounts where tenant_id = 'bound' and id = 'a') where tenant_id = 'bound'`.execute(ledger.db); // prettier-ignore
    expect(await secretsOf('bound')).toEqual(['a', undefined]);
    await sql`update provider_accounts set version = 7 where tenant_id = 'bound' and id = 'a'`.execute(ledger.db); // prettier-ignore
    expect(await secretsOf('bound')).toEqual([undefined, undefined]);
  });

  it('keep the credentials of a removed account until nothing is under way', async () => {
    const tenants = open();
    await tenants.create({ id: 'leaving', name: 'Leaving' });
    await tenants.setAccount('leaving', account('usps', 'a'));
    await sql`insert into shipments (id, tenant_id, idempotency_key, input_hash, rate_hash, account_id, provider,
      environment, status, carrier, service, sender, recipient) values ('open', 'leaving', 'k', 'h', 'r', 'usps', 'usps',
      'TEST', 'UNCERTAIN', 'USPS', '{}', '{}', '{}')`.execute(ledger.db);
    await tenants.delete('leaving', now);
    expect(await tenants.eraseCredentials(now)).toBe(0);
    expect(await tenants.read('leaving')).toMatchObject([{ isDeleted: true, accounts: [{ isRemoved: true }] }]); // prettier-ignore
    await sql`update shipments set status = 'PURCHASED' where id = 'open'`.execute(ledger.db);
    expect(await tenants.eraseCredentials(now - 1)).toBe(0);
    expect(await tenants.eraseCredentials(now)).toBe(1);
    expect(await tenants.read('leaving')).toMatchObject([{ isDeleted: true, accounts: [] }]);
    expect(await tenants.setAccount('leaving', account('usps', 'a'))).toBe(false);
  });

  it('let the keys of a deleted tenant expire, and watch nothing for it', async () => {
    const tenants = open();
    const { apiKeys, watches } = createRecords(ledger.db);
    await tenants.create({ id: 'watching', name: 'Watching' });
    await apiKeys.create({ id: 'key_1', tenantId: 'watching', hash: 'h', prefix: 'p', permissions: [] });
    await watches.add('watching', [{ trackingNumber: '9400', carrier: 'USPS', accountId: 'usps' }], now, 10);
    await tenants.delete('watching', now);
    expect((await apiKeys.grantOf('h'))?.expiresAt).toBe(now);
    expect(await watches.dueAccounts(now)).toEqual([]);
  });

  it('are encrypted under the present secret once it has sealed their keys', async () => {
    await open().create({ id: 'kept', name: 'Kept' });
    await open().setAccount('kept', account('usps', 'a'));
    const rotating = createSealer(nextSecret, secret);
    const count = await resealAll(ledger.db, rotating);
    expect(count).toBeGreaterThan(0);
    expect(await resealAll(ledger.db, rotating)).toBe(0);
    expect(await secretsOf('kept', createSealer(nextSecret))).toEqual(['a']);
    // A replica that has not been replaced yet.
    expect(await secretsOf('kept', createSealer(secret, nextSecret))).toEqual(['a']);
    expect(await secretsOf('kept', sealer)).toEqual([undefined]);
    await expect(open().setAccount('kept', account('usps', 'b'))).rejects.toThrow(UnknownDataKey);
    expect(await resealAll(ledger.db, createSealer(secret, nextSecret))).toBe(count);
  });
});
