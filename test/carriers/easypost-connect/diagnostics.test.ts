import { describe, expect, it } from 'vitest';

import { openAuthority } from '../../../sandbox/easypost-connect/index.ts';
import { type Diagnostic } from '../../../src/carriers/adapter.ts';
import { call, list, mint, opened, type Over } from './support.ts';

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
