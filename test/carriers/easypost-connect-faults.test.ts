import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect as tcpConnect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  easypostConnectSandboxClient,
  openAuthority,
  startEasyPostConnect,
} from '../../sandbox/easypost-connect/index.ts';
import { openStore } from '../../sandbox/store.ts';
import { easypostConnect } from '../../src/carriers/easypost-connect/index.ts';
import { openIdentity } from '../../src/transport/identity.ts';
import { openConnections, timeout } from '../../src/transport/http.ts';
import { testClock } from '../support/house.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';

const call = { signal: new AbortController().signal };
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});
async function opened(over: any = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPostConnect({ clock, store: openStore(), jobs: over.jobs });
  const connections = openConnections();
  afterwards.push(async () => {
    await connections.close();
    await emulator.close();
  });
  const { id, secret, apiKey } = easypostConnectSandboxClient;
  const warnings: string[] = [];
  const carrier = easypostConnect.open(
    {
      key: 'a',
      clientKey: 'c',
      environment: 'SANDBOX',
      baseUrl: over.baseUrl ?? emulator.url,
      credentials: { clientId: id, clientSecret: secret, apiKey, ...emulator.client, ...over.credentials },
      options: { oauthUrl: over.oauthUrl ?? emulator.oauth.url, uploadHosts: [] },
      quota: {},
    } as any,
    {
      send: timeout(connections.send),
      tokens: memoryTokens(),
      quotas: memoryQuotas(),
      clock,
      warn: (m) => void warnings.push(m),
    },
  );
  return { clock, emulator, carrier, mail: carrier.mail!, warnings };
}
const err = (p: Promise<unknown>) =>
  p.then(
    (v) => ({ ok: v }),
    (e) => ({
      name: e.name,
      code: e.code,
      message: e.message,
      hint: e.hint,
      refused: e.refused,
      providerMessage: e.providerMessage,
      providerCode: e.providerCode,
      retryable: e.retryable,
    }),
  );
const listen = (s: any) =>
  new Promise<number>((r) => s.listen(0, '127.0.0.1', () => r((s.address() as AddressInfo).port)));

