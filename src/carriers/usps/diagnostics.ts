import { z } from 'zod';

import { outcome, ProviderError } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import { scopeRestMs, type BearerSend, type TokenState, type Token } from '../../transport/bearer-token.ts';
import type { Quota } from '../../transport/quota.ts';
import type { CallOptions, Environment, Diagnostic, Operation } from '../adapter.ts';
import { checkClock, formatTime } from '../diagnostics.ts';
import { lackedScope } from './auth.ts';
import { isOk, type Api, type Usps } from './client.ts';
import { missingForPayment, type UspsCredentials } from './credentials.ts';
import { refusedBy401 } from './errors.ts';
import { meaningOf } from './error-codes.ts';

/** What a checkup looks at. */
export interface DiagnosticContext {
  readonly environment: Environment;
  readonly credentials: UspsCredentials;
  readonly token: BearerSend;
  readonly payment: BearerSend;
  readonly usps: Usps;
  quotas(): Promise<readonly Quota[]>;
}

/**
 * Three calls at most, and none where both tokens are kept: the token, an address where the token's issuer leaves its
 * environment open, and the payment authorization.
 */
export const diagnose =
  (patient: DiagnosticContext) =>
  async (call: CallOptions): Promise<readonly Diagnostic[]> => {
    const known = await patient.token.tokenState();
    const token = await outcome(() => patient.token.token(call.signal));
    if (token instanceof ProviderError) {
      const message = 'there is no token to look at';
      return [
        noToken(token, known, patient.credentials.clientId),
        skipped('environment', message),
        skipped('scopes', message),
        identifiersOf(patient.credentials),
        skipped('payment', message),
        await quotaLeft(patient),
        skipped('clock', message),
      ];
    }
    const claims = claimsOf(token);
    const granted = token.scope ?? claims.scope?.split(/\s+/).filter(Boolean);
    const environment = await environmentOf(patient, claims, call);
    const identifiers = identifiersOf(patient.credentials);
    // A token of another environment is refused everywhere, whatever the app's products are.
    const barred = environment.status === 'failed' ? [] : (await patient.token.tokenState()).blocked;
    const scopes = scopesOf(granted, barred, identifiers.status === 'warning', token);
    const payment =
      environment.status === 'failed'
        ? skipped('payment', 'USPS does not take the token that would ask for it')
        : identifiers.status !== 'ok'
          ? skipped('payment', 'there is nothing to ask with')
          : lackedScope({ scope: granted }, 'payments')
            ? skipped('payment', 'the token does not cover asking for it')
            : await paymentOf(patient, call);
    return [
      tokenOf(token, known),
      environment,
      scopes,
      identifiers,
      payment,
      await quotaLeft(patient),
      checkClock(claims.iat && claims.iat * 1000, token.receivedAt),
    ];
  };

const ok = (check: string, message: string): Diagnostic => ({ check, status: 'ok', message });
const failed = (check: string, message: string, hint?: string): Diagnostic => ({ check, status: 'failed', message, hint }); // prettier-ignore
const warning = (check: string, message: string, hint?: string): Diagnostic => ({ check, status: 'warning', message, hint }); // prettier-ignore
const skipped = (check: string, message: string): Diagnostic => ({ check, status: 'skipped', message });

/** Why a token that was asked for did not come. */
function noToken(error: ProviderError, known: TokenState, clientId: string): Diagnostic {
  const check = 'token';
  const { code, message, hint, providerCode, providerMessage = '' } = error;
  switch (code) {
    case 'RATE_LIMITED':
    case 'QUOTA_EXHAUSTED':
      return failed(
        check,
        `${message}: a token lasts eight hours, so something asks again and again, and refused calls count too`,
        'Stop what repeats calls after a 401, here or in another program with this client id, and mend the 401 first; the quota comes back within the hour.',
      );
    case 'CREDENTIALS_REJECTED': {
      const rests = known.refusal
        ? `; they are not shown again before ${formatTime(known.refusal.until)}`
        : '';
      if (/content.?type|grant.?type/i.test(providerMessage)) {
        return failed(
          check,
          `USPS did not see the form that we send: ${providerMessage}`,
          'A proxy between us and USPS changes the token request: it must pass a form with its grant_type, not JSON.',
        );
      }
      if (webToolsId.test(clientId)) {
        return failed(
          check,
          `the client id has the form of a Web Tools user id, which this API does not know${rests}`,
          'Register an app in the USPS developer portal, and set its Consumer Key and Consumer Secret as clientId and clientSecret.',
        );
      }
      if (known.token) {
        return failed(
          check,
          `the token that worked ended at ${formatTime(known.token.expiresAt)}, client credentials have no refresh token, and USPS refuses the credentials for a new one${rests}`,
          'They were good before: see in the USPS developer portal whether the secret was replaced or the app’s approval withdrawn, and set what it shows now.',
        );
      }
      return failed(check, `${message}${rests}`, hint);
    }
    case 'NOT_FOUND':
    case 'REJECTED':
    case 'UNREADABLE':
      if (providerCode !== undefined) return failed(check, message, hint);
      return failed(
        check,
        `nobody grants tokens at /oauth2/v3/token of this host: ${message}`,
        'Set the base URL to https://apis.usps.com or https://apis-tem.usps.com, without a path: /oauth2/v1 and Web Tools hosts are old.',
      );
    default:
      return failed(check, message, hint);
  }
}

