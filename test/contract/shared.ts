import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { movableClock, type MovableClock } from '../../sandbox/clock.ts';
import type { ProviderAdapter } from '../../src/carriers/adapter.ts';
import type { UspsCredentials, UspsOptions } from '../../src/carriers/usps/credentials.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { ProviderError, type Outcome } from '../../src/domain/errors.ts';
import { openConnections, type HttpRequest, type Send } from '../../src/transport/http.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../support/stores.ts';

/** The providers' documents and recordings, in a folder beside the checkout. */
const contracts = new URL('../../../shared/contracts/', import.meta.url);
const present = existsSync(contracts);

/** A suite that reads the contracts. Without them it is skipped with a warning. */
export function describeContract(name: string, suite: () => void): void {
  if (present) {
    describe(name, suite);
    return;
  }
  const reason = '../shared/contracts is not on this machine';
  console.warn(`Skipped, since ${reason}: ${name}.`);
  describe.skip(`${name} (skipped: ${reason})`, () => test('is not compared with the contracts', () => {}));
}

export function readContract(path: string): string {
  return readFileSync(new URL(path, contracts), 'utf8');
}

/** JSON of a provider. Untyped, since each test reads the fields that it expects. */
export type Loose = ReturnType<typeof JSON.parse>;

/** A sample in `samples/`, as its INDEX.md describes it. */
export interface Sample {
  /** The name of the file, or at EasyPost of the pair of files. */
  readonly name: string;
  /** Recorded from the live service, or printed as an example. */
  readonly kind: 'recorded' | 'printed';
}

/** USPS's samples are single files. A row of the index with the word "recorded" is a recording. */
export function uspsSamples(): Sample[] {
  const rows = new Map(
    readContract('usps/samples/INDEX.md')
      .split('\n')
      .flatMap((line) => {
        const [, file, what, , , note] = line.split('|').map((cell) => cell.trim());
        return file?.startsWith('`') ? [[file.replaceAll('`', ''), `${what} ${note}`] as const] : [];
      }),
  );
  return filesOf('usps').map((name) => {
    const words = rows.get(name) ?? '';
    return { name, kind: /\brecorded\b/.test(words) && !/\bnot the\b/.test(words) ? 'recorded' : 'printed' };
  });
}

/** EasyPost's recordings are pairs of files, its printed examples single files. */
export function easypostSamples(): Sample[] {
  const files = filesOf('easypost');
  const pairs = files.filter((name) => name.endsWith('.request.json'));
  const rest = files.filter((name) => !/\.(request|response)\.json$/.test(name));
  return [
    ...pairs.map((name) => ({ name: name.replace('.request.json', ''), kind: 'recorded' as const })),
    ...rest.map((name) => ({ name, kind: /docs-example|derived/.test(name) ? 'printed' as const : 'recorded' as const })), // prettier-ignore
  ];
}

function filesOf(provider: string): string[] {
  const names = readdirSync(new URL(`${provider}/samples/`, contracts));
  return names.filter((name) => name !== 'INDEX.md').sort();
}

/** Counts the samples that tests use, so that a test can check that none is left out. */
export function runThrough(samples: () => readonly Sample[], excused: Readonly<Record<string, string>>) {
  const ran = new Set<string>();
  const isExcused = (name: string) => Object.keys(excused).some((each) => covers(each, name));
  return {
    /** Counts a sample as used and returns its name. */
    run(name: string): string {
      ran.add(name);
      return name;
    },
    /** Expects that every sample is used or excused, and that no excuse is unnecessary. */
    expectAll(): void {
      const names = samples().map((each) => each.name);
      expect(names.filter((name) => !ran.has(name) && !isExcused(name))).toEqual([]);
      expect(names.filter((name) => ran.has(name) && isExcused(name))).toEqual([]);
      expect([...ran].filter((name) => !names.includes(name))).toEqual([]);
      expect(Object.keys(excused).filter((each) => !names.some((name) => covers(each, name)))).toEqual([]);
    },
    summary(): string {
      const count = (kind: Sample['kind']) =>
        samples().filter((each) => each.kind === kind && ran.has(each.name)).length;
      const left = samples().filter((each) => !ran.has(each.name)).length;
      return `${count('recorded')} recorded samples and ${count('printed')} printed examples ran, ${left} are excused`;
    },
  };
}