it('a job whose answer was lost while the server went away may have been made', async () => {
  const authority = openAuthority();
  const { certificate, privateKey } = authority.server();
  let made = 0;
  let down = false;
  const https = createHttps(
    {
      cert: certificate,
      key: privateKey,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (req, _res) => {
      req.resume().on('end', () => {
        made += 1;
        down = true;
        req.socket.destroy();
      });
    },
  );
  const port = await listen(https);
  // a load balancer in front that resets when nobody is behind it
  const lb = createTcp((s) => {
    if (down) return s.destroy();
    const up = tcpConnect(port, '127.0.0.1');
    s.pipe(up).pipe(s);
    s.on('error', () => up.destroy());
    up.on('error', () => s.destroy());
    up.on('close', () => s.destroy());
  });
  const front = await listen(lb);
  afterwards.push(() => {
    https.closeAllConnections();
    https.close();
    lb.close();
  });
  const own = authority.issue('x');
  const { mail } = await opened({
    baseUrl: `https://127.0.0.1:${front}`,
    credentials: { ...own, ca: authority.certificate },
  });
  const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
  expect(await err(mail.perform(prepared, call))).toMatchObject({ code: 'UNAVAILABLE', refused: false });
  expect(made).toBe(1);
}, 30000);

it('a host that hangs up before it has spoken has refused no certificate', async () => {
  const lb = createTcp((s: Socket) => s.destroy());
  const front = await listen(lb);
  afterwards.push(() => lb.close());
  const { mail } = await opened({ baseUrl: `https://127.0.0.1:${front}` });
  expect(await err(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'UNAVAILABLE' });
}, 30000);

it('an OAuth host that is another is no missing job', async () => {
  const { mail, emulator } = await opened();
  emulator.oauth.spoil({ path: /token/, answer: { status: 404, body: { message: 'Not Found' } } });
  expect(await err(mail.job('job-000001', call))).toMatchObject({
    code: 'REJECTED',
    hint: expect.stringContaining('OAuth URL'),
  });
});
it('an OAuth host refuses no API key', async () => {
  const { mail, emulator } = await opened();
  emulator.oauth.spoil({ path: /token/, answer: { status: 403, body: { message: 'Forbidden' } } });
  expect(await err(mail.job('job-000001', call))).toMatchObject({
    code: 'REJECTED',
    hint: expect.stringContaining('OAuth URL'),
  });
});
it('the doctor is not content with a page of the portal', async () => {
  const { carrier, emulator } = await opened();
  emulator.spoil({
    path: /jobs/,
    answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>portal' },
  });
  expect((await carrier.checkup!(call)).find((f) => f.check === 'key')).toMatchObject({ status: 'failed' });
});
it('the doctor says where to look for a host without jobs', async () => {
  const { carrier, emulator } = await opened();
  emulator.spoil({ path: /jobs/, answer: { status: 404, body: { message: 'Not Found' } } });
  expect((await carrier.checkup!(call)).find((f) => f.check === 'key')).toMatchObject({
    status: 'failed',
    hint: expect.stringContaining('base URL'),
  });
});
it('what is wrong with fields is passed on, as Nest lists it', async () => {
  const { mail, emulator } = await opened();
  emulator.spoil({
    method: 'POST',
    times: 1,
    answer: {
      status: 400,
      body: { statusCode: 400, message: ['metadata.reference must be a string'], error: 'Bad Request' },
    },
  });
  const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
  expect(await err(mail.perform(prepared, call))).toMatchObject({
    code: 'REJECTED',
    refused: true,
    providerMessage: 'metadata.reference must be a string',
  });
  emulator.spoil({
    method: 'POST',
    times: 1,
    answer: { status: 400, body: { statusCode: 400, message: ['metadata.reference must be a string'] } },
  });
  expect(await err(mail.perform(prepared, call))).toMatchObject({
    refused: true,
    providerMessage: 'metadata.reference must be a string',
  });
});
it('a full page that is the last one says so', async () => {
  const { mail } = await opened({ jobs: 100 });
  expect((await mail.jobs({ first: 100 }, call)).hasNextPage).toBe(false);
  expect((await mail.jobs({ first: 99 }, call)).hasNextPage).toBe(true);
});

describe('identity', () => {
  const setup = (_validityNext: any) => {
    const folder = mkdtempSync(join(tmpdir(), 'zz-'));
    afterwards.push(() => rmSync(folder, { recursive: true }));
    const authority = openAuthority();
    const clock = testClock('2026-11-18T18:00:00Z');
    const day = 86400000;
    const put = (n: string, c: string) => {
      writeFileSync(join(folder, n), c, { mode: 0o600 });
      return { file: join(folder, n) };
    };
    return { folder, authority, clock, day, put };
  };
  it('is replaced by one that lay there before its day had come', () => {
    const { authority, clock, day, put } = setup(0);
    const first = authority.issue('first', { to: clock.now() + 2 * day });
    const src = { certificate: put('c', first.certificate), privateKey: put('k', first.privateKey) };
    const id = openIdentity(src, clock);
    const second = authority.issue('second', { from: clock.now() + day });
    put('c', second.certificate);
    put('k', second.privateKey);
    id.current();
    clock.advance(3 * day);
    let said;
    try {
      said = id.state().subject;
      id.current();
    } catch (e: any) {
      said = e.message;
    }
    expect([said, id.state().warnings]).toEqual(['CN=second', []]);
  });
  it('goes on while its file can’t be looked at', () => {
    const { authority, clock, put, folder } = setup(0);
    const first = authority.issue('first');
    const src = { certificate: put('c', first.certificate), privateKey: put('k', first.privateKey) };
    const id = openIdentity(src, clock);
    rmSync(join(folder, 'c'));
    symlinkSync(join(folder, 'c'), join(folder, 'c'));
    let said;
    try {
      id.current();
      said = 'goes on';
    } catch (e: any) {
      said = `${e.name} ${e.message}`;
    }
    expect(said).toBe('goes on');
  });
  it('goes on while its ca is spoilt', async () => {
    const { put } = setup(0);
    const ca = put('ca', 'x');
    const o = await opened({ credentials: {} });
    put('ca', o.emulator.client.ca);
    const o2 = await startEasyPostConnect({ clock: o.clock, store: openStore() });
    afterwards.push(() => o2.close());
    put('ca', o2.client.ca);
    const wire = openConnections();
    afterwards.push(() => wire.close());
    const { id, secret, apiKey } = easypostConnectSandboxClient;
    const carrier = easypostConnect.open(
      {
        key: 'a',
        clientKey: 'c',
        environment: 'SANDBOX',
        baseUrl: o2.url,
        credentials: {
          clientId: id,
          clientSecret: secret,
          apiKey,
          certificate: o2.client.certificate,
          privateKey: o2.client.privateKey,
          ca,
        },
        options: { oauthUrl: o2.oauth.url, uploadHosts: [] },
        quota: {},
      } as any,
      { send: timeout(wire.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock: o.clock },
    );
    await carrier.mail!.jobs({ first: 1 }, call);
    put('ca', '');
    expect(await err(carrier.mail!.jobs({ first: 1 }, call))).toMatchObject({ ok: {} });
    put('ca', 'garbage');
    expect(await err(carrier.mail!.jobs({ first: 1 }, call))).toMatchObject({ ok: {} });
    put('ca', '-----BEGIN CERTIFICATE-----\ngarbage');
    expect(await err(carrier.mail!.jobs({ first: 1 }, call))).toMatchObject({ ok: {} });
  }, 30000);
});
it('an OAuth host that hangs is a TIMEOUT, and nothing was asked', async () => {
  const { mail, emulator } = await opened();
  emulator.oauth.spoil({ path: /token/, hang: true });
  expect(await err(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'TIMEOUT', refused: true });
}, 60000);
