import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { systemClock } from '../../sandbox/clock.ts';
import { openStore } from '../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient,
  uspsSandboxNumbers,
  type UspsClient,
  type UspsSandbox,
} from '../../sandbox/usps/index.ts';
import type { ProviderAdapter, Environment, Diagnostic } from '../../src/carriers/adapter.ts';
import { checkClock } from '../../src/carriers/diagnostics.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { diagnoseAccounts, type DiagnosticReport } from '../../src/admin/diagnostics.ts';
import { openConnections, timeout } from '../../src/transport/http.ts';
import { uspsCredentials } from '../support/adapters.ts';
import { ask, ledgerFolder, receiver, testClock } from '../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const call = { signal: new AbortController().signal };
const hour = 60 * 60 * 1000;
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

/** One account in front of an emulated USPS, on one clock. */
async function open(
  options: {
    client?: Partial<UspsClient>;
    credentials?: object;
    environment?: Environment;
    switches?: Partial<UspsSandbox['switches']>;
    quota?: number;
  } = {},
) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const client: UspsClient = { ...uspsSandboxClient, ...options.client };
  const { environment = 'TEST', switches, quota = 10_000 } = options;
  const emulator = await startUsps({ clock, store: openStore(), clients: [client], environment: client.environment, quota, ...switches }); // prettier-ignore
  const connections = openConnections();
  afterwards.push(emulator.close, connections.close);
  const credentials = uspsCredentials(client, options.credentials);
  const tokens = memoryTokens();
  const carrier = usps.createAdapter(
    { key: 'account', clientKey: 'client', environment, baseUrl: emulator.url, credentials, options: usps.options.parse({}) as never, quota: { default: 10_000 } }, // prettier-ignore
    { send: timeout(connections.send), tokens, quotas: memoryQuotas(), clock },
  );
  return {
    carrier,
    clock,
    client,
    emulator,
    /** What a checkup finds by the name of the check, and what it called. */
    async checkup() {
      const before = emulator.calls.length;
      const findings = await carrier.diagnose!(call);
      const kept = await tokens.read('account oauth');
      for (const secret of [client.secret, credentials.clientSecret, kept?.value ?? 'eyJ', 'eyJ'])
        expect(JSON.stringify(findings)).not.toContain(secret);
      for (const { status, message, hint } of findings)
        if (status === 'failed' || status === 'warning') expect(hint, message).toEqual(expect.any(String));
      const calls = emulator.calls.slice(before).map(({ method, path, status }) => `${method} ${path} ${status}`); // prettier-ignore
      const found = Object.fromEntries(findings.map((each) => [each.check, each]));
      return { findings, found, calls };
    },
  };
}

const mintPath = '/oauth2/v3/token';
const mint = (status: number) => `POST ${mintPath} ${status}`;
const authorize = (status: number) => `POST /payments/v3/payment-authorization ${status}`;
const address = (status: number) => `GET /addresses/v3/city-state ${status}`;

