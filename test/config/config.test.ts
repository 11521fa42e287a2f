import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/index.ts';
import { ConfigError, readConfig, type Config } from '../../src/config/config.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterAll(() => rmSync(folder, { recursive: true }));

type Env = Record<string, string>;
const secret = 'any text of at least thirty-two characters';
const house: Env = { PARCELGRAPH_SECRET: secret, PARCELGRAPH_API_KEY: 'acme-key' };
const usps: Env = { USPS_CLIENT_ID: 'id', USPS_CLIENT_SECRET: 'hidden', USPS_ENVIRONMENT: 'test' };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const faultsOf = (env: Env): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain((error as ConfigError).faults.join('\n  '));
    return (error as ConfigError).faults;
  }
  return [];
};
/** A file in the test's folder, by its path. */
let files = 0;
const file = (content: string) => {
  const path = join(folder, `file-${(files += 1)}`);
  writeFileSync(path, content);
  return path;
};
const withTenants = (document: unknown, env: Env = {}): Env => ({
  PARCELGRAPH_SECRET: secret,
  PARCELGRAPH_TENANTS: file(typeof document === 'string' ? document : JSON.stringify(document)),
  ...env,
});
const account = { id: 'usps', provider: 'usps', environment: 'TEST', credentials: { clientId: 'id', clientSecret: 'hidden' } }; // prettier-ignore
const acme = { id: 'acme', apiKeys: ['acme-key'], accounts: [account] };
const onlyAccount = (config: Config) => config.tenants[0]!.accounts[0]!;

describe('with nothing configured', () => {
  it('it is the sandbox, on loopback', () => {
    expect(readConfig({ HOME: '/root', NODE_ENV: 'development' })).toEqual({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: undefined,
      storage: { folder: '.data' },
      dataDir: '.data',
      secret: undefined,
      previousSecret: undefined,
      tenants: [],
      sandbox: { quota: undefined },
    });
  });

  it('what concerns the process alone leaves it a sandbox', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/tmp/data',
      SANDBOX_QUOTA: '60',
      PUBLIC_URL: 'https://ship.example/',
    };
    expect(readConfig(env)).toMatchObject({
      port: 0,
      host: '::1',
      storage: { folder: '/tmp/data' },
      publicUrl: 'https://ship.example',
      sandbox: { quota: 60 },
    });
  });

  it('it is no sandbox in production, nor beside a database server', () => {
    for (const env of [
      { NODE_ENV: 'production' },
      { DATABASE_URL: 'postgres://127.0.0.1/ledger' },
    ] as Env[]) {
      expect(faultsOf(env)).toEqual([
        'no provider is configured: set USPS_CLIENT_ID or EASYPOST_API_KEY, or PARCELGRAPH_TENANTS',
        'PARCELGRAPH_API_KEY: is required: the key that callers send',
        'PARCELGRAPH_SECRET: is required: any text of at least 32 characters, such as `openssl rand -hex 32`',
      ]);
    }
  });

  it('a variable that is empty is one that is not set', () => {
    expect(readConfig({ USPS_CLIENT_ID: '', DATABASE_URL: '', PORT: '' }).sandbox).toBeDefined();
  });
});