/** Three digits, five characters of the owner's name, four digits. A guess by ids in public examples. */
const webToolsId = /^\d{3}[A-Z0-9]{5}\d{4}$/i;

function tokenOf(token: Token, known: TokenState): Diagnostic {
  const until = formatTime(token.expiresAt);
  if (known.token?.value !== token.value) return ok('token', `USPS granted one until ${until}`);
  if (known.refusal === undefined) return ok('token', `the one that is kept is good until ${until}`);
  return warning(
    'token',
    `the one that is kept is good until ${until}, but USPS refused the credentials for the next; every call will be a 401 then`,
    'Client credentials have no refresh token: set the Consumer Key and Consumer Secret that the developer portal shows now.',
  );
}

const claimSet = z.object({
  iss: z.string().optional().catch(undefined),
  iat: z.number().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
});

/** What the token says of itself. It is read and not verified: it is USPS who trusts it, not we. */
function claimsOf({ value }: Token): z.infer<typeof claimSet> {
  const content = Buffer.from(value.split('.')[1] ?? '', 'base64url').toString();
  const parsed = claimSet.safeParse(parseJson(content));
  return parsed.success ? parsed.data : {};
}

/** Who issues tokens, by the claim `iss`: https://keyc.usps.com/realms/USPS. */
const issuers: Readonly<Record<string, Environment>> = {
  'keyc.usps.com': 'PRODUCTION',
  'cat-keyc.usps.com': 'TEST',
};

/**
 * Sources disagree on whether test credentials are separate, so an issuer of the other environment is a suspicion
 * that one call settles.
 */
async function environmentOf(
  { environment, usps }: DiagnosticContext,
  { iss = '' }: { iss?: string },
  call: CallOptions,
): Promise<Diagnostic> {
  const check = 'environment';
  const host = URL.canParse(iss) ? new URL(iss).hostname : '';
  const issued = issuers[host];
  const own = environment === 'PRODUCTION' ? 'PRODUCTION' : 'TEST';
  if (issued === own) return ok(check, `the token was issued by ${host}, which is ${own}'s`);

  const request = {
    api: 'addresses',
    path: '/addresses/v3/city-state',
    query: { ZIPCode: '20260' },
  } as const;
  const answer = await outcome(() => usps.send(request, call.signal));
  const origin = issued ? `the token was issued by ${host}, which is ${issued}'s, while the account is ${own}` : 'the token does not say which environment issued it'; // prettier-ignore
  const hint = `Use credentials and base URL of one environment: apis.usps.com for production, apis-tem.usps.com for test, and say so in the account's environment.`;
  if (answer instanceof ProviderError) return warning(check, `${origin}; it could not be tried: ${answer.message}`, hint); // prettier-ignore
  const refusal = refusedBy401(answer);
  if (refusal === 'token' || refusal === 'unsaid') return failed(check, `USPS answers 401 to a fresh token: ${origin}`, hint); // prettier-ignore
  if (refusal !== undefined) return warning(check, `${origin}; the app may not ask for addresses, with which to try it`, hint); // prettier-ignore
  if (!isOk(answer)) return warning(check, `${origin}; trying it, USPS answered ${answer.status}`, hint);
  return issued
    ? warning(check, `${origin}; this host takes it all the same`, hint)
    : ok(check, `${origin}, and this host takes it`);
}

/** The products that each operation calls. */
const needs: Partial<Record<Operation, readonly Api[]>> = {
  VERIFY_ADDRESS: ['addresses'],
  QUOTE_RATES: ['shipping-options'],
  TRACK: ['tracking'],
  PURCHASE_LABEL: ['payments', 'labels'],
  FIND_LOCATIONS: ['locations'],
};

/** Products that USPS adds by request and that many accounts do without, and what each one is for. */
const extras: Readonly<Record<string, readonly Api[]>> = {
  'PURCHASE_LABEL to other countries': ['international-labels'],
  SCHEDULE_PICKUP: ['pickup'],
  CREATE_MANIFEST: ['scan-forms'],
};

