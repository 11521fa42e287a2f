import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

/** A receiver of OpenTelemetry traces. */
let collector: Server;
let server: TestServer;
const received: { path: string; headers: NodeJS.Dict<string | string[]>; body: any }[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url!,
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  server = await openTestServer({
    traces: { endpoint, serviceName: 'shipping', headers: { 'x-collector-key': 'k' } },
  });
  const ask = (traceparent: string | undefined, query: string, variables = {}) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sandbox',
        ...(traceparent && { traceparent }),
      },
      body: JSON.stringify({ query, variables }),
    });
  const address =
    'query Verify($address: AddressInput!) { addressVerification(address: $address, accountId: "usps") { status } }';
  await ask(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, address, { address: receiver });
  await ask(`00-${'c'.repeat(32)}-${'b'.repeat(16)}-00`, address, { address: sender });
  const stop = server.sandbox.easypost.injectFault({ response: { status: 503, body: '' } });
  await ask('not a trace', 'query Quote($input: RatesInput!) { rates(input: $input) { failures { code } } }', { input: { from: sender, to: receiver, parcels: [box], accountIds: ['easypost'] } }); // prettier-ignore
  stop();
  // Closing sends what waits.
  await server.close();
});
afterAll(() => collector.close());

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { code?: number };
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
const spans = (): ReceivedSpan[] => received.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans);
const attributesOf = ({ attributes }: ReceivedSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

describe('traces', () => {
  it('reach the receiver as OTLP, with the name of the service and the headers of the configuration', () => {
    expect(received.length).toBeGreaterThan(0);
    for (const { path, headers, body } of received) {
      expect([path, headers['content-type'], headers['x-collector-key']]).toEqual([
        '/v1/traces',
        'application/json',
        'k',
      ]);
      expect(body.resourceSpans[0].resource.attributes).toEqual([
        { key: 'service.name', value: { stringValue: 'shipping' } },
      ]);
    }
  });

  it('continue the trace of the caller: request, loader, and each call to a provider', () => {
    const own = spans().filter(({ traceId }) => traceId === 'a'.repeat(32));
    const request = own.find(({ kind }) => kind === 2)!;
    expect(request).toMatchObject({ name: 'POST /graphql', parentSpanId: 'b'.repeat(16) });
    expect(attributesOf(request)).toMatchObject({
      'http.response.status_code': 200,
      'graphql.operation.name': 'Verify',
      'parcelgraph.tenant': 'sandbox',
    });
    const loader = own.find(({ name }) => name === 'load usps')!;
    expect(attributesOf(loader)).toEqual({ 'parcelgraph.account': 'usps', 'parcelgraph.batch_size': 1 });
    const calls = own.filter(({ kind }) => kind === 3);
    expect(
      calls.map((call) => [call.name, call.parentSpanId, attributesOf(call)['http.response.status_code']]),
    ).toEqual([
      ['POST usps oauth', loader.spanId, 200],
      ['GET usps addresses', loader.spanId, 200],
    ]);
    const byId = new Map(own.map((span) => [span.spanId, span]));
    for (let span = byId.get(loader.parentSpanId!); span !== request; span = byId.get(span!.parentSpanId!))
      expect(span).toBeDefined();
    for (const { startTimeUnixNano, endTimeUnixNano } of own)
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
  });

  it('are not recorded where the caller does not sample its trace', () => {
    expect(spans().filter(({ traceId }) => traceId === 'c'.repeat(32))).toEqual([]);
  });

  it('begin anew where the header names none, and mark the call that failed', () => {
    const failed = spans().filter(({ status }) => status.code === 2);
    expect(failed.length).toBeGreaterThan(0);
    for (const span of failed) {
      expect(span.traceId).toMatch(/^[\da-f]{32}$/);
      expect(attributesOf(span)).toMatchObject({
        'http.response.status_code': 503,
        'parcelgraph.account': 'easypost',
      });
    }
  });

  it('name no person, and hold no secret', () => {
    // But ids and times, which may hold the digits of a ZIP code by chance.
    const text = JSON.stringify(received.map(({ body }) => body), (key, value: unknown) => (/(Id|UnixNano)$/.test(key) ? undefined : value)); // prettier-ignore
    for (const value of [...Object.values(sender), ...Object.values(receiver)].filter(
      (part) => part.length > 2,
    ))
      expect(text).not.toContain(value);
    expect(text).not.toMatch(/Bearer|EZTK|secret/);
  });
});
