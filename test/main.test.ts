import { spawn, type ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { systemClock } from '../sandbox/clock.ts';
import type { Fault } from '../sandbox/emulator.ts';
import { startSandbox, type Sandbox } from '../sandbox/index.ts';
import { uspsSandboxClient, uspsSandboxNumbers } from '../sandbox/usps/index.ts';
import { ask, box, receiver, sender } from './support/test-server.ts';

// Tests start processes, some of which create a ledger, which takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 });

/** A started process and its output. */
interface Started {
  readonly child: ChildProcess;
  output(): string;
  /** Waits for output that matches; rejects if the process ends first. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const root = new URL('../', import.meta.url);
const folders: string[] = [];
const children = new Set<ChildProcess>();

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'parcelgraph-start-'));
  folders.push(path);
  return path;
}

/** Runs a program with this Node, and with `PATH` and the given variables as its whole environment. */
const run = (program: string, env: Record<string, string>) => runIn([process.execPath, program], env);

function runIn([command, ...args]: readonly string[], env: Record<string, string>): Started {
  const child = spawn(command!, args, { cwd: root, env: { PATH: process.env.PATH, ...env } });
  children.add(child);
  let output = '';
  const listeners = new Set<() => void>();
  const ended = once(child, 'close').then(([code, signal]) => {
    children.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  return {
    child,
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = pattern.exec(output);
          if (!found) return;
          listeners.delete(check);
          resolve(found);
        };
        listeners.add(check);
        check();
        void ended.then(() => reject(new Error(`the process ended without printing ${pattern}:\n${output}`)));
      }),
    ended: () => ended,
  };
}

const start = (env: Record<string, string>) => run('src/main.ts', { PORT: '0', ...env });
const ready = async (started: Started) =>
  (await started.printed(/(?:ready|listens) at (http:\/\/\S+)\/graphql\n/))[1]!;
const stop = async (started: Started, signal: NodeJS.Signals = 'SIGTERM') => {
  started.child.kill(signal);
  return started.ended();
};

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const rates = {
  query: `query ($input: RatesInput!) {
    rates(input: $input) { rates { id carrier account { id } price { amount } } failures { code message } }
  }`,
  variables: { input: { from: sender, to: receiver, parcels: [box] } },
};

/** Expects rates of both providers, and the failure of the one emulated carrier that never rates. */
function expectRates({ rates: { rates, failures } }: any) {
  expect(new Set(rates.map((rate: any) => rate.account.id))).toEqual(new Set(['usps', 'easypost']));
  expect(failures.map(({ code, message }: any) => [code, message])).toEqual([
    ['REJECTED', expect.stringContaining('DHL eCommerce')],
  ]);
}

describe('npm start without configuration', () => {
  const DATA_DIR = folder();

  it('prints its progress, then a first query that succeeds', async () => {
    const started = start({ DATA_DIR });
    const url = await ready(started);
    await started.printed(/Stop with Ctrl-C/);
    const output = started.output();
    expect(output).toMatch(/^Creating the ledger, which takes a few seconds once/);
    expect(output).toContain('Key: sandbox');
    expect(output).toContain(`${url}/graphiql`);

    const [command, json] = /^curl [^]*<<'JSON'\n([^]*)\nJSON$/m.exec(output)!;
    expect(Math.max(...command.split('\n').map((line) => line.length))).toBeLessThanOrEqual(160);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox', 'content-type': 'application/json' },
      body: json,
    });
    const { data } = await response.json();
    expect(data.rates.rates.length).toBeGreaterThan(3);

    const [, usps, easypost] = /Numbers to track: (\w+) \(USPS\), (\w+) \(EasyPost\)/.exec(output)!;
    const tracked = await ask<any>(url, 'query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { status events { description } } }', { numbers: [{ trackingNumber: usps }, { trackingNumber: easypost }] }, 'sandbox'); // prettier-ignore
    expect(tracked.errors).toBeUndefined();
    for (const { status, events } of tracked.data.trackers) {
      expect(status).not.toBe('UNKNOWN');
      expect(events).not.toEqual([]);
    }

    expect(await stop(started)).toEqual({ code: 0, signal: null });
    expect(started.output()).toContain('Stopping: completing the requests in progress');
  });

  it('keeps purchases after a restart and after a kill', async () => {
    const first = start({ DATA_DIR });
    const url = await ready(first);
    expect(first.output()).not.toContain('Creating the ledger');
    const quote = await ask<any>(url, rates.query, rates.variables, 'sandbox');
    const buy = (at: string, rateId: string) =>
      ask<any>(at, 'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status trackingNumber price { amount } } userErrors { message } failure { message } } }', { input: { idempotencyKey: 'start-1', rateId } }, 'sandbox'); // prettier-ignore
    const bought = await buy(url, quote.data.rates.rates[0].id);
    const { shipment } = bought.data.shipmentPurchase;
    expect(shipment).toMatchObject({ status: 'PURCHASED', trackingNumber: expect.any(String) });
    expect(await stop(first)).toEqual({ code: 0, signal: null });

    const list = '{ shipments { nodes { id status trackingNumber price { amount } label { url } tracker { failure { code } status } } } }'; // prettier-ignore
    const second = start({ DATA_DIR });
    const again = await ready(second);
    expect(second.output()).not.toContain('Creating the ledger');
    const found = await ask<any>(again, list, undefined, 'sandbox');
    expect(found.data.shipments.nodes).toMatchObject([{ ...shipment, tracker: { status: 'PRE_TRANSIT' } }]);
    expect((await buy(again, quote.data.rates.rates[0].id)).data.shipmentPurchase.shipment).toEqual(shipment);
    const label = await fetch(found.data.shipments.nodes[0].label.url);
    expect(label.headers.get('content-type')).toBe('application/pdf');
    expect(await stop(second, 'SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

    const third = start({ DATA_DIR });
    const afterKill = await ask<any>(await ready(third), list, undefined, 'sandbox');
    expect(afterKill.data.shipments.nodes).toMatchObject([shipment]);
    await stop(third);
  });

  it('exits if another process owns the data directory', async () => {
    const first = start({ DATA_DIR });
    const url = await ready(first);
    const second = start({ DATA_DIR });
    expect(await second.ended()).toEqual({ code: 1, signal: null });
    expect(second.output()).toMatch(/is open in another process\. .*DATA_DIR/);
    expect(second.output()).not.toMatch(/^ +at /m);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await stop(first);
  });

  it('exits if HOST is not an address of this machine', async () => {
    const started = start({ DATA_DIR, HOST: '192.0.2.1', PUBLIC_URL: 'https://ship.example' });
    expect(await started.ended()).toEqual({ code: 1, signal: null });
    expect(started.output()).toBe('HOST 192.0.2.1 is not an address of this machine.\n');
  });

  it('exits with 0 if the shell of npm receives the signal', async () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    const started = runIn(['sh', '-c', scripts.start], { PATH, DATA_DIR, PORT: '0' });
    await ready(started);
    expect(await stop(started)).toEqual({ code: 0, signal: null });
    expect(started.output()).toContain('Stopping: completing the requests in progress');
  });

  it('notices a port in use before it creates a ledger, and prints how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const unused = join(folder(), 'data');
    const started = start({ DATA_DIR: unused, PORT: String(port) });
    expect(await started.ended()).toEqual({ code: 1, signal: null });
    expect(started.output()).toContain(`Port ${port} is in use`);
    expect(started.output()).not.toContain('Creating the ledger');
    expect(existsSync(unused)).toBe(false);
    expect(started.output()).toMatch(/PORT=\d+ npm start/);
    expect(started.output()).not.toMatch(/^ +at /m);
    other.close();
  });
});

