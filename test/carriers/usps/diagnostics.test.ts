import { describe, expect, it, vi } from 'vitest';

import { uspsSandboxNumbers, type UspsClient, type UspsSandbox } from '../../../sandbox/usps/index.ts';
import type { Diagnostic } from '../../../src/carriers/adapter.ts';
import { receiver } from '../../support/test-server.ts';
import { call, openForTest, type UspsSetup } from './support.ts';

const hourMs = 60 * 60 * 1000;
type Account = Awaited<ReturnType<typeof openAccount>>;

async function openAccount(setup: UspsSetup = {}) {
  const subject = await openForTest({ ...setup, accountQuota: 10_000 });
  const { adapter, client, credentials, emulator, tokens } = subject;
  return {
    ...subject,
    /** Returns the diagnostics, also by the name of their check, and the calls that they made. */
    async diagnose() {
      const before = emulator.calls.length;
      const diagnostics = await adapter.diagnose!(call);
      const cached = await tokens.read('account oauth');
      for (const secret of [client.secret, credentials.clientSecret, cached?.value ?? 'eyJ', 'eyJ'])
        expect(JSON.stringify(diagnostics)).not.toContain(secret);
      for (const { status, message, hint } of diagnostics)
        if (status === 'failed' || status === 'warning') expect(hint, message).toEqual(expect.any(String));
      const calls = emulator.calls.slice(before).map(({ method, path, status }) => `${method} ${path} ${status}`); // prettier-ignore
      const byCheck = Object.fromEntries(diagnostics.map((diagnostic) => [diagnostic.check, diagnostic]));
      return { diagnostics, byCheck, calls };
    },
  };
}

const tokenPath = '/oauth2/v3/token';
const requestToken = (status: number) => `POST ${tokenPath} ${status}`;
const requestPayment = (status: number) => `POST /payments/v3/payment-authorization ${status}`;
const requestAddress = (status: number) => `GET /addresses/v3/city-state ${status}`;

/** A call of another program. */
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
  const response = await post(emulator, tokenPath, new URLSearchParams(grant(client)));
  return (await response.json()) as { access_token: string };
};

