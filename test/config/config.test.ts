import { describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/config.ts';
import { faultsOf, type Env, setUpFolder } from './setup.ts';

setUpFolder();

describe('a server without configuration', () => {
  it('runs the sandbox, on loopback', () => {
    expect(readConfig({ HOME: '/root', NODE_ENV: 'development' })).toEqual({
      logLevel: 'info',
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

  it('runs the sandbox with settings of the process alone', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/tmp/data',
      SANDBOX_QUOTA: '60',
      SANDBOX_SPEED: '1440',
      PUBLIC_URL: 'https://ship.example/',
    };
    expect(readConfig(env)).toMatchObject({
      port: 0,
      host: '::1',
      storage: { folder: '/tmp/data' },
      publicUrl: 'https://ship.example',
      sandbox: { quota: 60, speed: 1440 },
    });
  });

  it('runs no sandbox in production, nor with a database server', () => {
    for (const env of [
      { NODE_ENV: 'production' },
      { DATABASE_URL: 'postgres://127.0.0.1/ledger' },
    ] as Env[]) {
      expect(faultsOf(env)).toEqual([
        'no provider is configured: set USPS_CLIENT_ID, EASYPOST_API_KEY, EASYPOST_CONNECT_CLIENT_ID or PARCELGRAPH_TENANTS',
        'PARCELGRAPH_API_KEY: is required: the API key that callers send',
        'PARCELGRAPH_SECRET: is required: any text of at least 32 characters, such as `openssl rand -hex 32`',
      ]);
    }
  });

  it('logs at level info, or at LOG_LEVEL', () => {
    expect(readConfig({ LOG_LEVEL: 'warn' }).logLevel).toBe('warn');
    expect(faultsOf({ LOG_LEVEL: 'loud' })).toEqual([
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
    ]);
  });

  it('treats an empty variable as unset', () => {
    expect(readConfig({ USPS_CLIENT_ID: '', DATABASE_URL: '', PORT: '' }).sandbox).toBeDefined();
    expect(readConfig({ PARCELGRAPH_URL: 'http://127.0.0.1:4000' }).sandbox).toBeDefined();
  });
});