it('npm start creates the ledger again if it was killed during the creation', async () => {
  const DATA_DIR = folder();
  const first = start({ DATA_DIR });
  await first.printed(/Creating the ledger/);
  await stop(first, 'SIGKILL');
  const second = start({ DATA_DIR });
  const { data } = await ask<any>(await ready(second), '{ providerAccounts { id } }', undefined, 'sandbox');
  expect(data.providerAccounts).toHaveLength(3);
  await stop(second);
});

describe('npm start with configuration', () => {
  it('refuses an unknown setting instead of starting the sandbox', async () => {
    const started = start({ DATA_DIR: folder(), PARCELGRAPH_FOO: 'a-value-of-mine' });
    expect(await started.ended()).toEqual({ code: 1, signal: null });
    expect(started.output()).toContain('PARCELGRAPH_FOO: there is no such setting');
    expect(started.output()).not.toMatch(/ready|a-value-of-mine/);
  });

  it('prints each error of a tenants file with its path, and no secret', async () => {
    const file = join(folder(), 'tenants.json');
    const secret = (name: string) => `hidden-${name}-hidden`;
    const secrets = [
      { id: 'usps', provider: 'usps', environment: 'NOWHERE', credentials: { clientId: 7, clientSecret: { value: secret('1') }, crid: [secret('2')] } }, // prettier-ignore
      { id: 'easypost', provider: 'easypost', environment: 'TEST', credentials: { apiKey: { env: 'NO_SUCH_VARIABLE' }, apikey: secret('3') } }, // prettier-ignore
      { id: 'other', provider: 'nobody', credentials: { apiKey: secret('4') } },
      { id: 'usps', provider: 'usps', baseUrl: `https://user:${secret('5')}@example.com/`, environment: 'TEST', credentials: { clientId: 'id', clientSecret: secret('6') } }, // prettier-ignore
      {
        id: 'key',
        provider: 'easypost',
        environment: 'PRODUCTION',
        credentials: { apiKey: `EZTK${secret('7')}` },
      },
    ];
    writeFileSync(file, JSON.stringify({ tenants: [{ id: 'acme', apiKeys: ['short', 12, secret('8')], accounts: secrets }, { id: 'acme', apiKeys: secret('9'), accounts: [] }] })); // prettier-ignore
    const started = start({
      DATA_DIR: folder(),
      PARCELGRAPH_TENANTS: file,
      PARCELGRAPH_SECRET: 'hidden-too-short',
      PARCELGRAPH_API_KEY: secret('10'),
    });
    expect(await started.ended()).toEqual({ code: 1, signal: null });
    const output = started.output();
    expect(output).not.toContain('hidden');
    for (const path of [
      'PARCELGRAPH_SECRET',
      'tenants.0.apiKeys.0.key',
      'tenants.0.accounts.0.credentials.clientSecret',
      'tenants.0.accounts.1.credentials.apiKey',
      'tenants.0.accounts.2.provider',
      'tenants.1.apiKeys',
    ]) {
      expect(output).toContain(`${path}: `);
    }
    expect(output).not.toMatch(/^ +at /m);
  });

  it('does not print the contents of a tenants file that is not JSON', async () => {
    const file = join(folder(), 'tenants.json');
    writeFileSync(file, '{ "tenants": [ hidden-hidden ] }');
    const started = start({
      DATA_DIR: folder(),
      PARCELGRAPH_TENANTS: file,
      PARCELGRAPH_SECRET: 'h'.repeat(32),
    });
    expect(await started.ended()).toEqual({ code: 1, signal: null });
    expect(started.output()).toMatch(/PARCELGRAPH_TENANTS: .* is not valid JSON/);
    expect(started.output()).not.toContain('hidden');
  });

  describe('after SIGTERM', () => {
    const DATA_DIR = folder();
    let providers: Sandbox;
    beforeAll(async () => void (providers = await startSandbox({ clock: systemClock })));
    afterAll(() => providers.close());

    /** Sends SIGTERM to a server while it waits for the response of a provider. */
    async function stopDuringRequest(fault: Fault) {
      const usps = uspsSandboxClient;
      const started = start({
        DATA_DIR,
        PARCELGRAPH_API_KEY: 'my-own-key',
        PARCELGRAPH_SECRET: 's'.repeat(32),
        USPS_BASE_URL: providers.usps.url,
        USPS_CLIENT_ID: usps.id,
        USPS_CLIENT_SECRET: usps.secret,
      });
      const url = await ready(started);
      const removeFault = providers.usps.injectFault(fault);
      const received = nextRequestTo(providers.usps.url);
      const query = `{ tracker(trackingNumber: "${uspsSandboxNumbers.delivered}", maxAgeSeconds: 0) { status } }`;
      const response = ask<any>(url, query, undefined, 'my-own-key');
      await received;
      removeFault();
      started.child.kill('SIGTERM');
      await started.printed(/Stopping: completing the requests in progress/);
      return { started, url, response };
    }

    it('completes requests in progress, accepts no new ones and exits at once', async () => {
      const { started, url, response } = await stopDuringRequest({ delayMs: 1000 });
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
      expect((await response).data).toEqual({ tracker: { status: 'DELIVERED' } });
      const respondedAt = Date.now();
      expect(await started.ended()).toEqual({ code: 0, signal: null });
      expect(Date.now() - respondedAt).toBeLessThan(10_000);
    });

    it('exits without waiting after a second signal', async () => {
      const { started, response } = await stopDuringRequest({ hang: true });
      started.child.kill('SIGTERM');
      await expect(response).rejects.toThrow();
      expect(await started.ended()).toEqual({ code: 1, signal: null });
    });
  });
});

