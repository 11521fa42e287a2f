import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  account,
  acme,
  faultsOf,
  server,
  usps,
  withTenants,
  writeFile,
  type Env,
  setUpFolder,
} from './setup.ts';

setUpFolder();

describe('a fault of the configuration', () => {
  it('is a misspelt setting, which opens no sandbox', () => {
    expect(faultsOf({ PARCELGRAPH_APIKEY: 'x' })).toContain('PARCELGRAPH_APIKEY: there is no such setting');
  });

  it('is a misspelt setting in the tenants file, at any depth', () => {
    const tenants = [
      {
        ...acme,
        apiKey: 'x',
        accounts: [
          { ...account, credentials: { ...account.credentials, clientsecret: 'x' }, quota: { perHour: 60 } },
        ],
      },
    ];
    expect(faultsOf(withTenants({ tenants, tenant: [] }))).toEqual([
      'tenants.0.accounts.0.quota: there is no such setting: perHour',
      'tenants.0.accounts.0.credentials: there is no such setting: clientsecret',
      'tenants.0: there is no such setting: apiKey',
      'PARCELGRAPH_TENANTS: there is no such setting: tenant',
    ]);
  });

  it('is a time to share rates that is no whole number of seconds, or above 12 hours', () => {
    const faultsAt = (maxAgeSeconds: unknown) =>
      faultsOf(
        withTenants({ tenants: [{ ...acme, accounts: [{ ...account, rateCache: { maxAgeSeconds } }] }] }),
      );
    for (const valid of [0, 900, 43_200]) expect(faultsAt(valid)).toEqual([]);
    for (const invalid of [-1, 0.5, 43_201, '900', null]) {
      const [fault, ...others] = faultsAt(invalid);
      expect(fault).toMatch(/^tenants\.0\.accounts\.0\.rateCache\.maxAgeSeconds: /);
      expect(others).toEqual([]);
    }
  });

  it('is a HOST beyond loopback without PUBLIC_URL', () => {
    const fault = 'PUBLIC_URL: is required where HOST is not loopback: links to labels begin with it';
    for (const HOST of ['0.0.0.0', '::', '10.1.2.3', 'ship.example'])
      expect(faultsOf({ HOST }), HOST).toEqual([fault]);
    for (const HOST of ['127.0.0.1', 'localhost', '::1']) expect(faultsOf({ HOST }), HOST).toEqual([]);
    expect(faultsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://ship.example' })).toEqual([]);
  });

  it('is a PUBLIC_URL with user, query or fragment, and a DATA_DIR that is a file', () => {
    const fault = 'PUBLIC_URL: must have no user, query or fragment, since links begin with it';
    for (const end of ['?a=b', '#top', '/ship#'])
      expect(faultsOf({ PUBLIC_URL: `https://ship.example${end}` }), end).toEqual([fault]);
    expect(faultsOf({ PUBLIC_URL: 'https://me:hush@ship.example' })).toEqual([fault]);
    expect(faultsOf({ PUBLIC_URL: 'https://ship.example/shipping' })).toEqual([]);
    expect(faultsOf({ DATA_DIR: writeFile('no folder') })).toEqual([
      'DATA_DIR: must be a folder, and is a file',
    ]);
  });

  it('is an API key that a header can’t hold', () => {
    const fault = 'must consist of printable ASCII characters without blanks';
    for (const key of ['two words', 'schlüssel', 'line\nbreak']) {
      expect(faultsOf({ ...server, ...usps, PARCELGRAPH_API_KEY: key })).toEqual([
        `PARCELGRAPH_API_KEY: ${fault}`,
      ]);
      expect(faultsOf(withTenants({ tenants: [{ ...acme, apiKeys: [key] }] }))).toEqual([
        `tenants.0.apiKeys.0.key: ${fault}`,
      ]);
    }
  });

  it('is listed by its path, together with all others', () => {
    const tenants = [
      {
        id: 'Acme!',
        apiKeys: ['short'],
        accounts: [{ ...account, id: '', baseUrl: 'http://usps.example/v3', credentials: {} }],
      },
      {
        ...acme,
        accounts: [
          { ...account, environment: 'PRODUCTION', baseUrl: 'https://apis-tem.usps.com' },
          { id: 'dhl', provider: 'dhl' },
        ],
      },
    ];
    const faults = faultsOf(
      withTenants(
        { tenants },
        {
          PORT: '65536',
          PUBLIC_URL: 'ship.example',
          SANDBOX_QUOTA: 'many',
          PARCELGRAPH_TENANT: 'x',
          PARCELGRAPH_SECRET: 'short',
          DATABASE_URL: 'mysql://db',
        },
      ),
    );
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
      'PARCELGRAPH_TENANT',
      'PORT',
      'PUBLIC_URL',
      'DATABASE_URL',
      'PARCELGRAPH_SECRET',
      'SANDBOX_QUOTA',
      'tenants.0.id',
      'tenants.0.apiKeys.0.key',
      'tenants.0.accounts.0.id',
      'tenants.0.accounts.0.baseUrl',
      'tenants.0.accounts.0.baseUrl',
      'tenants.0.accounts.0.credentials.clientId',
      'tenants.0.accounts.0.credentials.clientSecret',
      'tenants.1.accounts.0.environment',
      'tenants.1.accounts.1.provider',
    ]);
  });

  it('never repeats a secret', () => {
    const secrets = fc
      .string({ unit: fc.constantFrom(...'abcdefXYZ0189-_+/='), minLength: 12, maxLength: 60 })
      .map((text) => `hidden${text}`);
    /** Configurations with a secret in or near a faulty setting. */
    const mistakes = fc.constantFrom<((secret: string) => Env)[]>(
      (secret) => ({
        ...server,
        ...usps,
        PARCELGRAPH_SECRET: secret.slice(0, 31),
        PARCELGRAPH_APIKEY: secret,
      }),
      (secret) => ({ ...server, ...usps, PARCELGRAPH_API_KEY: `sha256:${secret}` }),
      (secret) => ({ ...server, ...usps, PARCELGRAPH_TENANTS: secret, PARCELGRAPH_API_KEY: secret }),
      (secret) => ({
        ...server,
        PARCELGRAPH_TENANTS: JSON.stringify({ tenants: [{ ...acme, apiKeys: [secret] }] }),
      }),
      (secret) => ({ ...server, EASYPOST_API_KEY: secret }),
      (secret) => ({ ...server, ...usps, USPS_CLIENT_SECRET: secret, USPS_MID: secret, USPS_ENVIRONMENT: secret, USPS_ACCOUNT_TYPE: secret, USPS_PERMIT_ZIP: secret }), // prettier-ignore
      (secret) => ({ ...server, ...usps, USPS_BASE_URL: secret, DATABASE_URL: `mysql://me:${secret}@db`, PORT: secret, PUBLIC_URL: secret }), // prettier-ignore
      (secret) => ({
        ...server,
        ...usps,
        USPS_BASE_URL: `http://user:${encodeURIComponent(secret)}@usps.example/x`,
      }),
      (secret) => ({ DATABASE_URL: `postgres://me:${encodeURIComponent(secret)}@db/ledger` }),
      (secret) =>
        withTenants({ tenants: [{ ...acme, apiKeys: [secret, secret], id: secret, accounts: secret }] }),
      (secret) =>
        withTenants({
          tenants: [{ ...acme, accounts: [{ ...account, provider: secret, credentials: secret }] }],
        }),
      (secret) => withTenants({ tenants: [{ ...acme, accounts: [{ ...account, environment: secret, credentials: { clientId: secret, clientSecret: [secret] } }] }] }), // prettier-ignore
      (secret) => withTenants({ tenants: [{ ...acme, accounts: [{ ...account, environment: 'PRODUCTION', provider: 'easypost', credentials: { apiKey: `EZTK${secret}` } }] }] }), // prettier-ignore
      (secret) => withTenants({ tenants: [{ ...acme, accounts: [{ ...account, credentials: { clientId: { env: secret }, clientSecret: { file: secret } } }] }] }), // prettier-ignore
      (secret) => withTenants(`{ "tenants": [ { "apiKeys": [ "${secret}" ], } ] }`),
    );
    fc.assert(
      fc.property(secrets, mistakes, (secret, mistake) => {
        const faults = faultsOf(mistake(secret));
        expect(faults.length).toBeGreaterThan(0);
        const text = faults.join('\n');
        expect(text).not.toContain('hidden');
        expect(text).not.toContain(secret.slice(6, 18));
      }),
      { numRuns: 300 },
    );
  });
});