describe('the single tenant is made of variables', () => {
  it('with one account a provider, named after it', () => {
    const config = readConfig({ ...house, ...usps, EASYPOST_API_KEY: 'EZTK-hidden' });
    expect(config.sandbox).toBeUndefined();
    expect(config.secret).toBe(secret);
    expect(config.tenants).toMatchObject([
      {
        id: 'default',
        apiKeyHashes: [sha256('acme-key')],
        accounts: [
          {
            id: 'usps',
            provider: { id: 'usps' },
            environment: 'TEST',
            baseUrl: 'https://apis-tem.usps.com',
            credentials: { clientId: 'id', clientSecret: 'hidden' },
            options: { tracking: 'auto' },
            quota: {},
            retired: undefined,
          },
          {
            id: 'easypost',
            provider: { id: 'easypost' },
            environment: 'TEST',
            baseUrl: 'https://api.easypost.com',
            credentials: { apiKey: 'EZTK-hidden' },
          },
        ],
      },
    ]);
  });

  const reaches: [variable: string, value: string, setting: string, becomes?: string][] = [
    ['USPS_CLIENT_ID', 'another', 'credentials.clientId'],
    ['USPS_CLIENT_SECRET', 'another', 'credentials.clientSecret'],
    ['USPS_ENVIRONMENT', 'production', 'environment', 'PRODUCTION'],
    ['USPS_BASE_URL', 'http://127.0.0.1:9001', 'baseUrl'],
    ['USPS_CRID', '12345678', 'credentials.crid'],
    ['USPS_MID', '123456789', 'credentials.mid'],
    ['USPS_MANIFEST_MID', '987654', 'credentials.manifestMid'],
    ['USPS_ACCOUNT_TYPE', 'EPS', 'credentials.accountType'],
    ['USPS_ACCOUNT_NUMBER', '1000000001', 'credentials.accountNumber'],
    ['USPS_PERMIT_NUMBER', '42', 'credentials.permitNumber'],
    ['USPS_PERMIT_ZIP', '94107', 'credentials.permitZip'],
  ];
  for (const [variable, value, setting, becomes = value] of reaches) {
    it(`${variable} is the account’s ${setting}`, () => {
      const config = readConfig({ ...house, ...usps, [variable]: value });
      expect(onlyAccount(config)).toHaveProperty(setting, becomes);
    });
  }

  it('EASYPOST_API_KEY and EASYPOST_BASE_URL are those of the account easypost; the key tells the environment', () => {
    const open = (env: Env) => onlyAccount(readConfig({ ...house, ...env }));
    expect(open({ EASYPOST_API_KEY: 'EZAK-hidden' })).toMatchObject({
      id: 'easypost',
      environment: 'PRODUCTION',
    });
    expect(open({ EASYPOST_API_KEY: 'any', EASYPOST_BASE_URL: 'http://localhost:9002/' })).toMatchObject({
      baseUrl: 'http://localhost:9002',
      environment: 'TEST',
    });
  });

  it('settings of the process reach it', () => {
    const previous = 'what has been the secret until yesterday';
    const config = readConfig({
      ...house,
      ...usps,
      HOST: '0.0.0.0',
      PORT: '8080',
      PUBLIC_URL: 'https://ship.example',
      DATABASE_URL: 'postgresql://ledger@db/ledger',
      PARCELGRAPH_SECRET_PREVIOUS: previous,
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://ship.example',
      storage: { url: 'postgresql://ledger@db/ledger' },
      previousSecret: previous,
    });
  });

  it('an environment may be left out beside a base URL alone: it is a test then', () => {
    const { USPS_ENVIRONMENT: _, ...unsaid } = usps;
    expect(
      onlyAccount(readConfig({ ...house, ...unsaid, USPS_BASE_URL: 'https://usps.example' })).environment,
    ).toBe('TEST');
    expect(faultsOf({ ...house, ...unsaid })).toEqual(['USPS_ENVIRONMENT: is required: test or production']);
  });

  it('a fault is named by the variable that the reader has set', () => {
    expect(faultsOf({ ...house, ...usps, USPS_MID: '12', USPS_ENVIRONMENT: 'staging' })).toEqual([
      'USPS_ENVIRONMENT: Invalid option: expected one of "TEST"|"PRODUCTION"',
      'USPS_MID: a MID has 6 or 9 digits',
    ]);
    expect(
      faultsOf({
        ...house,
        USPS_CLIENT_ID: 'id',
        EASYPOST_API_KEY: 'EZTK',
        EASYPOST_BASE_URL: 'http://example.com',
      }),
    ).toEqual([
      'USPS_CLIENT_SECRET: Invalid input: expected string, received undefined',
      'EASYPOST_BASE_URL: plain http is for loopback only',
    ]);
    expect(faultsOf({ ...house, USPS_BASE_URL: 'https://usps.example' })).toEqual([
      'USPS_CLIENT_ID: Invalid input: expected string, received undefined',
      'USPS_CLIENT_SECRET: Invalid input: expected string, received undefined',
    ]);
    expect(faultsOf({ ...house, EASYPOST_API_KEY: 'neither' })).toEqual([
      'easypost environment: is required: test or production',
    ]);
  });
});

