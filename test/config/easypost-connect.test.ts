import { describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/index.ts';
import { readConfig } from '../../src/config/config.ts';
import { acme, faultsOf, onlyAccount, server, withTenants, writeFile, setUpFolder } from './setup.ts';

setUpFolder();

describe('an EasyPost Connect account', () => {
  const pair = openAuthority().issue('acme');
  const files = () => ({
    EASYPOST_CONNECT_CERT_FILE: writeFile(pair.certificate),
    EASYPOST_CONNECT_KEY_FILE: writeFile(pair.privateKey),
  });
  const connect = {
    ...server,
    EASYPOST_CONNECT_CLIENT_ID: 'id',
    EASYPOST_CONNECT_CLIENT_SECRET: 'hidden',
    EASYPOST_CONNECT_API_KEY: 'hidden-too',
  };

  it('is read from its variables, and keeps the paths of its files', () => {
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

  it('requires a base URL for acc, on which the documents disagree', () => {
    const acc = { ...connect, EASYPOST_CONNECT_ENVIRONMENT: 'acc' };
    expect(faultsOf(acc)).toEqual(['EASYPOST_CONNECT_BASE_URL: is required: no host of TEST is known']);
    const config = readConfig({ ...acc, EASYPOST_CONNECT_BASE_URL: 'https://api.acc.eservices.easypost.eu' });
    expect(onlyAccount(config)).toMatchObject({ environment: 'TEST' });
  });

  it('has its faults named by variable, without their values', () => {
    const faults = faultsOf({
      ...connect,
      EASYPOST_CONNECT_ENVIRONMENT: 'pro',
      EASYPOST_CONNECT_OAUTH_URL: 'http://auth.example/oauth2/token',
      EASYPOST_CONNECT_CERT_FILE: writeFile('hush'),
      EASYPOST_CONNECT_KEY_FILE: '/nowhere/hush',
    });
    expect(faults).toEqual([
      'EASYPOST_CONNECT_CERT_FILE: must be a certificate in PEM',
      'EASYPOST_CONNECT_KEY_FILE: the file can’t be read',
      'EASYPOST_CONNECT_OAUTH_URL: must be an https URL without a path; plain http is for loopback only',
    ]);
    const alone = faultsOf({ ...connect, EASYPOST_CONNECT_ENVIRONMENT: 'pro', EASYPOST_CONNECT_CERT_FILE: writeFile(pair.certificate) }); // prettier-ignore
    expect(alone).toEqual(['EASYPOST_CONNECT_KEY_FILE: is required beside a certificate']);
  });

  it('takes PEM as text or as a file in a tenants file, beside its upload hosts', () => {
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
      {
        certificate: { file: writeFile(pair.certificate) },
        privateKey: { file: writeFile(pair.privateKey) },
      },
      {},
    ]) {
      const config = readConfig(withTenants({ tenants: [{ ...acme, accounts: [own(credentials)] }] }));
      expect(onlyAccount(config)).toMatchObject({ environment: 'TEST', credentials });
    }
  });
});
