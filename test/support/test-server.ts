import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import pg from 'pg';
import { inject } from 'vitest';

import { movableClock, type MovableClock } from '../../sandbox/clock.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { OpenSandbox } from '../../src/accounts/sandbox.ts';
import type { Config } from '../../src/config/config.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { createRedaction } from '../../src/domain/redaction.ts';
import { createLog } from '../../src/log.ts';
import type { AppOptions } from '../../src/app-options.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { startApp, type RunningApp } from './start-app.ts';

/** A server on loopback with its emulated providers, and a clock that all of them share. */
export interface TestServer {
  readonly url: string;
  readonly clock: MovableClock & Clock;
  readonly sandbox: Sandbox;
  /** The folder of the embedded ledger. */
  readonly folder: string;
  /** The log, one line per entry. */
  readonly log: string[];
  ask<T = any>(query: string, variables?: object, key?: string): Promise<Answer<T>>;
  /** Stops the server and starts it again on the same ledger, which `between` may change meanwhile. */
  restart(between?: (db: Database) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    extensions: Record<string, unknown>;
  }[];
}

/** The embedded database, and the Postgres server that DATABASE_URL names, if any. */
export const storages: readonly Storage[] = process.env.DATABASE_URL ? ['embedded', 'server'] : ['embedded'];
export type Storage = 'embedded' | 'server';

/** Noon on a Wednesday in Chicago: the same workday in every US time zone. */
const noon = '2026-11-18T18:00:00Z';

export async function openTestServer(
  options: {
    quota?: number;
    storage?: Storage;
    watch?: TenantConfig['watch'];
  } & Pick<AppOptions, 'tenants' | 'admission' | 'subscriptionLimits' | 'onCall'> &
    Pick<Config, 'tokenIssuer' | 'operationTimeoutMs' | 'corsOrigins' | 'traces'> = {},
): Promise<TestServer> {
  const database = options.storage === 'server' ? await freshDatabase() : undefined;
  const folder = database ? emptyFolder() : ledgerFolder();
  const clock = testClock(noon);
  const log: string[] = [];
  const config: Config = {
    logLevel: 'info',
    host: '127.0.0.1',
    port: 0,
    storage: database ? { url: database.url } : { folder },
    dataDir: folder,
    secret: 'a secret of more than thirty-two characters',
    tenants: [],
    tokenIssuer: options.tokenIssuer,
    sandbox: { quota: options.quota },
    operationTimeoutMs: options.operationTimeoutMs,
    corsOrigins: options.corsOrigins,
    traces: options.traces,
  };
  const redaction = createRedaction();
  const logger = createLog(
    { ...config, logLevel: 'trace' },
    { write: (line) => void log.push(line) },
    redaction,
  );
  // Purchased parcels are not polled, so that tests count the calls that they ask for.
  const { watch = { purchased: false }, tenants = ({ tenant }: OpenSandbox) => [tenant] } = options;
  const withWatch = (sandbox: OpenSandbox) => tenants(sandbox).map((tenant) => ({ watch, ...tenant }));
  const { addSecrets } = redaction;
  const open = () => startApp(config, { log: logger, addSecrets, clock, ...options, tenants: withWatch });
  let running: RunningApp = await open();
  return {
    get url() {
      return running.url;
    },
    get sandbox() {
      return running.sandbox!.providers;
    },
    clock,
    folder,
    log,
    ask: (query, variables, key = 'sandbox') => ask(running.url, query, variables, key),
    async restart(between) {
      await running.close();
      if (between) {
        const { db, close } = await openDatabase(config.storage);
        await between(db).finally(close);
      }
      running = await open();
    },
    async close() {
      await running.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function ask<T>(
  url: string,
  query: string,
  variables?: object,
  key?: string,
): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as { data: T }) };
}

/** A clock whose `sleep` returns at once and advances the time instead. */
export function testClock(start?: number | string): MovableClock & Clock {
  const clock = movableClock(start);
  return {
    ...clock,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      clock.advance(milliseconds);
    },
  };
}

/** Creates an empty folder, which is removed after all tests. */
export const emptyFolder = (): string => mkdtempSync(join(dirname(inject('ledgerTemplate')), 'data-'));

/** Creates a folder with an empty embedded ledger, which is removed after all tests. */
export function ledgerFolder(): string {
  const folder = emptyFolder();
  cpSync(inject('ledgerTemplate'), folder, { recursive: true });
  return folder;
}

/** Creates a database on the server that DATABASE_URL names. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = new URL(process.env.DATABASE_URL!);
  const name = `parcelgraph_test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await administer(`create database ${name}`);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database ${name} with (force)`) };
}

/** Addresses and a parcel that every provider can quote. */
export const sender = {
  name: 'Sally Sender',
  street1: "475 L'Enfant Plaza SW",
  city: 'Washington',
  state: 'DC',
  postalCode: '20260',
  country: 'US',
};
export const receiver = {
  name: 'Rita Receiver',
  street1: '388 Townsend St',
  street2: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  postalCode: '94107',
  country: 'US',
};
export const box = {
  weight: { value: 20, unit: 'OUNCE' },
  dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
};
