import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import { faultsOf, server, usps } from './setup.ts';

const issuer = {
  PARCELGRAPH_JWT_ISSUER: 'https://login.example.com/',
  PARCELGRAPH_JWT_AUDIENCE: 'shipping',
  PARCELGRAPH_JWT_JWKS_URL: 'https://login.example.com/jwks',
};

describe('the issuer of JWTs', () => {
  it('is none unless it is configured', () => {
    expect(readConfig({ ...server, ...usps }).tokenIssuer).toBeUndefined();
  });

  it('puts tenant and permissions into the claims tenant and scope, unless others are named', () => {
    expect(readConfig({ ...server, ...usps, ...issuer }).tokenIssuer).toEqual({
      issuer: 'https://login.example.com/',
      audience: 'shipping',
      keysUrl: 'https://login.example.com/jwks',
      tenantClaim: 'tenant',
      permissionsClaim: 'scope',
    });
  });

  it('needs a name, an audience, and keys at a safe URL', () => {
    expect(faultsOf({ ...server, ...usps, PARCELGRAPH_JWT_TENANT_CLAIM: 'org' })).toEqual([
      'PARCELGRAPH_JWT_ISSUER: is required to accept JWTs',
      'PARCELGRAPH_JWT_AUDIENCE: is required to accept JWTs',
      'PARCELGRAPH_JWT_JWKS_URL: is required to accept JWTs',
    ]);
    const plain = { PARCELGRAPH_JWT_JWKS_URL: 'http://login.example.com/jwks' };
    expect(faultsOf({ ...server, ...usps, ...issuer, ...plain })).toEqual([
      'PARCELGRAPH_JWT_JWKS_URL: must be an https URL: plain http is for loopback only',
    ]);
  });
});
