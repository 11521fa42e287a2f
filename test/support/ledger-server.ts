import { rmSync } from 'node:fs';

import { pino } from 'pino';

import type { Sandbox } from '../../sandbox/index.ts';
import type { Config } from '../../src/config/config.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import type { AppOptions } from '../../src/app-options.ts';
import { startApp, type RunningApp } from './start-app.ts';
import {
  ask,
  box,
  emptyFolder,
  freshDatabase,
  ledgerFolder,
  receiver,
  sender,
  testClock,
  type Storage,
} from './test-server.ts';

/** A server with its sandbox, whose ledger can be opened while the server is stopped. */
export interface LedgerTestServer {
  readonly folder: string;
  readonly storage: Config['storage'];
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly clock: ReturnType<typeof testClock>;
  readonly log: string[];
  ask(query: string, variables?: object): Promise<{ data: any; errors?: readonly any[] }>;
  /** Quotes, and returns the id of the Priority Mail rate. */
  rate(account: string): Promise<string>;
  buy(key: string, rateId: string): Promise<{ data: any; errors?: readonly any[] }>;
  stop(): Promise<void>;
  start(more?: Partial<Config>): Promise<void>;
  /** Opens the ledger of the stopped server. */
  within<T>(work: (db: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const shipmentFields = `id status trackingNumber createdAt price { amount } quotedPrice { amount }
  from { name street1 city phone } to { name street1 city phone } label { url } refund { status }
  failure { code message hint } parcels { trackingNumber status label { url } } history { event by detail }`;

export async function openLedgerTestServer(
  kind: Storage,
  options: Partial<AppOptions> & { storage?: Config['storage']; folder?: string } = {},
): Promise<LedgerTestServer> {
  const folder = options.folder ?? (kind === 'server' ? emptyFolder() : ledgerFolder());
  const database = kind === 'server' && !options.storage ? await freshDatabase() : undefined;
  const storage = options.storage ?? (database ? { url: database.url } : { folder });
  const clock = testClock('2026-11-18T18:00:00Z');
  const log: string[] = [];
  const config: Config = {
    logLevel: 'info',
    host: '127.0.0.1',
    port: 0,
    storage,
    dataDir: folder,
    secret: 'a secret of more than thirty-two characters',
    tenants: [],
    sandbox: {},
  };
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });
  let running: RunningApp | undefined;
  const open = async (more: Partial<Config> = {}) =>
    void (running = await startApp({ ...config, ...more }, { log: logger, clock, ...options }));
  const stop = async () => {
    await running?.close();
    running = undefined;
  };
  await open();
  const query = (query: string, variables?: object) => ask<any>(running!.url, query, variables, 'sandbox');
  return {
    folder,
    storage,
    clock,
    log,
    get url() {
      return running!.url;
    },
    get sandbox() {
      return running!.sandbox!.providers;
    },
    ask: query,
    async rate(account) {
      const input = { from: { ...sender, phone: '2025550100' }, to: { ...receiver, phone: '4155550100' }, parcels: [box], accountIds: [account] }; // prettier-ignore
      const { data } = await query(
        'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } failures { code message } } }',
        { input },
      );
      return data.rates.rates.find(({ service }: any) => service.code === 'PRIORITY_MAIL').id;
    },
    buy: (idempotencyKey, rateId) =>
      query(
        `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
          shipment { ${shipmentFields} } userErrors { code message } failure { code message } } }`,
        { input: { idempotencyKey, rateId } },
      ),
    stop,
    start: open,
    async within(work) {
      const opened = await openDatabase(storage);
      try {
        return await work(opened.db);
      } finally {
        await opened.close();
      }
    },
    async close() {
      await stop();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