describe('the diagnostics of a USPS account', () => {
  it('take three calls, and none where both tokens are cached and addresses are known to work', async () => {
    const { diagnose } = await openAccount();
    const first = await diagnose();
    expect(first.calls).toEqual([requestToken(200), requestAddress(200), requestPayment(200)]);
    expect(first.diagnostics.map(({ check, status }) => `${check} ${status}`)).toEqual(
      ['token', 'environment', 'scopes', 'license', 'identifiers', 'payment', 'quota', 'clock'].map((check) => `${check} ok`), // prettier-ignore
    );
    const second = await diagnose();
    expect(second.calls).toEqual([]);
    expect(second.diagnostics.map(({ status }) => status)).toEqual(Array(8).fill('ok'));
  });

  it('know from any verified address that the app has the license', async () => {
    const { adapter, diagnose } = await openAccount();
    await adapter.verify!([{ ...receiver }], call);
    expect((await diagnose()).calls).toEqual([requestPayment(200)]);
  });

  it('leave the license open where the check call fails for another reason', async () => {
    const { emulator, diagnose } = await openAccount();
    emulator.injectFault({ path: /city-state/, response: { status: 503, body: 'busy' } });
    expect((await diagnose()).byCheck.license).toMatchObject({ status: 'skipped', message: expect.stringContaining('503') }); // prettier-ignore
  });

  it('check a token of an unknown issuer by one call', async () => {
    const { emulator, client, diagnose } = await openAccount();
    const { access_token } = await tokenOf(emulator, client);
    const [head, , signature] = access_token.split('.');
    const withoutIssuer = `${head}.${Buffer.from('{"iss":"api.usps.com"}').toString('base64url')}.${signature}`;
    emulator.injectFault({
      path: /token/,
      response: {
        status: 200,
        body: { access_token: withoutIssuer, expires_in: 28_799, scope: 'addresses' },
      },
    });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(401), requestToken(200), requestAddress(401)]);
    expect(byCheck.environment).toMatchObject({ status: 'failed', message: expect.stringContaining('does not name') }); // prettier-ignore
  });

  it('warn of a test token that the host of a production account accepts, since sources disagree', async () => {
    const { diagnose } = await openAccount({ environment: 'PRODUCTION' });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(200), requestPayment(200)]);
    expect(byCheck.environment).toMatchObject({ status: 'warning', message: expect.stringContaining('accepts it nevertheless') }); // prettier-ignore
  });

  it('name the missing identifiers where some are set, without a call', async () => {
    const { diagnose } = await openAccount({ credentials: { crid: undefined, accountNumber: undefined } });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(200)]);
    expect(byCheck.identifiers).toMatchObject({ status: 'failed', message: expect.stringContaining('crid, accountNumber') }); // prettier-ignore
  });

  it.each([
    [{ accountProblem: 'inactive' }, 'is not Active', 'Activate the EPS account'],
    [{ accountProblem: 'no-payment-method' }, 'Primary Payment Method', 'Give the EPS account a primary'],
    [{ accountProblem: 'inactive-payment-method' }, 'is not Active', 'Activate the primary payment method'],
    [{ accountProblem: 'card-not-validated' }, 'credit card', 'try again later'],
    [{ accountProblem: 'card-refused' }, 'credit card', 'Correct the details'],
    [{ accountProblem: 'insufficient-funds' }, 'insufficient funds', 'Fund the trust balance'],
    [{ accountNumber: '2000000002' }, 'Could not find an EPS Account', 'Check accountNumber'],
  ] as const)(
    'report the message and the hint of the payment system for an account with %o',
    async (client, message, hint) => {
      const { diagnose } = await openAccount({ client, credentials: { accountNumber: '1000000001' } });
      const { calls, byCheck } = await diagnose();
      expect(calls).toEqual([requestToken(200), requestAddress(200), requestPayment(400)]);
      expect(byCheck.payment).toMatchObject({
        status: 'failed',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      });
    },
  );

  it('warn of missing optional products, except where the account buys no labels', async () => {
    const scopes = ['addresses', 'shipments', 'tracking', 'payments', 'labels', 'locations'];
    const { diagnose } = await openAccount({ client: { scopes } });
    const { byCheck } = await diagnose();
    expect(byCheck.scopes).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(
        /^PURCHASE_LABEL to other countries lacks the scope international-labels; SCHEDULE_PICKUP lacks the scope pickup or carrier-pickup; CREATE_MANIFEST lacks the scope scan-forms or scan-form: only these calls/,
      ),
    });
    const withoutPayer = { crid: undefined, mid: undefined, manifestMid: undefined, accountType: undefined, accountNumber: undefined }; // prettier-ignore
    const reader = await openAccount({ client: { scopes: scopes.filter((scope) => !/payments|labels/.test(scope)) }, credentials: withoutPayer }); // prettier-ignore
    expect((await reader.diagnose()).byCheck.scopes!.status).toBe('ok');
  });

  it.each(['carrier-pickup scan-form', 'pickup scan-forms'])(
    'accept both spellings of a scope: %s',
    async (spelling) => {
      const scopes = [
        'addresses',
        'shipments',
        'tracking',
        'payments',
        'labels',
        'international-labels',
        'locations',
      ];
      const { byCheck } = await (
        await openAccount({ client: { scopes: [...scopes, ...spelling.split(' ')] } })
      ).diagnose();
      expect(byCheck.scopes).toMatchObject({
        status: 'ok',
        message: expect.stringContaining('CREATE_MANIFEST'),
      });
    },
  );

  it('report that the host can’t be reached', async () => {
    const { emulator, diagnose } = await openAccount();
    emulator.injectFault({ drop: 'before' });
    const { byCheck, calls } = await diagnose();
    expect(calls).toEqual([requestToken(0)]);
    expect(byCheck.token).toMatchObject({ status: 'failed', message: expect.stringContaining('could not be reached') }); // prettier-ignore
  });
});