/** A program of somebody else's, or an attempt of one. */
const post = (emulator: UspsSandbox, path: string, body: object | URLSearchParams, headers: object = {}) =>
  fetch(`${emulator.url}${path}`, {
    method: 'POST',
    body: body instanceof URLSearchParams ? body : JSON.stringify(body),
    headers: {
      ...(body instanceof URLSearchParams ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
const grant = (client: UspsClient, more: object = {}) => ({
  grant_type: 'client_credentials',
  client_id: client.id,
  client_secret: client.secret,
  ...more,
});
const tokenOf = async (emulator: UspsSandbox, client: UspsClient) => {
  const answer = await post(emulator, mintPath, new URLSearchParams(grant(client)));
  return (await answer.json()) as { access_token: string };
};

describe('the checkup of a USPS account', () => {
  it('makes two calls, and none where both tokens are kept', async () => {
    const { checkup } = await open();
    const first = await checkup();
    expect(first.calls).toEqual([mint(200), authorize(200)]);
    expect(first.findings.map(({ check, status }) => `${check} ${status}`)).toEqual(
      ['token', 'environment', 'scopes', 'identifiers', 'payment', 'quota', 'clock'].map((check) => `${check} ok`), // prettier-ignore
    );
    const second = await checkup();
    expect(second.calls).toEqual([]);
    expect(second.findings.map(({ status }) => status)).toEqual(Array(7).fill('ok'));
  });

  it('tries a token whose issuer it does not know by one call', async () => {
    const { emulator, client, checkup } = await open();
    const { access_token } = await tokenOf(emulator, client);
    const [head, , signature] = access_token.split('.');
    const unsaid = `${head}.${Buffer.from('{"iss":"api.usps.com"}').toString('base64url')}.${signature}`;
    emulator.spoil({
      path: /token/,
      times: 1,
      answer: { status: 200, body: { access_token: unsaid, expires_in: 28_799, scope: 'addresses' } },
    });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200), address(401)]);
    expect(found.environment).toMatchObject({ status: 'failed', message: expect.stringContaining('does not say') }); // prettier-ignore
  });

  it('warns of a test token that the host of a production account takes, since sources disagree', async () => {
    const { checkup } = await open({ environment: 'PRODUCTION' });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200), address(200), authorize(200)]);
    expect(found.environment).toMatchObject({ status: 'warning', message: expect.stringContaining('takes it all the same') }); // prettier-ignore
  });

  it('says which identifiers are missing where only some are given, and calls nobody for them', async () => {
    const { checkup } = await open({ credentials: { crid: undefined, accountNumber: undefined } });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200)]);
    expect(found.identifiers).toMatchObject({ status: 'failed', message: expect.stringContaining('crid, accountNumber') }); // prettier-ignore
  });

  it.each([
    [{ accountTrouble: 'inactive' }, 'is not Active', 'Activate the EPS account'],
    [{ accountTrouble: 'no-payment-method' }, 'Primary Payment Method', 'Give the EPS account a primary'],
    [{ accountTrouble: 'inactive-payment-method' }, 'is not Active', 'Activate the primary payment method'],
    [{ accountTrouble: 'card-not-validated' }, 'credit card', 'ask again later'],
    [{ accountTrouble: 'card-refused' }, 'credit card', 'Correct the details'],
    [{ accountTrouble: 'insufficient-funds' }, 'insufficient funds', 'Fund the trust balance'],
    [{ accountNumber: '2000000002' }, 'Could not find an EPS Account', 'Check accountNumber'],
  ] as const)(
    'passes on what the payment system says of an account that is %o, with what mends it',
    async (client, words, mend) => {
      const { checkup } = await open({ client, credentials: { accountNumber: '1000000001' } });
      const { calls, found } = await checkup();
      expect(calls).toEqual([mint(200), authorize(400)]);
      expect(found.payment).toMatchObject({
        status: 'failed',
        message: expect.stringContaining(words),
        hint: expect.stringContaining(mend),
      });
    },
  );

  it('warns of products that many do without, and of none of them where no labels are bought', async () => {
    const scopes = ['addresses', 'shipments', 'tracking', 'payments', 'labels', 'locations'];
    const { checkup } = await open({ client: { scopes } });
    const { found } = await checkup();
    expect(found.scopes).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(
        /^PURCHASE_LABEL to other countries lacks the scope international-labels; SCHEDULE_PICKUP lacks the scope pickup or carrier-pickup; CREATE_MANIFEST lacks the scope scan-forms or scan-form: those calls alone/,
      ),
    });
    const nobodyPays = { crid: undefined, mid: undefined, manifestMid: undefined, accountType: undefined, accountNumber: undefined }; // prettier-ignore
    const reader = await open({ client: { scopes: scopes.filter((scope) => !/payments|labels/.test(scope)) }, credentials: nobodyPays }); // prettier-ignore
    expect((await reader.checkup()).found.scopes!.status).toBe('ok');
  });

  it.each(['carrier-pickup scan-form', 'pickup scan-forms'])(
    'knows both spellings of a scope: %s',
    async (spelt) => {
      const scopes = [
        'addresses',
        'shipments',
        'tracking',
        'payments',
        'labels',
        'international-labels',
        'locations',
      ];
      const { found } = await (
        await open({ client: { scopes: [...scopes, ...spelt.split(' ')] } })
      ).checkup();
      expect(found.scopes).toMatchObject({
        status: 'ok',
        message: expect.stringContaining('CREATE_MANIFEST'),
      });
    },
  );

  it('says that the host does not answer', async () => {
    const { emulator, checkup } = await open();
    emulator.spoil({ drop: 'before' });
    const { found, calls } = await checkup();
    expect(calls).toEqual([mint(0)]);
    expect(found.token).toMatchObject({ status: 'failed', message: expect.stringContaining('could not be reached') }); // prettier-ignore
  });
});

