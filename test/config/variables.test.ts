import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import {
  writeFile,
  faultsOf,
  onlyAccount,
  secret,
  server,
  setUpFolder,
  sha256,
  usps,
  type Env,
} from './setup.ts';

setUpFolder();

describe('the single tenant of environment variables', () => {
  it('has an account for each provider, named after it', () => {
    const config = readConfig({ ...server, ...usps, EASYPOST_API_KEY: 'EZTK-hidden' });
    expect(config.sandbox).toBeUndefined();
    expect(config.secret).toBe(secret);
    expect(config.tenants).toMatchObject([
      {
        id: 'default',
        apiKeys: [{ hash: sha256('acme-key') }],
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
    it(`reads ${variable} as the account’s ${setting}`, () => {
      const config = readConfig({ ...server, ...usps, [variable]: value });
      expect(onlyAccount(config)).toHaveProperty(setting, becomes);
    });
  }

  it('reads EASYPOST_API_KEY and EASYPOST_BASE_URL for the account easypost, and the environment from the key', () => {
    const open = (env: Env) => onlyAccount(readConfig({ ...server, ...env }));
    expect(open({ EASYPOST_API_KEY: 'EZAK-hidden' })).toMatchObject({
      id: 'easypost',
      environment: 'PRODUCTION',
    });
    expect(open({ EASYPOST_API_KEY: 'any', EASYPOST_BASE_URL: 'http://localhost:9002/' })).toMatchObject({
      baseUrl: 'http://localhost:9002',
      environment: 'TEST',
    });
  });

  it('is read beside the settings of the process', () => {
    const previous = 'what has been the secret until yesterday';
    const config = readConfig({
      ...server,
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

  it('has its secrets in files, where those are named', () => {
    const [secret, previous] = ['the secret of a file, long enough', 'the one before it, as long as that'];
    const { PARCELGRAPH_SECRET: _, ...others } = { ...server, ...usps };
    const config = readConfig({
      ...others,
      PARCELGRAPH_SECRET_FILE: writeFile(`${secret}\n`),
      PARCELGRAPH_SECRET_PREVIOUS_FILE: writeFile(previous),
    });
    expect(config).toMatchObject({ secret, previousSecret: previous });
    expect(faultsOf({ ...others, PARCELGRAPH_SECRET_FILE: '/nowhere' })).toEqual(['PARCELGRAPH_SECRET_FILE: the file can’t be read or is empty']); // prettier-ignore
    expect(faultsOf({ ...server, ...usps, PARCELGRAPH_SECRET_FILE: writeFile(secret) })).toEqual(['PARCELGRAPH_SECRET_FILE: unset it, or PARCELGRAPH_SECRET']); // prettier-ignore
  });

  it('is of the test environment by default where it has a base URL', () => {
    const { USPS_ENVIRONMENT: _, ...unsaid } = usps;
    expect(
      onlyAccount(readConfig({ ...server, ...unsaid, USPS_BASE_URL: 'https://usps.example' })).environment,
    ).toBe('TEST');
    expect(faultsOf({ ...server, ...unsaid })).toEqual(['USPS_ENVIRONMENT: is required: test or production']);
  });

  it('has its faults named by variable', () => {
    expect(faultsOf({ ...server, ...usps, USPS_MID: '12', USPS_ENVIRONMENT: 'staging' })).toEqual([
      'USPS_ENVIRONMENT: must be test or production',
      'USPS_MID: a MID has 6 or 9 digits',
    ]);
    expect(
      faultsOf({
        ...server,
        USPS_CLIENT_ID: 'id',
        EASYPOST_API_KEY: 'EZTK',
        EASYPOST_BASE_URL: 'http://example.com',
      }),
    ).toEqual([
      'USPS_CLIENT_SECRET: is required',
      'EASYPOST_BASE_URL: must be https: plain http is for loopback only',
    ]);
    expect(faultsOf({ ...server, USPS_BASE_URL: 'https://usps.example' })).toEqual([
      'USPS_CLIENT_ID: is required',
      'USPS_CLIENT_SECRET: is required',
    ]);
    expect(faultsOf({ ...server, EASYPOST_API_KEY: 'neither' })).toEqual([
      'easypost environment: is required: test or production',
    ]);
  });
});