describe('the diagnostics of each row of the 401 checklist', () => {
  /** Texts of all diagnostics, so that no two rows share one. */
  const texts = new Map<string, string>();
  const expectDistinct = (
    diagnostic: Diagnostic | undefined,
    status: Diagnostic['status'],
    pattern: RegExp,
  ) => {
    expect(diagnostic).toMatchObject({ status, message: expect.stringMatching(pattern) });
    const text = `${diagnostic!.message.replace(/\d/g, '0')} > ${diagnostic!.hint}`;
    expect(texts.get(text), text).toBeUndefined();
    texts.set(text, expect.getState().currentTestName!);
  };

  it('401 on token: wrong credentials, sent once', async () => {
    const { diagnose } = await openAccount({ credentials: { clientSecret: 'a-wrong-secret' } });
    const first = await diagnose();
    expect(first.calls).toEqual([requestToken(401)]);
    expectDistinct(first.byCheck.token, 'failed', /does not accept the client id and secret/);
    const second = await diagnose();
    expect(second.calls).toEqual([]);
    expectDistinct(second.byCheck.token, 'failed', /not sent again before 2026-11-18 18:05 UTC/);
  });

  it('401 on token: a Web Tools user id', async () => {
    const { diagnose } = await openAccount({ credentials: { clientId: '123PARCE4567' } });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(401)]);
    expectDistinct(byCheck.token, 'failed', /Web Tools user id/);
    expect(byCheck.token!.hint).toContain('Consumer Key');
  });

  it('401 on token: JSON or a missing grant type, since a proxy changed the form', async () => {
    const { emulator, client, diagnose } = await openAccount();
    const { grant_type: _, ...typeless } = grant(client);
    for (const body of [grant(client), new URLSearchParams(typeless)]) {
      const attempt = await post(emulator, tokenPath, body);
      expect(attempt.status).toBe(401);
      // As a proxy would cause it.
      emulator.injectFault({ path: /token/, times: 1, response: { status: 401, body: (await attempt.json()) as object } }); // prettier-ignore
    }
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(401)]);
    expectDistinct(byCheck.token, 'failed', /did not receive the form-encoded token request/);
    expect((await (await openAccount()).diagnose()).byCheck.token!.status).toBe('ok');
  });

  it.each([
    ['404 of another API', { status: 404, body: '<html>Not Found</html>' }],
    ['an HTML page', { status: 200, body: '<html>Welcome</html>' }],
  ])('401 on token: wrong endpoint, which returns %s', async (_, answer) => {
    const { emulator, diagnose } = await openAccount();
    emulator.injectFault({ path: /token/, response: answer });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(answer.status)]);
    expectDistinct(byCheck.token, 'failed', /this host grants no tokens at \/oauth2\/v3\/token/);
    expect(byCheck.token!.hint).toContain('/oauth2/v1');
  });

  it('401 after hours of work: the token expired, and no refresh token exists', async () => {
    const { adapter, client, clock, emulator, diagnose } = await openAccount();
    await diagnose();
    client.secret = 'replaced-at-usps';
    // In the last half hour a new token is requested ahead of time, and refused.
    clock.advance(28_799_000 - hourMs / 4);
    await adapter.verify!([{ ...receiver }], call);
    await vi.waitFor(async () => expect((await diagnose()).byCheck.token!.status).toBe('warning'));
    expect(emulator.count('POST', /token/)).toBe(2);
    const ahead = await diagnose();
    expectDistinct(ahead.byCheck.token, 'warning', /refused the credentials for the next/);
    expect(ahead.calls).toEqual([]);
    clock.advance(hourMs);
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(401)]);
    expectDistinct(
      byCheck.token,
      'failed',
      /the last token expired at 2026-11-19 01:59 UTC, client credentials have no refresh token/,
    );
  });

  it('401 on labels only: no payment token', async () => {
    const none = { crid: undefined, mid: undefined, manifestMid: undefined, accountType: undefined, accountNumber: undefined }; // prettier-ignore
    const { emulator, client, diagnose } = await openAccount({
      credentials: none,
      switches: { paymentTokenMissingStatus: 401 },
    });
    const { access_token } = await tokenOf(emulator, client);
    const label = await post(emulator, '/labels/v3/label', {}, { authorization: `Bearer ${access_token}` });
    expect(label.status).toBe(401);
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(200)]);
    expectDistinct(byCheck.identifiers, 'warning', /only label purchases fail with 401/);
    expect(byCheck.payment).toMatchObject({ status: 'skipped' });
  });

  it('401 on one API: its scope was not granted', async () => {
    const { emulator, client, diagnose } = await openAccount({
      client: { scopes: ['addresses', 'shipments'] },
    });
    const { access_token } = await tokenOf(emulator, client);
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await post(emulator, '/tracking/v3r2/tracking', [], headers)).status).toBe(401);
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(200)]);
    expectDistinct(
      byCheck.scopes,
      'failed',
      /^TRACK lacks the scope tracking; PURCHASE_LABEL lacks the scope payments and labels/,
    );
  });

  it('401 on one API: the app lacks its product though the scope is granted, with or without a message', async () => {
    const refused = async (withhold: (subject: Account) => () => void) => {
      const subject = await openAccount();
      const { adapter, clock, emulator, diagnose } = subject;
      const restore = withhold(subject);
      const track = async () => (await adapter.track!([{ trackingNumber: uspsSandboxNumbers.delivered }], call))[0]; // prettier-ignore
      const trackingCalls = () => emulator.calls.filter(({ path }) => path.startsWith('/tracking/')).length;
      expect(await track()).toMatchObject({ hint: expect.stringContaining('API product') });
      const before = trackingCalls();
      const { byCheck } = await diagnose();
      await track();
      expect(trackingCalls()).toBe(before);

      restore();
      clock.advance(5 * 60_000);
      expect(await track()).toMatchObject({ status: 'DELIVERED' });
      expect((await diagnose()).byCheck.scopes!.status).toBe('ok');
      return byCheck.scopes;
    };
    const withoutMessage = { apiVersion: '/tracking/v3r2', error: { code: '401', message: '', errors: [] } };
    const diagnostic = await refused(({ client }) => {
      client.products = ['addresses', 'shipments', 'payments', 'labels'];
      return () => delete client.products;
    });
    expectDistinct(
      diagnostic,
      'failed',
      /^USPS answers 401 only to tracking: the token covers it, but the app has no/,
    );
    expect(diagnostic!.hint).toContain('within five minutes');
    expect(await refused(({ emulator }) => emulator.injectFault({ path: /^\/tracking/, response: { status: 401, body: withoutMessage } }))).toEqual(diagnostic); // prettier-ignore
  });

  it.each(['client-invalid', 'no-message', 'gateway-fault'] as const)(
    '401 on addresses only: the app lacks their license (%s)',
    async (withoutLicense) => {
      const { adapter, diagnose, emulator } = await openAccount({
        client: { addresses: 'unlicensed' },
        switches: { withoutLicense },
      });
      const { byCheck, calls } = await diagnose();
      const refusals = calls.filter((each) => /addresses/.test(each));
      expect(refusals.at(-1)).toBe(requestAddress(withoutLicense === 'gateway-fault' ? 403 : 401));
      expect(byCheck.license).toMatchObject({ status: 'failed', message: expect.stringMatching(/verifies no addresses.* without a license/), hint: expect.stringContaining('API Licenses') }); // prettier-ignore
      expect(byCheck.scopes!.status).toBe('ok');
      // The API is not called again for five minutes.
      const before = emulator.calls.length;
      expect(await adapter.verify!([{ ...receiver }], call)).toMatchObject([
        { code: 'SCOPE_MISSING', hint: byCheck.license!.hint, retryable: false },
      ]);
      expect((await diagnose()).byCheck.license!.status).toBe('failed');
      expect(emulator.calls).toHaveLength(before);
    },
  );

  it('401 with a fresh token on the API that tells its environment: the API is not called again', async () => {
    const { adapter, emulator, diagnose } = await openAccount({ environment: 'PRODUCTION' });
    const body = { error: { code: '401', message: 'Missing or malformed access token.', errors: [] } };
    emulator.injectFault({ path: /addresses/, response: { status: 401, body } });
    expect((await adapter.verify!([{ ...receiver }], call))[0]).toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      hint: expect.stringMatching(/API product.* one environment/),
    });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([]);
    expect(byCheck.environment!.status).toBe('failed');
    expect(byCheck.scopes!.status).toBe('ok');
  });

  it('403, also 401, on payment authorization: COP claims are not linked to the CRID', async () => {
    const refused = async (notEnrolledStatus: number) => {
      const { diagnose } = await openAccount({
        client: { enrolled: false },
        switches: { notEnrolledStatus },
      });
      const { calls, byCheck } = await diagnose();
      expect(calls).toEqual([requestToken(200), requestAddress(200), requestPayment(notEnrolledStatus)]);
      return byCheck.payment;
    };
    const diagnostic = await refused(403);
    expectDistinct(diagnostic, 'failed', /is not authorized to act for the account's CRID/);
    expect(diagnostic!.hint).toContain('COP claims');
    expect(await refused(401)).toEqual(diagnostic);
  });

  it('401 then 429: a loop that exhausts the quota', async () => {
    const { emulator, client, diagnose } = await openAccount({ quota: 3 });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const body = new URLSearchParams(grant(client, { client_secret: 'a-wrong-secret' }));
      statuses.push((await post(emulator, tokenPath, body)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    const first = await diagnose();
    expect(first.calls).toEqual([requestToken(429)]);
    expectDistinct(first.byCheck.token, 'failed', /exceeded its USPS quota.* requests tokens in a loop/);
    expectDistinct(first.byCheck.quota, 'failed', /exhausted: oauth until 2026-11-18 19:00 UTC/);
    const second = await diagnose();
    expect(second.calls).toEqual([]);
    expectDistinct(
      second.byCheck.token,
      'failed',
      /counts too many calls to oauth until .* requests tokens in a loop/,
    );
  });

  it('401 with a fresh token: it is the other environment’s', async () => {
    const production = await openAccount({
      client: { environment: 'PRODUCTION' },
      environment: 'PRODUCTION',
    });
    const { emulator, diagnose } = await openAccount();
    const response = await tokenOf(production.emulator, production.client);
    // As where only the token request reaches the other host.
    emulator.injectFault({ path: /token/, response: { status: 200, body: response } });
    const { calls, byCheck } = await diagnose();
    expect(calls).toEqual([requestToken(200), requestAddress(401), requestToken(200), requestAddress(401)]);
    expectDistinct(
      byCheck.environment,
      'failed',
      /401 to a fresh token: the token was issued by keyc\.usps\.com/,
    );
    expect(byCheck.payment!.status).toBe('skipped');
  });
});