describe('each row of the 401 checklist is named', () => {
  /** Every diagnosis that was made, so that no two rows share one. */
  const diagnoses = new Map<string, string>();
  const named = (finding: Diagnostic | undefined, status: Diagnostic['status'], words: RegExp) => {
    expect(finding).toMatchObject({ status, message: expect.stringMatching(words) });
    const said = `${finding!.message.replace(/\d/g, '0')} > ${finding!.hint}`;
    expect(diagnoses.get(said), said).toBeUndefined();
    diagnoses.set(said, expect.getState().currentTestName!);
  };

  it('401 on token: wrong credentials, shown once', async () => {
    const { checkup } = await open({ credentials: { clientSecret: 'a-wrong-secret' } });
    const first = await checkup();
    expect(first.calls).toEqual([mint(401)]);
    named(first.found.token, 'failed', /does not accept the client id and secret/);
    const second = await checkup();
    expect(second.calls).toEqual([]);
    named(second.found.token, 'failed', /not shown again before 2026-11-18 18:05 UTC/);
  });

  it('401 on token: a Web Tools user id', async () => {
    const { checkup } = await open({ credentials: { clientId: '123PARCE4567' } });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(401)]);
    named(found.token, 'failed', /Web Tools user id/);
    expect(found.token!.hint).toContain('Consumer Key');
  });

  it('401 on token: JSON, or no grant type; we send a form with one, so something between changes it', async () => {
    const { emulator, client, checkup } = await open();
    const { grant_type: _, ...typeless } = grant(client);
    for (const body of [grant(client), new URLSearchParams(typeless)]) {
      const attempt = await post(emulator, mintPath, body);
      expect(attempt.status).toBe(401);
      // As a proxy in between would have it.
      emulator.spoil({ path: /token/, times: 1, answer: { status: 401, body: (await attempt.json()) as object } }); // prettier-ignore
    }
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(401)]);
    named(found.token, 'failed', /did not see the form that we send/);
    expect((await (await open()).checkup()).found.token!.status).toBe('ok');
  });

  it.each([
    ['404 of another API', { status: 404, body: '<html>Not Found</html>' }],
    ['a page', { status: 200, body: '<html>Welcome</html>' }],
  ])('401 on token: wrong endpoint, told by %s', async (_, answer) => {
    const { emulator, checkup } = await open();
    emulator.spoil({ path: /token/, answer });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(answer.status)]);
    named(found.token, 'failed', /nobody grants tokens at \/oauth2\/v3\/token/);
    expect(found.token!.hint).toContain('/oauth2/v1');
  });

  it('works, then 401 hours later: expired, and no refresh token exists', async () => {
    const { carrier, client, clock, emulator, checkup } = await open();
    await checkup();
    client.secret = 'replaced-at-usps';
    // In the last half-hour a new token is asked for ahead of time, and refused.
    clock.advance(28_799_000 - hour / 4);
    await carrier.verify!([{ ...receiver }], call);
    await vi.waitFor(async () => expect((await checkup()).found.token!.status).toBe('warning'));
    expect(emulator.count('POST', /token/)).toBe(2);
    const ahead = await checkup();
    named(ahead.found.token, 'warning', /refused the credentials for the next/);
    expect(ahead.calls).toEqual([]);
    clock.advance(hour);
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(401)]);
    named(found.token, 'failed', /ended at 2026-11-19 01:59 UTC, client credentials have no refresh token/);
  });

  it('401 on labels only: no payment token', async () => {
    const none = { crid: undefined, mid: undefined, manifestMid: undefined, accountType: undefined, accountNumber: undefined }; // prettier-ignore
    const { emulator, client, checkup } = await open({
      credentials: none,
      switches: { paymentTokenMissingStatus: 401 },
    });
    const { access_token } = await tokenOf(emulator, client);
    const label = await post(emulator, '/labels/v3/label', {}, { authorization: `Bearer ${access_token}` });
    expect(label.status).toBe(401);
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200)]);
    named(found.identifiers, 'warning', /labels alone would be a 401/);
    expect(found.payment).toMatchObject({ status: 'skipped' });
  });

  it('401 on one API: its scope was not granted', async () => {
    const { emulator, client, checkup } = await open({ client: { scopes: ['addresses', 'shipments'] } });
    const { access_token } = await tokenOf(emulator, client);
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await post(emulator, '/tracking/v3r2/tracking', [], headers)).status).toBe(401);
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200)]);
    named(
      found.scopes,
      'failed',
      /^TRACK lacks the scope tracking; PURCHASE_LABEL lacks the scope payments and labels/,
    );
  });

  it('401 on one API: the app lacks its product though the scope is granted, told by words or by none', async () => {
    const refused = async (withhold: (subject: Awaited<ReturnType<typeof open>>) => () => void) => {
      const subject = await open();
      const { carrier, clock, emulator, checkup } = subject;
      const grant = withhold(subject);
      const track = async () => (await carrier.track!([{ trackingNumber: uspsSandboxNumbers.delivered }], call))[0]; // prettier-ignore
      const knocks = () => emulator.calls.filter(({ path }) => path.startsWith('/tracking/')).length;
      expect(await track()).toMatchObject({ hint: expect.stringContaining('API product') });
      const before = knocks();
      const { found } = await checkup();
      await track();
      expect(knocks()).toBe(before);

      grant();
      clock.advance(5 * 60_000);
      expect(await track()).toMatchObject({ status: 'DELIVERED' });
      expect((await checkup()).found.scopes!.status).toBe('ok');
      return found.scopes;
    };
    const wordless = { apiVersion: '/tracking/v3r2', error: { code: '401', message: '', errors: [] } };
    const finding = await refused(({ client }) => {
      client.products = ['addresses', 'shipments', 'payments', 'labels'];
      return () => delete client.products;
    });
    named(finding, 'failed', /^USPS answers 401 to tracking alone: the token covers it, but the app has no/);
    expect(finding!.hint).toContain('within five minutes');
    expect(await refused(({ emulator }) => emulator.spoil({ path: /^\/tracking/, answer: { status: 401, body: wordless } }))).toEqual(finding); // prettier-ignore
  });

  it('401 with a fresh token on the only API that could tell its environment: the doctor does not ask again', async () => {
    const { carrier, emulator, checkup } = await open({ environment: 'PRODUCTION' });
    const body = { error: { code: '401', message: 'Missing or malformed access token.', errors: [] } };
    emulator.spoil({ path: /addresses/, answer: { status: 401, body } });
    expect((await carrier.verify!([{ ...receiver }], call))[0]).toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      hint: expect.stringMatching(/API product.* one environment/),
    });
    const { calls, found } = await checkup();
    expect(calls).toEqual([]);
    expect(found.environment!.status).toBe('failed');
    expect(found.scopes!.status).toBe('ok');
  });

  it('403, also 401, on payment authorization: COP claims are not linked to the CRID', async () => {
    const refused = async (notEnrolledStatus: number) => {
      const { checkup } = await open({ client: { enrolled: false }, switches: { notEnrolledStatus } });
      const { calls, found } = await checkup();
      expect(calls).toEqual([mint(200), authorize(notEnrolledStatus)]);
      return found.payment;
    };
    const finding = await refused(403);
    named(finding, 'failed', /may not act for the account's CRID/);
    expect(finding!.hint).toContain('COP claims');
    expect(await refused(401)).toEqual(finding);
  });

  it('401 then 429: a loop that burns the quota', async () => {
    const { emulator, client, checkup } = await open({ quota: 3 });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const body = new URLSearchParams(grant(client, { client_secret: 'a-wrong-secret' }));
      statuses.push((await post(emulator, mintPath, body)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    const first = await checkup();
    expect(first.calls).toEqual([mint(429)]);
    named(first.found.token, 'failed', /counts too many calls .* asks again and again/);
    named(first.found.quota, 'failed', /used up: oauth until 2026-11-18 19:00 UTC/);
    const second = await checkup();
    expect(second.calls).toEqual([]);
    named(second.found.token, 'failed', /counts too many calls to oauth until .* asks again and again/);
  });

  it('401 with a fresh token: it is the other environment’s', async () => {
    const production = await open({ client: { environment: 'PRODUCTION' }, environment: 'PRODUCTION' });
    const { emulator, checkup } = await open();
    const answer = await tokenOf(production.emulator, production.client);
    // As where only the token call reaches the other host.
    emulator.spoil({ path: /token/, answer: { status: 200, body: answer } });
    const { calls, found } = await checkup();
    expect(calls).toEqual([mint(200), address(401)]);
    named(found.environment, 'failed', /401 to a fresh token: the token was issued by keyc\.usps\.com/);
    expect(found.payment!.status).toBe('skipped');
  });
});

describe('what is examined of every account', () => {
  const account = (host: object, carrier: ProviderAdapter = {}) => ({ id: 'usps', provider: 'usps', name: 'USPS', environment: 'TEST', active: true, operations: [], adapter: carrier, host }) as never; // prettier-ignore
  const examined = (...accounts: never[]) =>
    diagnoseAccounts([{ tenant: { id: 'acme', name: 'Acme' }, accounts }]);

  it('names the host that took a retired one’s place, and calls nobody', async () => {
    const checkup = vi.fn();
    const instead = usps.hosts.retired?.['api-cat.usps.com'];
    const { well, accounts } = await examined(
      account({ name: 'api-cat.usps.com', instead }, { diagnose: checkup }),
    );
    expect(well).toBe(false);
    expect(accounts[0]!.diagnostics[1]).toMatchObject({
      check: 'host',
      status: 'failed',
      hint: expect.stringContaining('https://apis-tem.usps.com'),
    });
    expect(checkup).not.toHaveBeenCalled();
    expect(Object.keys(usps.hosts.retired ?? {})).toEqual(['api.usps.com', 'api-cat.usps.com', 'secure.shippingapis.com']); // prettier-ignore
  });

  it('goes on with the others where one fails for a reason of ours, of which it tells nothing', async () => {
    const broken = account({ name: 'a' }, { diagnose: () => Promise.reject(new Error('hush')) });
    const { well, accounts } = await examined(broken, account({ name: 'b' }));
    expect(well).toBe(false);
    expect(JSON.stringify(accounts)).not.toContain('hush');
    expect(accounts.map(({ diagnostics }) => diagnostics.at(-1)!.check)).toEqual(['checkup', 'host']);
  });

  it('warns of a clock that is a minute off or more', () => {
    const now = Date.parse('2026-11-18T18:00:00Z');
    expect(checkClock(now - 59_000, now).status).toBe('ok');
    expect(checkClock(now - 5 * 60_000, now)).toMatchObject({ status: 'warning', message: expect.stringContaining('5 min ahead') }); // prettier-ignore
    expect(checkClock(now + 5 * 60_000, now)).toMatchObject({ status: 'warning', message: expect.stringContaining('5 min behind') }); // prettier-ignore
    expect(checkClock(Number.NaN, now).status).toBe('skipped');
  });
});

describe('npm run doctor', () => {
  const root = new URL('../../', import.meta.url);

  /** One of our programs, with nothing of this environment but where programs lie. */
  function run(program: string, env: Record<string, string>, ...flags: string[]) {
    const child = spawn(process.execPath, [program, ...flags], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
    const said = { out: '', all: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => ((said.out += text), (said.all += text)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.all += text));
    afterwards.push(() => child.kill('SIGKILL'));
    return { child, said, ended: once(child, 'close').then(([code]) => code as number) };
  }
  const folder = () => {
    const path = ledgerFolder();
    afterwards.push(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  it('with nothing configured examines the sandbox, where all is well, for people and for machines', async () => {
    const DATA_DIR = folder();
    const people = run('src/cli/doctor.ts', { DATA_DIR });
    expect(await people.ended, people.said.all).toBe(0);
    expect(people.said.out).toMatch(/^sandbox \/ usps \(usps, sandbox\)\n {2}✓ configuration/);
    expect(people.said.out).toMatch(/\nsandbox \/ easypost [^]*All is well\.\n$/);
    const machines = run('src/cli/doctor.ts', { DATA_DIR }, '--json');
    expect(await machines.ended).toBe(0);
    const { well, accounts } = JSON.parse(machines.said.out) as DiagnosticReport;
    expect([well, ...accounts.map(({ account }) => account)]).toEqual([
      true,
      'usps',
      'easypost',
      'easypost-connect',
    ]);
    expect(new Set(accounts.flatMap(({ diagnostics }) => diagnostics.map(({ status }) => status)))).toEqual(new Set(['ok'])); // prettier-ignore
    for (const { said } of [people, machines]) expect(said.all).not.toMatch(/eyJ|parcelgraph-sandbox-secret|EZTK/); // prettier-ignore
  });

  it('tells the faults of a configuration that can’t be read', async () => {
    const env = {
      DATA_DIR: folder(),
      PARCELGRAPH_API_KEY: 'hush-my-key',
      USPS_CLIENT_ID: 'id',
      USPS_CLIENT_SECRET: 'hush-secret',
      USPS_ENVIRONMENT: 'production',
      USPS_BASE_URL: 'https://apis.usps.com/oauth2/v1/token',
    };
    const people = run('src/cli/doctor.ts', env);
    expect(await people.ended).toBe(1);
    expect(people.said.out).toContain(
      '✗ USPS_BASE_URL: has no path, query or user: write https://apis.usps.com',
    );
    expect(people.said.out).toContain('✗ PARCELGRAPH_SECRET: is required');
    const machines = run('src/cli/doctor.ts', env, '--json');
    expect(await machines.ended).toBe(1);
    expect(JSON.parse(machines.said.out)).toMatchObject({ well: false, accounts: [], faults: [expect.any(String), expect.any(String)] }); // prettier-ignore
    expect(people.said.all + machines.said.all).not.toContain('hush');
  });

  it('asks the server that runs on its folder, which knows what USPS has refused it', async () => {
    const providers: Sandbox = await startSandbox({ clock: systemClock });
    afterwards.push(() => providers.close());
    const DATA_DIR = folder();
    const server = run('src/main.ts', {
      DATA_DIR,
      PORT: '0',
      PARCELGRAPH_API_KEY: 'my-own-key',
      PARCELGRAPH_SECRET: 's'.repeat(32),
      USPS_BASE_URL: providers.usps.url,
      USPS_CLIENT_ID: uspsSandboxClient.id,
      USPS_CLIENT_SECRET: 'hush-secret',
    });
    const url = () => /listens at (http:\/\/\S+)\/graphql\n/.exec(server.said.out)?.[1];
    await expect.poll(url, { timeout: 60_000 }).toBeDefined();
    await ask(url()!, '{ tracker(trackingNumber: "9434611206217011894085") { status } }', {}, 'my-own-key');
    expect(providers.usps.calls).toMatchObject([{ path: mintPath, status: 401 }]);

    // Whatever is configured where it is typed: the server's own accounts are told of.
    const doctor = run('src/cli/doctor.ts', { DATA_DIR }, '--json');
    expect(await doctor.ended, doctor.said.all).toBe(1);
    const { accounts } = JSON.parse(doctor.said.out) as DiagnosticReport;
    expect(accounts).toMatchObject([{ tenant: 'default', account: 'usps' }]);
    const token = accounts[0]!.diagnostics.find(({ check }) => check === 'token');
    expect(token).toMatchObject({ status: 'failed', message: expect.stringContaining('not shown again before') }); // prettier-ignore
    expect(providers.usps.calls).toHaveLength(1);
    expect(doctor.said.all).not.toContain('hush');
  });
});
