import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import {
  account,
  acme,
  faultsOf,
  folder,
  onlyAccount,
  sha256,
  usps,
  withTenants,
  writeFile,
  setUpFolder,
} from './setup.ts';

setUpFolder();

describe('the tenants file', () => {
  it('lists tenants with their API keys and accounts, and every setting of an account', () => {
    const rich = {
      ...account,
      id: 'usps-east',
      name: 'USPS, warehouse east',
      baseUrl: 'http://127.0.0.1:9001',
      tracking: 'v3',
      quota: { windowSeconds: 60, default: 100, apis: { tracking: 600 }, burst: { calls: 5, seconds: 60 } },
      rateCache: { maxAgeSeconds: 60 },
    };
    const config = readConfig(
      withTenants({
        tenants: [
          { ...acme, name: 'Acme', accounts: [account, rich] },
          {
            id: 'umbrella',
            apiKeys: ['key-one', 'key-two!'].map((key) => `${key}-of-umbrella`),
            accounts: [],
          },
        ],
      }),
    );
    expect(config.tenants).toMatchObject([
      {
        id: 'acme',
        name: 'Acme',
        accounts: [
          { id: 'usps', name: 'USPS', quota: {}, rateCacheMs: 900_000 },
          {
            id: 'usps-east',
            name: 'USPS, warehouse east',
            baseUrl: 'http://127.0.0.1:9001',
            options: { tracking: 'v3' },
            quota: { windowSeconds: 60, default: 100, apis: { tracking: 600 }, burst: { calls: 5, seconds: 60 } }, // prettier-ignore
            rateCacheMs: 60_000,
          },
        ],
      },
      {
        id: 'umbrella',
        name: 'umbrella',
        apiKeys: [{ hash: sha256('key-one-of-umbrella') }, { hash: sha256('key-two!-of-umbrella') }],
      },
    ]);
  });

  it('may say what an API key is allowed, until when, and how much it spends a day', () => {
    const apiKeys = [
      'acme-key',
      {
        key: 'quoting-key',
        name: 'storefront',
        permissions: ['rates:read'],
        expiresAt: '2027-01-31T00:00:00-05:00',
        spendLimitPerDay: { amount: '250.00', currencyCode: 'USD' },
      },
    ];
    const config = readConfig(withTenants({ tenants: [{ ...acme, apiKeys }] }));
    expect(config.tenants[0]!.apiKeys).toEqual([
      {
        hash: sha256('acme-key'),
        permissions: [
          'rates:read',
          'addresses:read',
          'tracking:read',
          'labels:write',
          'pickups:write',
          'mail:write',
        ],
      },
      {
        hash: sha256('quoting-key'),
        permissions: ['rates:read'],
        expiresAt: Date.parse('2027-01-31T05:00:00Z'),
        spendLimit: { spender: 'storefront', perDay: { amount: '250.00', currencyCode: 'USD' } },
      },
    ]);
    const faulty = {
      key: 'quoting-key',
      permissions: ['rates:write'],
      expiresAt: 'tomorrow',
      spendLimit: '1',
    };
    const faults = faultsOf(withTenants({ tenants: [{ ...acme, apiKeys: [faulty] }] })).join();
    for (const part of [
      'permissions.0: must be one of rates:read',
      'expiresAt: must be a time',
      'spendLimit',
    ])
      expect(faults).toContain(part);
    expect(faults).not.toContain('quoting-key');
  });

  it('may hold the SHA-256 of an API key in place of the key', () => {
    for (const digest of [sha256('acme-key'), sha256('acme-key').toUpperCase()]) {
      const config = readConfig(withTenants({ tenants: [{ ...acme, apiKeys: [`sha256:${digest}`] }] }));
      expect(config.tenants[0]!.apiKeys).toMatchObject([{ hash: sha256('acme-key') }]);
    }
    // A digest that is none would be a key that can be read in the file.
    expect(faultsOf(withTenants({ tenants: [{ ...acme, apiKeys: ['sha256:1234'] }] }))).toEqual([
      'tenants.0.apiKeys.0.key: must have 64 hexadecimal digits after sha256:',
    ]);
  });

  it('may refer to secrets in environment variables and files', () => {
    const credentials = {
      clientId: { env: 'ACME_USPS_ID' },
      clientSecret: { file: writeFile('from a file\n') },
    };
    const env = withTenants(
      { tenants: [{ ...acme, accounts: [{ ...account, credentials }] }] },
      { ACME_USPS_ID: 'from outside' },
    );
    expect(onlyAccount(readConfig(env)).credentials).toEqual({
      clientId: 'from outside',
      clientSecret: 'from a file',
    });
  });

  it('is invalid where a reference to a secret has no value', () => {
    const credentials = {
      clientId: { env: 'NO_SUCH_VARIABLE' },
      clientSecret: { file: join(folder, 'no-such-file') },
    };
    const env = withTenants({ tenants: [{ ...acme, accounts: [{ ...account, credentials }] }] });
    expect(faultsOf(env)).toEqual([
      'tenants.0.accounts.0.credentials.clientId: the environment variable NO_SUCH_VARIABLE is not set',
      'tenants.0.accounts.0.credentials.clientSecret: the file can’t be read or is empty',
    ]);
    expect(faultsOf({ ...env, NO_SUCH_VARIABLE: '' })).toHaveLength(2);
  });

  it('may refer to variables and files within credentials only', () => {
    const tenants = [{ ...acme, accounts: [{ ...account, name: { env: 'HOME' } }] }];
    expect(faultsOf(withTenants({ tenants }, { HOME: '/root' }))[0]).toMatch(
      /^tenants\.0\.accounts\.0\.name: /,
    );
  });

  it('excludes the variables of the single tenant', () => {
    const fault =
      'PARCELGRAPH_TENANTS: the file lists every tenant: unset PARCELGRAPH_API_KEY, USPS_* and EASYPOST_*';
    expect(faultsOf(withTenants({ tenants: [acme] }, usps))).toEqual([fault]);
    expect(faultsOf(withTenants({ tenants: [acme] }, { PARCELGRAPH_API_KEY: 'acme-key' }))).toEqual([fault]);
  });

  it('must exist, and be valid JSON', () => {
    const missing = { ...withTenants(''), PARCELGRAPH_TENANTS: join(folder, 'nowhere.json') };
    expect(faultsOf(missing)).toEqual(['PARCELGRAPH_TENANTS: the file can’t be read']);
    expect(faultsOf(withTenants('{ tenants: }'))).toEqual([
      'PARCELGRAPH_TENANTS: the file is not valid JSON',
    ]);
  });

  it('must not repeat a tenant, an account of a tenant or an API key', () => {
    const umbrella = { ...acme, id: 'umbrella', apiKeys: ['umbrella-key', `sha256:${sha256('acme-key')}`] };
    expect(
      faultsOf(withTenants({ tenants: [acme, { ...umbrella, id: 'acme', accounts: [account, account] }] })),
    ).toEqual([
      'tenants.1.accounts.1.id: is given twice',
      'tenants.1.id: is given twice',
      'tenants.1.apiKeys.1: is given twice',
    ]);
    expect(faultsOf(withTenants({ tenants: [acme, { ...umbrella, apiKeys: ['umbrella-key'] }] }))).toEqual(
      [],
    );
  });
});
