import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer, rootCertificates } from 'node:tls';

import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  easypostConnectSandboxClient,
  easypostConnectSandboxWorkflows,
  openAuthority,
  startEasyPostConnect,
} from '../../../sandbox/easypost-connect/index.ts';
import { openStore } from '../../../sandbox/store.ts';
import { supportedOperations, type Diagnostic } from '../../../src/carriers/adapter.ts';
import { type Environment } from '../../../src/carriers/provider.ts';
import type { EasyPostConnectCredentials } from '../../../src/carriers/easypost-connect/credentials.ts';
import { easypostConnect } from '../../../src/carriers/easypost-connect/index.ts';
import { mailStatuses } from '../../../src/carriers/easypost-connect/mail/statuses.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { ProviderError } from '../../../src/domain/errors.ts';
import type { MailJob } from '../../../src/domain/mail.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { testClock } from '../../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../../support/stores.ts';
import { conformance } from '../conformance.ts';

const call = { signal: new AbortController().signal };
const minute = 60_000;
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

interface Over {
  readonly credentials?: Partial<EasyPostConnectCredentials>;
  readonly environment?: Environment;
  readonly baseUrl?: string;
  readonly oauthUrl?: string;
  readonly uploadHosts?: string[];
  readonly jobs?: number;
}

/** Opens an account of an emulated EasyPost Connect, with one clock for both. */
async function open(over: Over = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPostConnect({ clock, store: openStore(), jobs: over.jobs });
  const connections = openConnections();
  const warnings: string[] = [];
  const close = async () => {
    await connections.close();
    await emulator.close();
  };
  const { id, secret, apiKey } = easypostConnectSandboxClient;
  const carrier = easypostConnect.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: over.environment ?? 'SANDBOX',
      baseUrl: over.baseUrl ?? emulator.url,
      credentials: { clientId: id, clientSecret: secret, apiKey, ...emulator.client, ...over.credentials },
      options: { oauthUrl: over.oauthUrl ?? emulator.oauth.url, uploadHosts: over.uploadHosts ?? [] },
      quota: {},
    },
    {
      send: timeout(connections.send),
      tokens: memoryTokens(),
      quotas: memoryQuotas(),
      clock,
      warn: (message) => void warnings.push(message),
    },
  );
  const calls = () =>
    [...emulator.oauth.calls, ...emulator.calls].map(({ method, path, status }) => `${method} ${path} ${status}`); // prettier-ignore
  return { clock, emulator, carrier, mail: carrier.mail!, warnings, calls, close };
}

/** Opens an account and closes it after the test. */
async function opened(over?: Over) {
  const account = await open(over);
  afterwards.push(account.close);
  return account;
}

const mint = (status: number) => `POST /oauth2/token ${status}`;
const list = (status: number) => `GET /jobs ${status}`;
const failureOf = (asked: Promise<unknown>): Promise<ProviderError> =>
  asked.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as ProviderError,
  );

const others = 'it sends mail, and neither quotes, labels, tracks nor verifies';
conformance(
  'EasyPost Connect',
  async () => {
    const { carrier, emulator, close } = await open();
    const never = /$^/;
    return {
      adapter: carrier,
      emulator,
      numbers: { known: [], unknown: '' },
      paths: { verify: never, quote: never, track: never, buy: never, void: never, pickup: never, cancel: never, manifest: never }, // prettier-ignore
      charges: () => [],
      close,
    };
  },
  // Every rule but that of its operations.
  new Proxy<Partial<Record<string, string>>>(
    {},
    {
      get: (_, title) => (title === 'operations are the methods that it has' ? undefined : others),
    },
  ),
);