/** A pattern such as `pickup.*` covers all names with that beginning. */
const covers = (pattern: string, name: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

/** What a provider was asked. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

/** A server on loopback that sends prepared responses and records requests. */
export interface Replay {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Prepares the response for a method and path. The latest one for a path applies. */
  when(method: string, path: string | RegExp, reply: Reply | (() => Reply)): void;
  /** Removes all replies and requests. */
  reset(): void;
  close(): Promise<void>;
}

export async function startReplay(): Promise<Replay> {
  const requests: ReceivedRequest[] = [];
  const replies: { method: string; path: string | RegExp; reply: Reply | (() => Reply) }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url!, 'http://localhost');
      const { method = 'GET', headers } = request;
      const path = decodeURIComponent(url.pathname);
      const query = Object.fromEntries(url.searchParams);
      requests.push({ method, path, query, headers, body: Buffer.concat(chunks).toString() });
      const found = replies.find(
        (each) =>
          each.method === method &&
          (typeof each.path === 'string' ? each.path === path : each.path.test(path)),
      );
      const prepared = typeof found?.reply === 'function' ? found.reply() : found?.reply;
      const {
        status = 200,
        headers: more,
        body,
      } = prepared ?? { status: 501, body: `no response is prepared for ${method} ${path}` };
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...more });
      response.end(isText ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    when: (method, path, reply) => void replies.unshift({ method, path, reply }),
    reset() {
      requests.length = 0;
      replies.length = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export const call = { signal: new AbortController().signal };
export type TestClock = MovableClock & Clock;

/** A clock at Wednesday noon. Waits advance it at once. */
export function contractClock(): TestClock {
  const clock = movableClock('2026-11-18T18:00:00Z');
  return { ...clock, sleep: async (milliseconds) => clock.advance(milliseconds) };
}

/** An adapter over real connections, with its clock. */
export interface Opened {
  readonly carrier: Required<Omit<ProviderAdapter, 'quotas'>>;
  readonly clock: TestClock;
  close(): Promise<void>;
}

export function openUsps(
  baseUrl: string,
  options: {
    tracking?: UspsOptions['tracking'];
    credentials?: Partial<UspsCredentials>;
    clock?: TestClock;
    /** Receives every request that the adapter sends. */
    sent?: HttpRequest[];
  } = {},
): Opened {
  const credentials = usps.credentials.parse({
    clientId: 'id',
    clientSecret: 'secret',
    crid: '12345678',
    mid: '123456789',
    manifestMid: '987654321',
    accountType: 'EPS',
    accountNumber: '1000000001',
    ...options.credentials,
  });
  const clock = options.clock ?? contractClock();
  const connections = openConnections();
  const send: Send = (request, signal) => {
    options.sent?.push(request);
    return connections.send(request, signal);
  };
  const carrier = usps.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl,
      credentials,
      options: usps.options.parse({ tracking: options.tracking }) as UspsOptions,
      quota: { default: 1_000_000 },
    },
    { send, tokens: memoryTokens(), quotas: memoryQuotas(clock), guard: unguarded, clock },
  );
  return { carrier: carrier as Opened['carrier'], clock, close: () => connections.close() };
}

export function openEasyPost(baseUrl: string): Opened {
  const clock = contractClock();
  const connections = openConnections();
  const carrier = easypost.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl,
      credentials: { apiKey: 'EZTKtest' },
      options: {},
      quota: {},
    },
    { send: connections.send, tokens: memoryTokens(), quotas: memoryQuotas(clock), guard: unguarded, clock },
  );
  return { carrier: carrier as Opened['carrier'], clock, close: () => connections.close() };
}

/** The value of an outcome. Throws its failure. */
export function good<T>(outcome: Outcome<T> | undefined): T {
  if (outcome instanceof ProviderError) throw outcome;
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** The failure that an outcome is, or with which a promise rejects. */
export async function failure(outcome: unknown): Promise<ProviderError> {
  const found = await Promise.resolve(outcome).catch((error: unknown) => error);
  if (found instanceof ProviderError) return found;
  throw new Error(`expected a failure, got ${JSON.stringify(found)}`, { cause: found });
}
