import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { systemClock } from '../../sandbox/clock.ts';
import { uspsSandboxClient } from '../../sandbox/usps/index.ts';
import type { ProviderAdapter } from '../../src/carriers/adapter.ts';
import { checkClock } from '../../src/carriers/diagnostics.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { diagnoseAccounts, type DiagnosticReport } from '../../src/admin/diagnostics.ts';
import { ask, ledgerFolder } from '../support/test-server.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000 });

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const tokenPath = '/oauth2/v3/token';

describe('what is examined of every account', () => {
  const account = (host: object, carrier: ProviderAdapter = {}) => ({ id: 'usps', provider: 'usps', name: 'USPS', environment: 'TEST', active: true, operations: [], adapter: carrier, host }) as never; // prettier-ignore
  const examined = (...accounts: never[]) =>
    diagnoseAccounts([{ tenant: { id: 'acme', name: 'Acme' }, accounts }]);

  it('names the host that took a retired one’s place, and calls nobody', async () => {
    const diagnose = vi.fn();
    const instead = usps.hosts.retired?.['api-cat.usps.com'];
    const { well, accounts } = await examined(account({ name: 'api-cat.usps.com', instead }, { diagnose }));
    expect(well).toBe(false);
    expect(accounts[0]!.diagnostics[1]).toMatchObject({
      check: 'host',
      status: 'failed',
      hint: expect.stringContaining('https://apis-tem.usps.com'),
    });
    expect(diagnose).not.toHaveBeenCalled();
    expect(Object.keys(usps.hosts.retired ?? {})).toEqual(['api.usps.com', 'api-cat.usps.com', 'secure.shippingapis.com']); // prettier-ignore
  });

  it('goes on with the others where one fails for a reason of ours, of which it tells nothing', async () => {
    const broken = account({ name: 'a' }, { diagnose: () => Promise.reject(new Error('hush')) });
    const { well, accounts } = await examined(broken, account({ name: 'b' }));
    expect(well).toBe(false);
    expect(JSON.stringify(accounts)).not.toContain('hush');
    expect(accounts.map(({ diagnostics }) => diagnostics.at(-1)!.check)).toEqual(['diagnostics', 'host']);
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
    const child = spawn(process.execPath, ['--import', './src/compile-cache.mjs', program, ...flags], { cwd: root, env: { PATH: process.env.PATH, ...env } }); // prettier-ignore
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

  it('checks the sandbox if nothing is configured, and prints text or JSON', async () => {
    const DATA_DIR = folder();
    const people = run('src/cli/doctor.ts', { DATA_DIR });
    expect(await people.ended, people.said.all).toBe(0);
    expect(people.said.out).toMatch(/^sandbox \/ usps \(usps, sandbox\)\n {2}✓ configuration/);
    expect(people.said.out).toMatch(/\nsandbox \/ easypost [^]*All checks passed\.\n$/);
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

  it('prints the faults of an invalid configuration', async () => {
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
      '✗ USPS_BASE_URL: must have no path, query or user: write https://apis.usps.com',
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
    expect(providers.usps.calls).toMatchObject([{ path: tokenPath, status: 401 }]);

    // Whatever is configured where it is typed: the server's own accounts are told of.
    const doctor = run('src/cli/doctor.ts', { DATA_DIR }, '--json');
    expect(await doctor.ended, doctor.said.all).toBe(1);
    const { accounts } = JSON.parse(doctor.said.out) as DiagnosticReport;
    expect(accounts).toMatchObject([{ tenant: 'default', account: 'usps' }]);
    const token = accounts[0]!.diagnostics.find(({ check }) => check === 'token');
    expect(token).toMatchObject({ status: 'failed', message: expect.stringContaining('not sent again before') }); // prettier-ignore
    expect(providers.usps.calls).toHaveLength(1);
    expect(doctor.said.all).not.toContain('hush');
  });
});