describe('the tenants file', () => {
  it('names tenants, their keys and their accounts, with all that an account may say', () => {
    const rich = {
      ...account,
      id: 'usps-east',
      name: 'USPS, warehouse east',
      baseUrl: 'http://127.0.0.1:9001',
      tracking: 'v3',
      quota: { windowSeconds: 60, default: 100, apis: { tracking: 600 }, burst: { calls: 5, seconds: 60 } },
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
          { id: 'usps', name: 'USPS', quota: {} },
          {
            id: 'usps-east',
            name: 'USPS, warehouse east',
            baseUrl: 'http://127.0.0.1:9001',
            options: { tracking: 'v3' },
            quota: { windowSeconds: 60, default: 100, apis: { tracking: 600 }, burst: { calls: 5, seconds: 60 } }, // prettier-ignore
          },
        ],
      },
      {
        id: 'umbrella',
        name: 'umbrella',
        apiKeyHashes: [sha256('key-one-of-umbrella'), sha256('key-two!-of-umbrella')],
      },
    ]);
  });

  it('may hold the digest of an API key in place of the key', () => {
    for (const digest of [sha256('acme-key'), sha256('acme-key').toUpperCase()]) {
      const config = readConfig(withTenants({ tenants: [{ ...acme, apiKeys: [`sha256:${digest}`] }] }));
      expect(config.tenants[0]!.apiKeyHashes).toEqual([sha256('acme-key')]);
    }
    // A digest that is none would be a key that can be read in the file.
    expect(faultsOf(withTenants({ tenants: [{ ...acme, apiKeys: ['sha256:1234'] }] }))).toEqual([
      'tenants.0.apiKeys.0: is no SHA-256 in hex',
    ]);
  });

  it('may leave secrets to the environment and to files', () => {
    const credentials = { clientId: { env: 'ACME_USPS_ID' }, clientSecret: { file: file('from a file\n') } };
    const env = withTenants(
      { tenants: [{ ...acme, accounts: [{ ...account, credentials }] }] },
      { ACME_USPS_ID: 'from outside' },
    );
    expect(onlyAccount(readConfig(env)).credentials).toEqual({
      clientId: 'from outside',
      clientSecret: 'from a file',
    });
  });

  it('is at fault where they hold nothing, each by its path', () => {
    const credentials = {
      clientId: { env: 'NO_SUCH_VARIABLE' },
      clientSecret: { file: join(folder, 'no-such-file') },
    };
    const env = withTenants({ tenants: [{ ...acme, accounts: [{ ...account, credentials }] }] });
    expect(faultsOf(env)).toEqual([
      'tenants.0.accounts.0.credentials.clientId: the environment variable that it names holds nothing',
      'tenants.0.accounts.0.credentials.clientSecret: the file that it names holds nothing',
    ]);
    expect(faultsOf({ ...env, NO_SUCH_VARIABLE: '' })).toHaveLength(2);
  });

  it('reads from environment and files nothing but credentials', () => {
    const tenants = [{ ...acme, accounts: [{ ...account, name: { env: 'HOME' } }] }];
    expect(faultsOf(withTenants({ tenants }, { HOME: '/root' }))[0]).toMatch(
      /^tenants\.0\.accounts\.0\.name: /,
    );
  });

  it('stands alone: the variables of the single tenant contradict it', () => {
    const fault =
      'PARCELGRAPH_TENANTS: the file names every tenant, so leave out PARCELGRAPH_API_KEY, USPS_* and EASYPOST_*';
    expect(faultsOf(withTenants({ tenants: [acme] }, usps))).toEqual([fault]);
    expect(faultsOf(withTenants({ tenants: [acme] }, { PARCELGRAPH_API_KEY: 'acme-key' }))).toEqual([fault]);
  });

  it('has to be there, and JSON', () => {
    const missing = { ...withTenants(''), PARCELGRAPH_TENANTS: join(folder, 'nowhere.json') };
    expect(faultsOf(missing)).toEqual(['PARCELGRAPH_TENANTS: the file could not be read']);
    expect(faultsOf(withTenants('{ tenants: }'))).toEqual(['PARCELGRAPH_TENANTS: the file is no JSON']);
  });

  it('gives every tenant, every account of a tenant and every key once', () => {
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

describe('a host', () => {
  const faults = (over: object) =>
    faultsOf(withTenants({ tenants: [{ ...acme, accounts: [{ ...account, ...over }] }] }));
  const place = 'tenants.0.accounts.0';

  it('that its provider has switched off does not stop the start: it is marked with what took its place', () => {
    for (const [retired, instead] of [
      ['https://api.usps.com', 'https://apis.usps.com'],
      ['https://api-cat.usps.com', 'https://apis-tem.usps.com'],
      ['http://127.0.0.1:1', undefined],
    ]) {
      const accounts = [{ ...account, baseUrl: retired }];
      expect(onlyAccount(readConfig(withTenants({ tenants: [{ ...acme, accounts }] }))).retired).toBe(
        instead,
      );
    }
  });

  it('that is known to be of the other environment stops the start', () => {
    expect(faults({ baseUrl: 'https://apis.usps.com' })).toEqual([
      `${place}.environment: is TEST, but https://apis.usps.com is the host of PRODUCTION`,
    ]);
    expect(faults({ environment: 'PRODUCTION', baseUrl: 'https://apis-tem.usps.com/' })).toEqual([
      `${place}.environment: is PRODUCTION, but https://apis-tem.usps.com is the host of TEST`,
    ]);
    const { environment: _, ...unsaid } = account;
    expect(
      faultsOf(
        withTenants({ tenants: [{ ...acme, accounts: [{ ...unsaid, baseUrl: 'https://apis.usps.com' }] }] }),
      ),
    ).toEqual([`${place}.environment: is TEST, but https://apis.usps.com is the host of PRODUCTION`]);
  });

  it('and a key of the other mode does', () => {
    const easypost = (environment: string, apiKey: string) =>
      faults({ provider: 'easypost', environment, credentials: { apiKey } });
    expect(easypost('PRODUCTION', 'EZAKhidden')).toEqual([]);
    expect(easypost('test', 'EZTKhidden')).toEqual([]);
    expect(easypost('TEST', 'EZAKhidden')).toEqual([
      `${place}.environment: is TEST, but the credentials are of PRODUCTION`,
    ]);
    expect(easypost('PRODUCTION', 'EZTKhidden')).toEqual([
      `${place}.environment: is PRODUCTION, but the credentials are of TEST`,
    ]);
  });

  it('is an origin: no path, query, fragment or user', () => {
    for (const rest of ['/v3', '/?a=1', '/#a']) {
      expect(faults({ baseUrl: `https://usps.example${rest}` })).toEqual([
        `${place}.baseUrl: has no path, query or user: write https://usps.example`,
      ]);
    }
    expect(faults({ baseUrl: 'https://user:hidden@usps.example' })[0]).not.toContain('hidden');
    for (const text of ['usps.example', 'ftp://usps.example', 'https://']) {
      expect(faults({ baseUrl: text }), text).toEqual([`${place}.baseUrl: is no http or https URL`]);
    }
  });

  it('is spoken to in plain http on loopback only', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '[::1]'])
      expect(faults({ baseUrl: `http://${host}:9001` })).toEqual([]);
    for (const host of ['usps.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '0.0.0.0']) {
      expect(faults({ baseUrl: `http://${host}` }), host).toEqual([
        `${place}.baseUrl: plain http is for loopback only`,
      ]);
    }
  });
});

