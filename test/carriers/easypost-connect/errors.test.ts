import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { openAuthority } from '../../../sandbox/easypost-connect/index.ts';
import type { ProviderError } from '../../../src/domain/errors.ts';
import { call, failureOf, list, mint, minute, opened, type Over } from './support.ts';

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
    onTestFinished(() => patience.mockRestore());
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
