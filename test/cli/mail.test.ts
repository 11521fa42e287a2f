import { spawn, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/index.ts';
import {
  maxNameLength,
  createSigningRequest,
} from '../../src/carriers/easypost-connect/certificate-request.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const root = new URL('../../', import.meta.url);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One of our programs, with nothing of this environment but where programs lie. */
async function run(program: string, flags: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...flags], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
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

  it('makes a key for its owner alone and a request that the portal signs', async () => {
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

  it('overwrites neither of them', async () => {
    await csr('--cn', 'first');
    const before = [readFileSync(key(), 'utf8'), readFileSync(request(), 'utf8')];
    const again = await csr('--cn', 'second');
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.all).toContain('is not overwritten');
    rmSync(request());
    expect((await csr('--cn', 'third')).code).toBe(1);
    expect(readFileSync(key(), 'utf8')).toBe(before[0]);
  });

  it('says how it is called where that is not known', async () => {
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
      ? 'makes a request that OpenSSL verifies'
      : 'makes a request that OpenSSL verifies (skipped: this machine has no openssl)',
    async () => {
      await csr('--cn', 'checked');
      const { stdout, stderr, status } = spawnSync('openssl', ['req', '-in', request(), '-verify', '-noout', '-subject'], { encoding: 'utf8' }); // prettier-ignore
      expect([status, stderr]).toEqual([0, expect.stringContaining('verify OK')]);
      expect(stdout).toMatch(/CN ?= ?checked/);
    },
  );

  it('holds names of any length that is allowed, and a spoilt request is refused', async () => {
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
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());
  const mail = (...flags: string[]) => run('src/cli/mail.ts', flags, { PUBLIC_URL: house.url });
  const connect = () => house.sandbox.easypostConnect;
  const send = (file: string, ...flags: string[]) => mail('send', file, '--workflow', 'wf-letters', '--timeout', '60', ...flags); // prettier-ignore

  it('lists jobs as far as is asked, through as many pages as that takes', async () => {
    const { code, out } = await mail('list', '--limit', '150');
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(150);
    expect(lines[0]).toMatch(/^2026-11-\d\dT[\d:.]+Z {2}COMPLETED +wf-letters {2}mail_\w+$/);
    expect(lines).toEqual([...lines].sort((a, b) => a.slice(0, 24).localeCompare(b.slice(0, 24))));
  });

  it('sends a document as it is, byte by byte, and follows its job to the end', async () => {
    const document = randomBytes(3_000_000);
    const file = join(folder, 'letters.pdf');
    writeFileSync(file, document);
    const sent = send(file, '--metadata', 'reference=42');
    const uploads = connect().uploads().length;
    await expect.poll(() => connect().uploads().length, { timeout: 60_000 }).toBe(uploads + 1);
    house.clock.advance(5_000);
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

  it('goes on with the job of the same key, and puts its file once', async () => {
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, 'a letter');
    const uploads = connect().uploads().length;
    const jobs = connect().jobs().length;
    expect((await send(file, '--job-key', 'again', '--timeout', '0')).all).toContain('--job-key again');
    house.clock.advance(5_000);
    expect((await send(file, '--job-key', 'again')).all).toMatch(/done: mail_\w+ is COMPLETED/);
    expect([connect().uploads().length, connect().jobs().length]).toEqual([uploads + 1, jobs + 1]);
  });

  it('makes no job for an empty file', async () => {
    const file = join(folder, 'empty.pdf');
    writeFileSync(file, '');
    const jobs = connect().jobs().length;
    expect(await send(file)).toMatchObject({ code: 1, all: expect.stringContaining('is empty') });
    expect(connect().jobs()).toHaveLength(jobs);
  });

  it('tells what went wrong and what to do, and sends nothing where the address is not allowed', async () => {
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, 'a letter');
    const uploads = connect().uploads().length;
    const elsewhere = { id: 'a', fileUploadUrl: 'https://evil.example/put' };
    connect().spoil({ method: 'POST', times: 1, answer: { status: 201, body: elsewhere } });
    const refused = await send(file, '--job-key', 'the-key');
    expect(refused.code).toBe(1);
    expect(refused.all).toMatch(/names no address[^]*--job-key the-key/);
    const draft = await mail('send', file, '--workflow', 'wf-draft');
    expect([draft.code, draft.all]).toEqual([1, expect.stringContaining('not validated')]);
    expect((await send(join(folder, 'nowhere.pdf'))).all).toContain('is no file');
    expect(connect().uploads()).toHaveLength(uploads);
  });

  it('says so where what answers is no graph, in whatever it answers', async () => {
    const { oauth } = connect();
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' };
    for (const answer of [page, { status: 404, body: { message: 'Not Found' } }]) {
      oauth.spoil({ path: /graphql/, times: 1, answer });
      const { code, all } = await mail('list', '--url', oauth.url);
      expect([code, all]).toEqual([
        1,
        `what answers at ${oauth.url} is no graph\n> Name the server by --url.\n`,
      ]);
    }
  });

  it('says how it is called, and where no server answers', async () => {
    for (const flags of [[], ['send'], ['send', 'x'], ['list', 'x'], ['what']]) {
      expect(await mail(...flags)).toMatchObject({ code: 1, all: expect.stringContaining('npm run mail') });
    }
    const nobody = await mail('list', '--url', 'http://127.0.0.1:1');
    expect([nobody.code, nobody.all]).toEqual([1, expect.stringContaining('no server answers')]);
    expect((await mail('list', '--url', 'http://ship.example')).all).toContain('https only');
    const key = join(folder, 'key');
    writeFileSync(key, 'hush');
    const refused = await mail('list', '--key-file', key);
    expect([refused.code, refused.all]).toEqual([1, expect.stringContaining('API key')]);
    expect(refused.all).not.toContain('hush');
  });
});