describe('a mistake stops the start', () => {
  it('a setting of ours that is misspelt is no reason to open a sandbox', () => {
    expect(faultsOf({ PARCELGRAPH_APIKEY: 'x' })).toContain('PARCELGRAPH_APIKEY: there is no such setting');
  });

  it('so is one in the file, at whatever depth', () => {
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

  it('beyond loopback, links need to know what they begin with', () => {
    const fault = 'PUBLIC_URL: is required where HOST is not loopback: links to labels begin with it';
    for (const HOST of ['0.0.0.0', '::', '10.1.2.3', 'ship.example'])
      expect(faultsOf({ HOST }), HOST).toEqual([fault]);
    for (const HOST of ['127.0.0.1', 'localhost', '::1']) expect(faultsOf({ HOST }), HOST).toEqual([]);
    expect(faultsOf({ HOST: '0.0.0.0', PUBLIC_URL: 'https://ship.example' })).toEqual([]);
  });

  it('a link begins with a place, and a folder is no file', () => {
    const fault = 'PUBLIC_URL: has no user, query or fragment: links begin with it';
    for (const end of ['?a=b', '#top', '/ship#'])
      expect(faultsOf({ PUBLIC_URL: `https://ship.example${end}` }), end).toEqual([fault]);
    expect(faultsOf({ PUBLIC_URL: 'https://me:hush@ship.example' })).toEqual([fault]);
    expect(faultsOf({ PUBLIC_URL: 'https://ship.example/shipping' })).toEqual([]);
    expect(faultsOf({ DATA_DIR: file('no folder') })).toEqual(['DATA_DIR: is a file: name a folder']);
  });

  it('a key goes into a header as it is', () => {
    const fault = 'is made of letters, digits and signs of ASCII, without blanks';
    for (const key of ['two words', 'schlüssel', 'line\nbreak']) {
      expect(faultsOf({ ...house, ...usps, PARCELGRAPH_API_KEY: key })).toEqual([
        `PARCELGRAPH_API_KEY: ${fault}`,
      ]);
      expect(faultsOf(withTenants({ tenants: [{ ...acme, apiKeys: [key] }] }))).toEqual([
        `tenants.0.apiKeys.0: ${fault}`,
      ]);
    }
  });

  it('all of them are named at once, each by its path', () => {
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
      'tenants.0.apiKeys.0',
      'tenants.0.accounts.0.id',
      'tenants.0.accounts.0.baseUrl',
      'tenants.0.accounts.0.baseUrl',
      'tenants.0.accounts.0.credentials.clientId',
      'tenants.0.accounts.0.credentials.clientSecret',
      'tenants.1.accounts.0.environment',
      'tenants.1.accounts.1.provider',
    ]);
  });

  it('and none of them says a secret', () => {
    const secrets = fc
      .string({ unit: fc.constantFrom(...'abcdefXYZ0189-_+/='), minLength: 12, maxLength: 60 })
      .map((text) => `hidden${text}`);
    /** Ways to put a secret where something is wrong with it or near it. */
    const mistakes = fc.constantFrom<((secret: string) => Env)[]>(
      (secret) => ({
        ...house,
        ...usps,
        PARCELGRAPH_SECRET: secret.slice(0, 31),
        PARCELGRAPH_APIKEY: secret,
      }),
      (secret) => ({ ...house, ...usps, PARCELGRAPH_API_KEY: `sha256:${secret}` }),
      (secret) => ({ ...house, ...usps, PARCELGRAPH_TENANTS: secret, PARCELGRAPH_API_KEY: secret }),
      (secret) => ({
        ...house,
        PARCELGRAPH_TENANTS: JSON.stringify({ tenants: [{ ...acme, apiKeys: [secret] }] }),
      }),
      (secret) => ({ ...house, EASYPOST_API_KEY: secret }),
      (secret) => ({ ...house, ...usps, USPS_CLIENT_SECRET: secret, USPS_MID: secret, USPS_ENVIRONMENT: secret, USPS_ACCOUNT_TYPE: secret, USPS_PERMIT_ZIP: secret }), // prettier-ignore
      (secret) => ({ ...house, ...usps, USPS_BASE_URL: secret, DATABASE_URL: `mysql://me:${secret}@db`, PORT: secret, PUBLIC_URL: secret }), // prettier-ignore
      (secret) => ({
        ...house,
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
        const said = faults.join('\n');
        expect(said).not.toContain('hidden');
        expect(said).not.toContain(secret.slice(6, 18));
      }),
      { numRuns: 300 },
    );
  });
});

