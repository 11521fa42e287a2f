import { spawn, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/index.ts';
import { createSigningRequest } from '../../src/carriers/easypost-connect/certificate-request.ts';
import { maxNameLength } from '../../src/carriers/easypost-connect/commands.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const root = new URL('../../', import.meta.url);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program with no environment but PATH and the given variables. */
async function run(program: string, flags: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', './src/compile-cache.mjs', program, ...flags], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
  let out = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => ((out += text), (all += text)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, all };
}

describe('npm run connect -- csr', () => {
  const csr = (...flags: string[]) => run('src/cli/connect.ts', ['csr', '--out', folder, ...flags]);
  const key = () => join(folder, 'easypost-connect.key');
  const request = () => join(folder, 'easypost-connect.csr');

  it('creates a key that only its owner can read, and a request that the portal signs', async () => {
    const { code, out } = await csr('--cn', 'Zoë & Co');
    expect(code).toBe(0);
    expect(out).toContain(readFileSync(request(), 'utf8'));
    expect(out).not.toContain('PRIVATE KEY');
    expect(statSync(key()).mode & 0o777).toBe(0o600);
    const privateKey = createPrivateKey(readFileSync(key()));
    expect([privateKey.asymmetricKeyType, privateKey.asymmetricKeyDetails?.modulusLength]).toEqual([
      'rsa',
      2048,
    ]);
    const certificate = new X509Certificate(openAuthority().sign(readFileSync(request(), 'utf8')));
    expect(certificate.subject).toBe('CN=Zoë & Co');
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
  });

  it('overwrites neither file', async () => {
    await csr('--cn', 'first');
    const before = [readFileSync(key(), 'utf8'), readFileSync(request(), 'utf8')];
    const again = await csr('--cn', 'second');
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.all).toContain('is not overwritten');
    rmSync(request());
    expect((await csr('--cn', 'third')).code).toBe(1);
    expect(readFileSync(key(), 'utf8')).toBe(before[0]);
  });

  it('prints its usage for invalid arguments', async () => {
    for (const flags of [
      [],
      ['csr'],
      ['what', '--cn', 'x'],
      ['csr', '--cn', 'x'.repeat(maxNameLength + 1)],
    ]) {
      const { code, all } = await run('src/cli/connect.ts', flags);
      expect([code, all]).toEqual([1, expect.stringContaining('--cn')]);
    }
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl)(
    openssl
      ? 'creates a request that OpenSSL verifies'
      : 'creates a request that OpenSSL verifies (skipped: this machine has no openssl)',
    async () => {
      await csr('--cn', 'checked');
      const { stdout, stderr, status } = spawnSync('openssl', ['req', '-in', request(), '-verify', '-noout', '-subject'], { encoding: 'utf8' }); // prettier-ignore
      expect([status, stderr]).toEqual([0, expect.stringContaining('verify OK')]);
      expect(stdout).toMatch(/CN ?= ?checked/);
    },
  );

  it('supports names of any allowed length; a changed request is rejected', async () => {
    await csr('--cn', 'x');
    const privateKey = createPrivateKey(readFileSync(key()));
    const authority = openAuthority();
    for (const name of ['a', 'ü'.repeat(maxNameLength), '中'.repeat(maxNameLength)]) {
      const certificate = new X509Certificate(authority.sign(createSigningRequest(name, privateKey)));
      expect(certificate.subject).toBe(`CN=${name}`);
    }
    const lines = createSigningRequest('name', privateKey).split('\n');
    lines[2] = lines[2]!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    expect(() => authority.sign(lines.join('\n'))).toThrow();
  });
});

describe('npm run mail', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());
  const mail = (...flags: string[]) => run('src/cli/mail.ts', flags, { PUBLIC_URL: server.url });
  const connect = () => server.sandbox.easypostConnect;
  const send = (file: string, ...flags: string[]) => mail('send', file, '--workflow', 'wf-letters', '--timeout', '60', ...flags); // prettier-ignore

  it('lists as many jobs as requested, over several pages', async () => {
    const { code, out } = await mail('list', '--limit', '150');
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(150);
    expect(lines[0]).toMatch(/^2026-11-\d\dT[\d:.]+Z {2}COMPLETED +wf-letters {2}mail_\w+$/);
    expect(lines).toEqual([...lines].sort((a, b) => a.slice(0, 24).localeCompare(b.slice(0, 24))));
  });

  it('uploads a document byte by byte, and waits for its job to end', async () => {
    const document = randomBytes(3_000_000);
    const file = join(folder, 'letters.pdf');
    writeFileSync(file, document);
    const sent = send(file, '--metadata', 'reference=42');
    const uploads = connect().uploads().length;
    await expect.poll(() => connect().uploads().length, { timeout: 60_000 }).toBe(uploads + 1);
    server.clock.advance(5_000);
    const { code, out, all } = await sent;
    expect(code, all).toBe(0);
    expect(out).toMatch(/^mail_\w+ AWAITING_FOR_FILE\n/);
    expect(out).toContain('uploaded 100 % of 3000000 bytes');
    expect(out).toMatch(/done: mail_\w+ is COMPLETED\n$/);
    expect(connect().uploads().at(-1)).toMatchObject({
      bytes: document.length,
      sha256: createHash('sha256').update(document).digest('hex'),
    });
  });

  it('continues the job of the same key, and uploads its file once', async () => {
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, 'a letter');
    const uploads = connect().uploads().length;
    const jobs = connect().jobs().length;
    expect((await send(file, '--job-key', 'again', '--timeout', '0')).all).toContain('--job-key again');
    server.clock.advance(5_000);
    expect((await send(file, '--job-key', 'again')).all).toMatch(/done: mail_\w+ is COMPLETED/);
    expect([connect().uploads().length, connect().jobs().length]).toEqual([uploads + 1, jobs + 1]);
  });

  it('creates no job for an empty file', async () => {
    const file = join(folder, 'empty.pdf');
    writeFileSync(file, '');
    const jobs = connect().jobs().length;
    expect(await send(file)).toMatchObject({ code: 1, all: expect.stringContaining('is empty') });
    expect(connect().jobs()).toHaveLength(jobs);
  });

  it('prints the error and the next step, and uploads nothing to a host that is not allowed', async () => {
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, 'a letter');
    const uploads = connect().uploads().length;
    const elsewhere = { id: 'a', fileUploadUrl: 'https://evil.example/put' };
    connect().injectFault({ method: 'POST', times: 1, response: { status: 201, body: elsewhere } });
    const refused = await send(file, '--job-key', 'the-key');
    expect(refused.code).toBe(1);
    expect(refused.all).toMatch(/no upload URL[^]*--job-key the-key/);
    const draft = await mail('send', file, '--workflow', 'wf-draft');
    expect([draft.code, draft.all]).toEqual([1, expect.stringContaining('not validated')]);
    const missing = await send(join(folder, 'nowhere.pdf'));
    expect(missing.all).toMatch(/is not a file\n$/);
    expect(missing.all).not.toContain('--job-key');
    expect(connect().uploads()).toHaveLength(uploads);
  });

  it('reports a URL that is not a Parcelgraph server, whatever the response', async () => {
    const { oauth } = connect();
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' };
    for (const answer of [page, { status: 404, body: { message: 'Not Found' } }]) {
      oauth.injectFault({ path: /graphql/, times: 1, response: answer });
      const { code, all } = await mail('list', '--url', oauth.url);
      expect([code, all]).toEqual([
        1,
        `${oauth.url} is not a Parcelgraph server\n> Name the server by --url.\n`,
      ]);
    }
  });

  it('prints its usage for invalid arguments, and reports a server that does not respond', async () => {
    for (const flags of [[], ['send'], ['send', 'x'], ['list', 'x'], ['what']]) {
      expect(await mail(...flags)).toMatchObject({ code: 1, all: expect.stringContaining('npm run mail') });
    }
    const nobody = await mail('list', '--url', 'http://127.0.0.1:1');
    expect([nobody.code, nobody.all]).toEqual([1, expect.stringContaining('no server responds')]);
    expect((await mail('list', '--url', 'http://ship.example')).all).toContain('https only');
    const key = join(folder, 'key');
    writeFileSync(key, 'hush');
    const refused = await mail('list', '--key-file', key);
    expect([refused.code, refused.all]).toEqual([1, expect.stringContaining('API key')]);
    expect(refused.all).not.toContain('hush');
  });
});