function scopesOf(
  scope: readonly string[] | undefined,
  barred: readonly string[],
  withoutLabels: boolean,
  token: Token,
): Diagnostic {
  const check = 'scopes';
  if (scope === undefined && barred.length === 0)
    return skipped(check, 'USPS did not say what the token covers');
  // Who buys no labels has nothing to send abroad, to hand over or to list.
  const wanted = Object.entries(needs).filter(([name]) => !(withoutLabels && name === 'PURCHASE_LABEL'));
  const optional = withoutLabels ? [] : Object.entries(extras);
  const lackingOf = (operations: readonly (readonly [string, readonly Api[]])[]) =>
    operations.flatMap(([operation, apis]) => {
      const lacked = apis.flatMap((api) => lackedScope({ scope }, api) ?? []);
      return lacked.length > 0 ? [`${operation} lacks the scope ${lacked.join(' and ')}`] : [];
    });
  const lacking = lackingOf(wanted);
  const without = lackingOf(optional);
  const lacks = [...lacking, ...without];
  if (lacks.length + barred.length === 0) {
    return ok(
      check,
      `the token covers ${[...wanted, ...optional].map(([operation]) => operation).join(', ')}`,
    );
  }
  const it = barred.length > 1 ? 'them' : 'it';
  const cause = scope ? `the token covers ${it}, but the app has no such API product` : `the app was not granted ${it}`; // prettier-ignore
  const message = [
    ...(barred.length > 0 ? [`USPS answers 401 to ${barred.join(' and ')} alone: ${cause}`] : []),
    ...(lacks.length > 0 ? [`${lacks.join('; ')}: those calls alone are a 401, the others work`] : []),
  ].join('; ');
  const mended = [
    'Add the API products to the app in the USPS developer portal, or ask USPS for them by service request.',
    ...(barred.length > 0 ? ['What answered 401 is called again within five minutes.'] : []),
    ...(lacks.length > 0
      ? [
          `From ${formatTime(token.receivedAt + scopeRestMs)} on, the next call that lacks a scope gets another token.`,
        ]
      : []),
  ].join(' ');
  const status = lacking.length + barred.length > 0 ? failed : warning;
  return status(check, message, mended);
}

/** What a payment authorization names, and which of it the account leaves out. */
function identifiersOf(credentials: UspsCredentials): Diagnostic {
  const check = 'identifiers';
  const missing = missingForPayment(credentials);
  if (missing.length === 0) return ok(check, 'the account names who owns labels and who pays for them');
  const { crid, mid, accountType } = credentials;
  if (!crid && !mid && !accountType) {
    return warning(
      check,
      'labels alone would be a 401, since the account names nobody who pays and so gets no payment token; all else works',
      'To buy labels, set crid, mid, manifestMid, accountType and accountNumber among the credentials.',
    );
  }
  return failed(check, `labels can't be paid for without ${missing.join(', ')}`, 'Set these among the credentials, as the USPS Business Customer Gateway shows them.'); // prettier-ignore
}

async function paymentOf({ payment, usps }: DiagnosticContext, call: CallOptions): Promise<Diagnostic> {
  const check = 'payment';
  const { token: kept } = await payment.tokenState();
  if (kept && kept.expiresAt > usps.clock.now()) return ok(check, `the authorization that is kept is good until ${formatTime(kept.expiresAt)}`); // prettier-ignore
  const token = await outcome(() => payment.token(call.signal));
  if (!(token instanceof ProviderError)) return ok(check, `USPS authorized it until ${formatTime(token.expiresAt)}`); // prettier-ignore
  const { code, message, hint, providerCode } = token;
  // USPS's own code says what it is, and its hint mends it; without one it is who may act for whom.
  if (providerCode !== undefined && meaningOf(providerCode)) return failed(check, message, hint);
  if (['PAYMENT_NOT_AUTHORIZED', 'ACCOUNT_NOT_AUTHORIZED', 'CREDENTIALS_REJECTED'].includes(code)) {
    return failed(
      check,
      `the app may not act for the account's CRID: ${message}`,
      'Link the app to CRID, MIDs and payment account in the USPS Customer Onboarding Portal (COP claims), with the CRID enrolled in USPS Ship.',
    );
  }
  if (code === 'REJECTED') {
    return failed(check, message, 'Check accountType, accountNumber, crid, mid and manifestMid of the account, and its state in the Enterprise Payment System.'); // prettier-ignore
  }
  return failed(check, message, hint);
}

/** A token lasts eight hours: more calls for one within an hour than restarts and tries explain are a loop. */
const manyTokens = 5;

async function quotaLeft({ quotas }: DiagnosticContext): Promise<Diagnostic> {
  const check = 'quota';
  const all = await quotas();
  const left = all.map(({ api, remaining, limit }) => `${api} ${remaining}/${limit}`).join(', ');
  const used = all.filter(({ remaining }) => remaining === 0);
  if (used.length > 0) {
    const until = used.map(({ api, resetsAt = 0 }) => `${api} until ${formatTime(resetsAt)}`).join(', ');
    return failed(check, `used up: ${until}`, 'Wait for the reset, or ask USPS for a larger quota by service request and set it on the account.'); // prettier-ignore
  }
  const oauth = all.find(({ api }) => api === 'oauth');
  if (oauth && oauth.limit - oauth.remaining > manyTokens) {
    return warning(check, `${oauth.limit - oauth.remaining} calls for a token within the hour, each good for eight hours; left: ${left}`, 'Look for what asks again after a 401: refused calls count too, and 429 comes next.'); // prettier-ignore
  }
  return ok(check, `left by our own count: ${left}`);
}