describe('EasyPost Connect', () => {
  const pair = openAuthority().issue('acme');
  const files = () => ({
    EASYPOST_CONNECT_CERT_FILE: file(pair.certificate),
    EASYPOST_CONNECT_KEY_FILE: file(pair.privateKey),
  });
  const connect = {
    ...house,
    EASYPOST_CONNECT_CLIENT_ID: 'id',
    EASYPOST_CONNECT_CLIENT_SECRET: 'hidden',
    EASYPOST_CONNECT_API_KEY: 'hidden-too',
  };

  it('is the account easypost-connect by its variables; its files are named and not read into it', () => {
    const named = files();
    const config = readConfig({ ...connect, ...named, EASYPOST_CONNECT_ENVIRONMENT: 'pro' });
    expect(onlyAccount(config)).toMatchObject({
      id: 'easypost-connect',
      environment: 'PRODUCTION',
      baseUrl: 'https://api.eservices.easypost.eu',
      credentials: {
        certificate: { file: named.EASYPOST_CONNECT_CERT_FILE },
        privateKey: { file: named.EASYPOST_CONNECT_KEY_FILE },
      },
    });
    expect(JSON.stringify(config)).not.toContain('PRIVATE KEY');
  });

  it('wants the base URL of acc, on which its documents disagree', () => {
    const acc = { ...connect, EASYPOST_CONNECT_ENVIRONMENT: 'acc' };
    expect(faultsOf(acc)).toEqual(['EASYPOST_CONNECT_BASE_URL: is required: no host of TEST is known']);
    const config = readConfig({ ...acc, EASYPOST_CONNECT_BASE_URL: 'https://api.acc.eservices.easypost.eu' });
    expect(onlyAccount(config)).toMatchObject({ environment: 'TEST' });
  });

  it('names each fault by its variable, and repeats nothing of what was given', () => {
    const faults = faultsOf({
      ...connect,
      EASYPOST_CONNECT_ENVIRONMENT: 'pro',
      EASYPOST_CONNECT_OAUTH_URL: 'http://auth.example/oauth2/token',
      EASYPOST_CONNECT_CERT_FILE: file('hush'),
      EASYPOST_CONNECT_KEY_FILE: '/nowhere/hush',
    });
    expect(faults).toEqual([
      'EASYPOST_CONNECT_CERT_FILE: holds no certificate in PEM',
      'EASYPOST_CONNECT_KEY_FILE: the file that it names can’t be read',
      'EASYPOST_CONNECT_OAUTH_URL: is an https URL without a path; plain http is for loopback only',
    ]);
    const alone = faultsOf({ ...connect, EASYPOST_CONNECT_ENVIRONMENT: 'pro', EASYPOST_CONNECT_CERT_FILE: file(pair.certificate) }); // prettier-ignore
    expect(alone).toEqual(['EASYPOST_CONNECT_KEY_FILE: is required beside a certificate']);
  });

  it('takes PEM as text or as a file in a tenants file, and upload hosts beside', () => {
    const own = (credentials: object) => ({
      id: 'mail',
      provider: 'easypost-connect',
      environment: 'acc',
      baseUrl: 'https://api.acc.eservices.easypost.eu',
      oauthUrl: 'https://auth.acc.eservices.easypost.eu',
      uploadHosts: ['bucket.s3.eu-west-1.amazonaws.com'],
      credentials: { clientId: 'id', clientSecret: 'hidden', apiKey: 'hidden', ...credentials },
    });
    for (const credentials of [
      pair,
      { certificate: { file: file(pair.certificate) }, privateKey: { file: file(pair.privateKey) } },
      {},
    ]) {
      const config = readConfig(withTenants({ tenants: [{ ...acme, accounts: [own(credentials)] }] }));
      expect(onlyAccount(config)).toMatchObject({ environment: 'TEST', credentials });
    }
  });
});
