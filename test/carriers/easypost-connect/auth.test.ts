import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer, rootCertificates } from 'node:tls';

import { describe, expect, it, onTestFinished } from 'vitest';

import { easypostConnectSandboxClient } from '../../../sandbox/easypost-connect/index.ts';
import { easypostConnect } from '../../../src/carriers/easypost-connect/index.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../../support/stores.ts';
import { call, failureOf, list, mint, minute, opened, type Over } from './support.ts';

describe('an EasyPost Connect account', () => {
  it('presents certificate, key and token on every call, and no certificate to the OAuth host', async () => {
    const { mail, emulator, calls } = await opened();
    const { jobs } = await mail.jobs({ first: 20 }, call);
    expect(jobs).toHaveLength(20);
    expect(calls()).toEqual([mint(200), list(200)]);
    expect(emulator.certificateNames).toEqual(['parcelgraph-sandbox']);
  });

  it('trusts its configured authority at the OAuth host too, and presents no certificate there', async () => {
    const { emulator } = await opened();
    const { certificate: cert, privateKey: key } = emulator.authority.server();
    const shown: object[] = [];
    const front = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (near) => {
      shown.push(near.getPeerCertificate());
      const far = connect(Number(new URL(emulator.oauth.url).port), '127.0.0.1');
      pipeline(near, far, () => {});
      pipeline(far, near, () => {});
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void front.close());
    const oauthUrl = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const behind = (credentials: Over['credentials']) =>
      opened({ baseUrl: emulator.url, oauthUrl, credentials });

    const several = `${rootCertificates[0]}\n${emulator.client.ca}`;
    const { mail } = await behind({ ...emulator.client, ca: several });
    expect((await mail.jobs({ first: 1 }, call)).jobs).toHaveLength(1);
    expect(shown).toEqual([{}]);
    const stranger = await behind({ ...emulator.client, ca: undefined });
    expect(await failureOf(stranger.mail.jobs({ first: 1 }, call))).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('no authority that we trust'),
      hint: expect.stringContaining('as ca'),
    });
  });

  it('fetches one token for fifty concurrent requests', async () => {
    const { mail, emulator } = await opened();
    await Promise.all(Array.from({ length: 50 }, () => mail.jobs({ first: 1 }, call)));
    expect(emulator.oauth.count('POST', /token/)).toBe(1);
    expect(emulator.count('GET', /^\/jobs$/)).toBe(50);
  });

  it('renews the token in the background after nine tenths of its hour', async () => {
    const { mail, emulator, clock } = await opened();
    await mail.jobs({ first: 1 }, call);
    clock.advance(54 * minute - 1);
    await mail.jobs({ first: 1 }, call);
    expect(emulator.oauth.count('POST', /token/)).toBe(1);
    clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, () => mail.jobs({ first: 1 }, call)));
    await expect.poll(() => emulator.oauth.count('POST', /token/)).toBe(2);
    clock.advance(53 * minute);
    await mail.jobs({ first: 1 }, call);
    expect(emulator.oauth.count('POST', /token/)).toBe(2);
    expect(emulator.calls.every(({ status }) => status === 200)).toBe(true);
  });

  it('renews a revoked token once', async () => {
    const { mail, emulator, clock, calls } = await opened();
    await mail.jobs({ first: 1 }, call);
    clock.advance(2 * minute);
    emulator.revokeTokens();
    await mail.jobs({ first: 1 }, call);
    expect(calls()).toEqual([mint(200), mint(200), list(200), list(401), list(200)]);
  });
});

describe('a client certificate', () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'parcelgraph-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  it('is replaced on disk under load without a failed request', async () => {
    const { emulator, ...account } = await opened();
    const place = folder();
    const file = (name: string) => ({ file: join(place, name) });
    const put = (pair: { certificate: string; privateKey: string }) => {
      for (const name of ['certificate', 'privateKey'] as const) {
        writeFileSync(join(place, `${name}.new`), pair[name], { mode: 0o600 });
        renameSync(join(place, `${name}.new`), join(place, name));
      }
    };
    put(emulator.authority.issue('first'));
    const connections = openConnections();
    onTestFinished(() => connections.close());
    const { id, secret, apiKey } = easypostConnectSandboxClient;
    const carrier = easypostConnect.createAdapter(
      {
        key: 'account',
        clientKey: 'client',
        environment: 'SANDBOX',
        baseUrl: emulator.url,
        credentials: {
          clientId: id,
          clientSecret: secret,
          apiKey,
          certificate: file('certificate'),
          privateKey: file('privateKey'),
          ca: emulator.client.ca,
        },
        options: { oauthUrl: emulator.oauth.url, uploadHosts: [] },
        quota: {},
      },
      {
        send: timeout(connections.send),
        tokens: memoryTokens(),
        quotas: memoryQuotas(account.clock),
        guard: unguarded,
        clock: account.clock,
      },
    );
    // Responses are delayed, so that calls are in progress on the old connections while new ones are opened.
    const heal = emulator.injectFault({ path: /^\/jobs$/, delayMs: 20 });
    let running = true;
    let answered = 0;
    const load = Array.from({ length: 20 }, async () => {
      while (running) {
        await carrier.mail!.jobs({ first: 1 }, call);
        answered += 1;
      }
    });
    const some = async (name: string) => {
      await expect.poll(() => emulator.certificateNames.filter((each) => each === name).length, { timeout: 20_000 }).toBeGreaterThan(40); // prettier-ignore
    };
    await some('first');
    put(emulator.authority.issue('second'));
    await some('second');
    put(emulator.authority.issue('third'));
    await some('third');
    running = false;
    await Promise.all(load);
    heal();
    expect(answered).toBe(emulator.certificateNames.length);
    expect(emulator.calls.every(({ status }) => status === 200)).toBe(true);
    // Once the new certificate is presented, the old connections serve only the calls in progress.
    const last = emulator.certificateNames.lastIndexOf('first');
    expect(last - emulator.certificateNames.indexOf('second')).toBeLessThanOrEqual(20);
    expect(emulator.certificateNames.indexOf('third')).toBeGreaterThan(last);
  });

  it('is warned of at the start, from a month before it expires', async () => {
    const { clock, emulator } = await opened();
    const pair = emulator.authority.issue('soon', { to: clock.now() + 29 * 24 * 60 * minute });
    const { warnings } = await opened({ credentials: pair });
    expect(warnings).toEqual([expect.stringMatching(/expires on 2026-12-17/)]);
  });
});
