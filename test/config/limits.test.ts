import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import { acme, faultsOf, server, sha256, usps, withTenants, writeFile, setUpFolder } from './setup.ts';

setUpFolder();

const only = (settings: object) =>
  readConfig(withTenants({ tenants: [{ ...acme, ...settings }] })).tenants[0]!;
const manifest = (content: object) => writeFile(JSON.stringify(content));
const body = 'query Accounts { providerAccounts { id } }';
const valid = { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'any', name: 'Accounts', type: 'query', body }] }; // prettier-ignore

describe('the limits of a tenant', () => {
  it('are its requests in a minute and at a time', () => {
    const limits = { requestsPerMinute: 6000, concurrentRequests: 200 };
    expect(only({ limits }).limits).toEqual(limits);
    expect(only({}).limits).toBeUndefined();
  });

  it.each([
    [{ requestsPerMinute: 0 }, /^tenants.0.limits.requestsPerMinute: /],
    [{ concurrentRequests: 1.5 }, /^tenants.0.limits.concurrentRequests: /],
    [{ perSecond: 5 }, /^tenants.0.limits: there is no such setting: perSecond$/],
  ])('stop the start where they are wrong: %j', (limits, fault) => {
    expect(faultsOf(withTenants({ tenants: [{ ...acme, limits }] }))).toEqual([expect.stringMatching(fault)]);
  });
});

describe('the persisted operations of a tenant', () => {
  it('are read from a manifest, by the SHA-256 of each document', () => {
    const persistedOperations = { manifest: manifest(valid), required: true };
    expect(only({ persistedOperations }).persistedOperations).toEqual({
      documents: new Map([[sha256(body), body]]),
      required: true,
    });
    expect(only({ persistedOperations: { manifest: manifest(valid) } }).persistedOperations?.required).toBe(
      false,
    );
  });

  it.each([
    ['of another format', () => manifest({ ...valid, format: 'relay' })],
    ['of another version', () => manifest({ ...valid, version: 2 })],
    ['that is not there', () => '/nowhere/operations.json'],
  ])('stop the start with a manifest %s', (_, path) => {
    const faults = faultsOf(
      withTenants({ tenants: [{ ...acme, persistedOperations: { manifest: path() } }] }),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^tenants.0.persistedOperations.manifest: must be the path of a manifest/),
    ]);
  });
});

describe('the settings of HTTP and of traces', () => {
  const read = (env: Record<string, string>) => readConfig({ ...server, ...usps, ...env });

  it('are origins, the time of an operation, and a receiver', () => {
    expect(read({ CORS_ORIGINS: 'https://shop.example, http://10.0.0.1:8080' }).corsOrigins).toEqual(['https://shop.example', 'http://10.0.0.1:8080']); // prettier-ignore
    expect(read({ OPERATION_TIMEOUT_SECONDS: '90' }).operationTimeoutMs).toBe(90_000);
    const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(read(otlp).traces).toEqual({ endpoint: 'http://collector:4318', serviceName: 'parcelgraph' });
    expect(read({ ...otlp, OTEL_SERVICE_NAME: 'shipping', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20a%3D%3D,x-team=eu' }).traces) // prettier-ignore
      .toEqual({ endpoint: 'http://collector:4318', serviceName: 'shipping', headers: { authorization: 'Basic a==', 'x-team': 'eu' } }); // prettier-ignore
    expect(read({}).traces).toBeUndefined();
  });

  it.each([
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://shop.example/'],
    ['OPERATION_TIMEOUT_SECONDS', '0'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no pair'],
  ])('stop the start where %s is %s', (name, value) => {
    expect(faultsOf({ ...server, ...usps, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: must be `))]); // prettier-ignore
  });
});