describe('npm run sandbox', () => {
  it('prints the variables that connect a server to the emulated providers', async () => {
    const ports = { USPS_PORT: '0', EASYPOST_PORT: '0', EASYPOST_CONNECT_PORT: '0', EASYPOST_CONNECT_OAUTH_PORT: '0' }; // prettier-ignore
    const sandbox = run('sandbox/main.ts', { SANDBOX_DIR: folder(), ...ports });
    await sandbox.printed(/Numbers to track/);
    const printed = [...sandbox.output().matchAll(/\b([A-Z][A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]); // prettier-ignore
    const env = Object.fromEntries(printed) as Record<string, string>;
    expect(Object.keys(env)).toEqual(
      expect.arrayContaining([
        'USPS_BASE_URL',
        'EASYPOST_BASE_URL',
        'PARCELGRAPH_API_KEY',
        'PARCELGRAPH_SECRET',
      ]),
    );

    const server = start({ DATA_DIR: folder(), ...env, PARCELGRAPH_SECRET: 's'.repeat(64) });
    const { data } = await ask<any>(
      await ready(server),
      rates.query,
      rates.variables,
      env.PARCELGRAPH_API_KEY,
    );
    expectRates(data);
    expect(await stop(server)).toEqual({ code: 0, signal: null });
    expect(await stop(sandbox)).toEqual({ code: 0, signal: null });
  });
});

/** Resolves when an HTTP server of this process receives its next request. */
function nextRequestTo(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  return new Promise((resolve) => {
    const started = (message: any) => {
      if (message.request.socket.localPort !== port) return;
      unsubscribe('http.server.request.start', started);
      resolve();
    };
    subscribe('http.server.request.start', started);
  });
}
