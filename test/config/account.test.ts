import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import { account, acme, faultsOf, onlyAccount, withTenants, setUpFolder } from './setup.ts';

setUpFolder();

describe('the host of an account', () => {
  const faults = (over: object) =>
    faultsOf(withTenants({ tenants: [{ ...acme, accounts: [{ ...account, ...over }] }] }));
  const path = 'tenants.0.accounts.0';

  it('may be switched off by its provider: the account then holds the base URL that replaces it', () => {
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

  it('must not be of the other environment', () => {
    expect(faults({ baseUrl: 'https://apis.usps.com' })).toEqual([
      `${path}.environment: is TEST, but https://apis.usps.com is the host of PRODUCTION`,
    ]);
    expect(faults({ environment: 'PRODUCTION', baseUrl: 'https://apis-tem.usps.com/' })).toEqual([
      `${path}.environment: is PRODUCTION, but https://apis-tem.usps.com is the host of TEST`,
    ]);
    const { environment: _, ...unsaid } = account;
    expect(
      faultsOf(
        withTenants({ tenants: [{ ...acme, accounts: [{ ...unsaid, baseUrl: 'https://apis.usps.com' }] }] }),
      ),
    ).toEqual([`${path}.environment: is TEST, but https://apis.usps.com is the host of PRODUCTION`]);
  });

  it('must agree with the environment of the API key', () => {
    const easypost = (environment: string, apiKey: string) =>
      faults({ provider: 'easypost', environment, credentials: { apiKey } });
    expect(easypost('PRODUCTION', 'EZAKhidden')).toEqual([]);
    expect(easypost('test', 'EZTKhidden')).toEqual([]);
    expect(easypost('TEST', 'EZAKhidden')).toEqual([
      `${path}.environment: is TEST, but the credentials are of PRODUCTION`,
    ]);
    expect(easypost('PRODUCTION', 'EZTKhidden')).toEqual([
      `${path}.environment: is PRODUCTION, but the credentials are of TEST`,
    ]);
  });

  it('must be an origin, without path, query, fragment and user', () => {
    for (const rest of ['/v3', '/?a=1', '/#a']) {
      expect(faults({ baseUrl: `https://usps.example${rest}` })).toEqual([
        `${path}.baseUrl: must have no path, query or user: write https://usps.example`,
      ]);
    }
    expect(faults({ baseUrl: 'https://user:hidden@usps.example' })[0]).not.toContain('hidden');
    for (const text of ['usps.example', 'ftp://usps.example', 'https://']) {
      expect(faults({ baseUrl: text }), text).toEqual([`${path}.baseUrl: must be an http or https URL`]);
    }
  });

  it('may be plain http on loopback only', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '[::1]'])
      expect(faults({ baseUrl: `http://${host}:9001` })).toEqual([]);
    for (const host of ['usps.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '0.0.0.0']) {
      expect(faults({ baseUrl: `http://${host}` }), host).toEqual([
        `${path}.baseUrl: must be https: plain http is for loopback only`,
      ]);
    }
  });
});