describe('an EasyPost Connect account', () => {
  it('supports SEND_MAIL alone', async () => {
    const { carrier } = await opened();
    expect(supportedOperations(carrier)).toEqual(['SEND_MAIL']);
  });

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
    afterwards.push(() => front.close());
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

describe('a missing or invalid layer has an error of its own', () => {
  const foreign = openAuthority().issue('somebody');
  const own = openAuthority();
  const now = Date.parse('2026-11-18T18:00:00Z');
  const expired = own.issue('late', { to: now - minute });
  const early = own.issue('early', { from: now + 24 * 60 * minute });
  const cases: readonly [string, Over, Partial<ProviderError>, RegExp, readonly string[]][] = [
    ['no certificate', { credentials: { certificate: undefined, privateKey: undefined } }, { code: 'CREDENTIALS_MISSING' }, /no client certificate/, []], // prettier-ignore
    ['an expired certificate', { credentials: expired }, { code: 'CREDENTIALS_REJECTED', providerCode: 'CERT_HAS_EXPIRED' }, /expired on 2026-11-18/, []], // prettier-ignore
    ['a certificate that is not valid yet', { credentials: early }, { code: 'CREDENTIALS_REJECTED', providerCode: 'CERT_NOT_YET_VALID' }, /not valid before 2026-11-19/, []], // prettier-ignore
    ['a certificate of another key', { credentials: { privateKey: foreign.privateKey } }, { code: 'CREDENTIALS_REJECTED', providerCode: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' }, /does not match its private key/, []], // prettier-ignore
    ['a certificate of another authority', { credentials: foreign }, { code: 'CREDENTIALS_REJECTED', providerCode: 'ECONNRESET' }, /closed the connection on our client certificate/, [mint(200)]], // prettier-ignore
    ['no authority for the server', { credentials: { ca: undefined } }, { code: 'UNAVAILABLE', providerCode: 'SELF_SIGNED_CERT_IN_CHAIN' }, /no authority that we trust/, [mint(200)]], // prettier-ignore
    ['a bad API key', { credentials: { apiKey: 'hush' } }, { code: 'CREDENTIALS_REJECTED', providerMessage: 'Forbidden' }, /refuses the API key/, [mint(200), list(403)]], // prettier-ignore
    ['a bad client secret', { credentials: { clientSecret: 'hush' } }, { code: 'CREDENTIALS_REJECTED', providerCode: 'invalid_client' }, /client id and secret/, [mint(400)]], // prettier-ignore
    ['hosts of the other environment', { baseUrl: 'https://api.eservices.easypost.eu', environment: 'TEST' }, { code: 'WRONG_ENVIRONMENT' }, /host of PRODUCTION/, []], // prettier-ignore
    ['an OAuth host of the other environment', { oauthUrl: 'https://auth.acc.eservices.easypost.eu', environment: 'PRODUCTION' }, { code: 'WRONG_ENVIRONMENT' }, /host of TEST/, []], // prettier-ignore
  ];

  it.each(cases)('%s', async (_, over, failure, words, expected) => {
    const { mail, calls } = await opened(over);
    const error = await failureOf(mail.jobs({ first: 1 }, call));
    expect(error).toMatchObject({ name: 'ProviderError', refused: true, ...failure });
    expect(error.message).toMatch(words);
    expect(error.hint).toEqual(expect.any(String));
    expect(JSON.stringify([error.message, error.hint, error.providerMessage])).not.toContain('hush');
    expect(calls().filter((each, index, all) => all.indexOf(each) === index)).toEqual(expected);
  });

  it('a rejected token that was just granted', async () => {
    const { mail, emulator, calls } = await opened();
    emulator.oauth.injectFault({
      path: /token/,
      response: { status: 200, body: { access_token: 'hush', expires_in: 3600 } },
    });
    const error = await failureOf(mail.jobs({ first: 1 }, call));
    expect(error).toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      providerMessage: 'Unauthorized',
      refused: true,
    });
    expect(error.message).toMatch(/refuses a token that it has granted/);
    expect(error.message).not.toContain('hush');
    expect(calls()).toEqual([mint(200), mint(200), list(401), list(401)]);
    expect(await failureOf(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    expect(calls()).toHaveLength(4);
  });

  it.each([404, 403])(
    'an OAuth URL that responds with %i: the error is about neither a job nor the API key',
    async (status) => {
      const { mail, emulator } = await opened();
      emulator.oauth.injectFault({ path: /token/, response: { status, body: { message: 'No' } } });
      expect(await failureOf(mail.job('job-000001', call))).toMatchObject({
        code: 'REJECTED',
        hint: expect.stringContaining('OAuth URL'),
      });
    },
  );

  it('an OAuth host that does not respond: a TIMEOUT before any call to the API', async () => {
    const inTime = AbortSignal.timeout.bind(AbortSignal);
    const patience = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => inTime(50));
    afterwards.push(() => patience.mockRestore());
    const { mail, emulator } = await opened();
    emulator.oauth.injectFault({ path: /token/, hang: true });
    expect(await failureOf(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'TIMEOUT', refused: true });
    expect(emulator.calls).toEqual([]);
  });

  it('with a message that no other has', async () => {
    const messages = await Promise.all(
      cases.map(
        async ([, over]) => (await failureOf((await opened(over)).mail.jobs({ first: 1 }, call))).message,
      ),
    );
    expect(new Set(messages).size).toBe(cases.length);
  });

  it('and a job that is rejected for its certificate is certainly not created', async () => {
    const { mail, emulator } = await opened({ credentials: foreign });
    const prepared = await mail.prepare({ workflowId: 'wf-letters', fileName: 'a.pdf', metadata: {} }, call);
    expect(await failureOf(mail.perform(prepared, call))).toMatchObject({ code: 'CREDENTIALS_REJECTED', refused: true }); // prettier-ignore
    expect(emulator.jobs()).toHaveLength(250);
  });
});

describe('a client certificate', () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'parcelgraph-'));
    afterwards.push(() => rmSync(path, { recursive: true, force: true }));
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
    afterwards.push(() => connections.close());
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
        quotas: memoryQuotas(),
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

describe('mail jobs', () => {
  it('are listed in order, a hundred a call, after the id of the last one', async () => {
    for (const envelope of ['array', 'items'] as const) {
      const { mail, emulator } = await opened();
      emulator.envelope = envelope;
      const seen: MailJob[] = [];
      for (let more = true; more;) {
        const page = await mail.jobs({ first: 100, after: seen.at(-1)?.id }, call);
        seen.push(...page.jobs);
        more = page.hasNextPage;
      }
      expect(seen.map(({ id }) => id)).toEqual(emulator.jobs().map(({ id }) => id));
      expect(seen).toHaveLength(250);
      // After a full page, one more call finds out whether there are more jobs.
      expect(emulator.count('GET', /^\/jobs$/)).toBe(5);
    }
  });

  it('end with a full page that is the last one', async () => {
    const { mail } = await opened({ jobs: 100 });
    expect((await mail.jobs({ first: 100 }, call)).hasNextPage).toBe(false);
    expect((await mail.jobs({ first: 99 }, call)).hasNextPage).toBe(true);
  });

  it('are read leniently, with their statuses unchanged', async () => {
    const { mail, emulator } = await opened();
    const body = [
      {
        id: 7,
        startDate: '2026-11-18T10:00:00+01:00',
        status: 'NEVER_HEARD_OF',
        workflowId: 'w',
        more: { x: [] },
      },
      { id: 'b', startDate: '2026-11-18 10:00', workflow: 'w' },
      { id: 'c', status: null, sendingEvents: [{ status: 'SENT', date: '2026-11-17T10:00:00Z' }, 'what', { status: 'OPENED', timestamp: '2026-11-18T10:00:00Z' }] }, // prettier-ignore
    ];
    emulator.injectFault({ path: /^\/jobs$/, response: { status: 200, body } });
    const { jobs } = await mail.jobs({ first: 20 }, call);
    expect(jobs).toMatchObject([
      {
        id: '7',
        status: 'NEVER_HEARD_OF',
        startedAt: '2026-11-18T09:00:00.000Z',
        workflowId: 'w',
        events: [],
      },
      { id: 'b', status: 'UNKNOWN', startedAt: undefined, workflowId: 'w' },
      {
        id: 'c',
        status: 'UNKNOWN',
        events: [{ status: 'UNKNOWN', description: 'OPENED' }, { description: 'SENT' }],
      },
    ]);
  });

  it('are UNREADABLE without an id, and NOT_FOUND where there is none', async () => {
    const { mail, emulator } = await opened();
    expect(await failureOf(mail.job('nobody', call))).toMatchObject({ code: 'NOT_FOUND', refused: true });
    emulator.injectFault({ path: /^\/jobs/, response: { status: 200, body: { nothing: 'known' } } });
    expect(await failureOf(mail.job('job-000001', call))).toMatchObject({
      code: 'UNREADABLE',
      refused: false,
    });
    expect(await failureOf(mail.jobs({ first: 1 }, call))).toMatchObject({ code: 'UNREADABLE' });
  });

  it('wait for their file when they are created, and continue once it is uploaded', async () => {
    const { mail, emulator, clock } = await opened();
    const workflowId = easypostConnectSandboxWorkflows.validated;
    const prepared = await mail.prepare({ workflowId, fileName: 'letter.pdf', metadata: { ref: '1' } }, call);
    expect(emulator.jobs()).toHaveLength(250);
    const job = await mail.perform(JSON.parse(JSON.stringify(prepared)) as typeof prepared, call);
    expect(emulator.jobs()).toHaveLength(251);
    expect(job).toMatchObject({ status: 'AWAITING_FOR_FILE', workflowId });
    expect(job.uploadUrl).toMatch(new RegExp(`^${emulator.oauth.url}/uploads/`));

    const answer = await fetch(job.uploadUrl!, { method: 'PUT', body: '%PDF-1.7 a letter' });
    expect(answer.status).toBe(200);
    expect(emulator.uploads()).toMatchObject([{ jobId: job.id, bytes: 17 }]);
    const statuses = [];
    for (const wait of [0, 4_999, 1]) {
      clock.advance(wait);
      statuses.push((await mail.job(job.id, call)).status);
    }
    expect(statuses).toEqual(['PROCESSING', 'PROCESSING', 'COMPLETED']);
    expect(statuses.map(mailStatuses.isFinal)).toEqual([false, false, true]);
    expect(mailStatuses.isFinal('AWAITING_FOR_FILE')).toBe(false);
  });

  it('are rejected for a workflow that is not validated, and created only once where the response is lost', async () => {
    const { mail, emulator } = await opened();
    const order = (workflowId: string) => mail.prepare({ workflowId, fileName: 'a.pdf', metadata: {} }, call);
    const refused = await failureOf(mail.perform(await order(easypostConnectSandboxWorkflows.draft), call));
    expect(refused).toMatchObject({
      code: 'REJECTED',
      refused: true,
      providerMessage: 'the workflow is not validated',
    });
    for (const fault of [
      { drop: 'after' },
      { response: { status: 502, body: '<html>' } },
      { response: { status: 201, body: 'what' } },
    ] as const) {
      emulator.injectFault({ method: 'POST', times: 1, ...fault });
      const prepared = await order(easypostConnectSandboxWorkflows.validated);
      expect(await failureOf(mail.perform(prepared, call))).toMatchObject({ refused: false });
    }
    expect(emulator.jobs()).toHaveLength(251);
    expect(mail.reconcile).toBeUndefined();
  });

  it('are rejected with the list of invalid fields, with or without the name of the error', async () => {
    const { mail, emulator } = await opened();
    const message = ['metadata.reference must be a string', 'metadata.date should not be empty'];
    for (const named of [{ error: 'Bad Request' }, {}]) {
      emulator.injectFault({
        method: 'POST',
        times: 1,
        response: { status: 400, body: { statusCode: 400, message, ...named } },
      });
      const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
      expect(await failureOf(mail.perform(prepared, call))).toMatchObject({
        code: 'REJECTED',
        refused: true,
        providerMessage: message.join('; '),
      });
    }
  });

  it('allow uploads to the provider’s hosts and those of the account only', async () => {
    const { mail } = await opened({ uploadHosts: ['s3.example.com'] });
    for (const [url, allowed] of [
      ['https://files.easypost.eu/put?x=1', true],
      ['https://easypost.eu/put', true],
      ['https://bucket.s3.example.com/put', true],
      ['https://evil.example/put', false],
      ['https://easypost.eu.evil.example/put', false],
      ['https://evileasypost.eu/put', false],
      ['https://user:word@files.easypost.eu/put', false],
      ['http://files.easypost.eu/put', false],
      ['https://10.0.0.1/put', false],
      ['file:///etc/passwd', false],
    ] as const)
      expect(mail.mayUpload(url), url).toBe(allowed);
  });

  it('allow uploads to the hosts of a variable, separated by commas', () => {
    const given = { PARCELGRAPH_API_KEY: 'a-key-of-ours', PARCELGRAPH_SECRET: 's'.repeat(32), EASYPOST_CONNECT_ENVIRONMENT: 'pro', EASYPOST_CONNECT_CLIENT_ID: 'id', EASYPOST_CONNECT_CLIENT_SECRET: 'hush', EASYPOST_CONNECT_API_KEY: 'hush' }; // prettier-ignore
    const read = (hosts: string) => readConfig({ ...given, EASYPOST_CONNECT_UPLOAD_HOSTS: hosts });
    const [account] = read('s3.example.com, files.example.org').tenants[0]!.accounts;
    expect(account!.options).toMatchObject({ uploadHosts: ['s3.example.com', 'files.example.org'] });
    for (const wrong of ['https://s3.example.com', 's3.example.com,', 'localhost'])
      expect(() => read(wrong), wrong).toThrow(/EASYPOST_CONNECT_UPLOAD_HOSTS: must be host names/);
  });

  it('log the host of an upload URL that is not allowed once, with the setting to change', async () => {
    const { mail, emulator, warnings } = await opened();
    const made = async (fileUploadUrl: string) => {
      emulator.injectFault({
        method: 'POST',
        times: 1,
        response: { status: 201, body: { id: 'a', fileUploadUrl } },
      });
      const prepared = await mail.prepare({ workflowId: 'w', fileName: 'a.pdf', metadata: {} }, call);
      return (await mail.perform(prepared, call)).uploadUrl;
    };
    const elsewhere = 'https://files.example/put?signature=hush';
    expect([await made(elsewhere), await made('what')]).toEqual([elsewhere, undefined]);
    for (let times = 0; times < 2; times += 1) mail.mayUpload(elsewhere);
    expect(warnings).toEqual([expect.stringMatching(/files\.example\b.*uploadHosts/)]);
    expect(warnings[0]).not.toContain('hush');
  });
});

describe('the diagnostics of an EasyPost Connect account', () => {
  const statuses = (findings: readonly Diagnostic[]) => findings.map(({ check, status }) => `${check} ${status}`); // prettier-ignore

  it('check each layer separately, by two calls', async () => {
    const { carrier, calls } = await opened();
    // The response's date is the machine's, not the test clock's.
    expect(statuses(await carrier.diagnose!(call)).slice(0, -1)).toEqual([
      'environment ok',
      'certificate ok',
      'handshake ok',
      'token ok',
      'key ok',
    ]);
    expect(calls()).toEqual([mint(200), list(200)]);
    await carrier.diagnose!(call);
    expect(calls()).toEqual([mint(200), list(200), list(200)]);
  });

  const failing: readonly [string, Over, readonly string[]][] = [
    ['no certificate', { credentials: { certificate: undefined, privateKey: undefined } }, ['environment ok', 'certificate failed', 'handshake skipped', 'token ok', 'key skipped']], // prettier-ignore
    ['a foreign certificate', { credentials: openAuthority().issue('x') }, ['environment ok', 'certificate ok', 'handshake failed', 'token ok', 'key skipped']], // prettier-ignore
    ['an unknown authority', { credentials: { ca: undefined } }, ['environment ok', 'certificate ok', 'handshake failed', 'token ok', 'key skipped']], // prettier-ignore
    ['a bad secret', { credentials: { clientSecret: 'hush' } }, ['environment ok', 'certificate ok', 'handshake ok', 'token failed', 'key skipped']], // prettier-ignore
    ['a bad key', { credentials: { apiKey: 'hush' } }, ['environment ok', 'certificate ok', 'handshake ok', 'token ok', 'key failed']], // prettier-ignore
    ['another environment', { environment: 'PRODUCTION', oauthUrl: 'https://auth.acc.eservices.easypost.eu' }, ['environment failed', 'certificate skipped', 'handshake skipped', 'token skipped', 'key skipped']], // prettier-ignore
  ];
  it.each(failing)('report %s at its own check', async (_, over, expected) => {
    const { carrier } = await opened(over);
    const findings = await carrier.diagnose!(call);
    expect(statuses(findings).filter((each) => !each.startsWith('clock'))).toEqual(expected);
    const [failed] = findings.filter(({ status }) => status === 'failed');
    expect(failed!.hint).toEqual(expect.any(String));
    expect(JSON.stringify(findings)).not.toMatch(/hush|PRIVATE KEY|eyJ/);
  });

  it('accept nothing but a list of jobs, and point to the base URL of a host that has none', async () => {
    const { carrier, emulator } = await opened();
    const key = async () => (await carrier.diagnose!(call)).find(({ check }) => check === 'key');
    const portal = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' };
    emulator.injectFault({ path: /jobs/, times: 1, response: portal });
    expect(await key()).toMatchObject({ status: 'failed' });
    emulator.injectFault({
      path: /jobs/,
      times: 1,
      response: { status: 404, body: { message: 'Not Found' } },
    });
    expect(await key()).toMatchObject({ status: 'failed', hint: expect.stringContaining('base URL') });
  });
});
