import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import type { Response } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';
import { fieldInWords, fieldOf, type Fields } from './fields.ts';
import { meaningOf, type ErrorCodeMeaning } from './error-codes.ts';

/** What USPS says when it refuses, whichever of its shapes it says it in. */
export interface Fault {
  /** The standard envelope, a gateway's fault, OAuth's, the payment desk's, the token endpoint's own, or none. */
  readonly shape: 'standard' | 'gateway' | 'oauth' | 'payments' | 'token' | 'none';
  readonly message: string;
  readonly code?: string;
  /** The parameter that USPS names as the culprit. */
  readonly parameter?: string;
}

const text = z.string().catch('');
const standard = z.object({
  error: z.object({
    message: text,
    errors: z
      .array(
        z.object({
          code: z.coerce.string().optional().catch(undefined),
          title: text,
          detail: text,
          source: z.union([z.string(), z.object({ parameter: z.string().optional() })]).optional().catch(undefined), // prettier-ignore
        }),
      )
      .catch([]),
  }),
});
const gateway = z.object({
  fault: z.object({ faultstring: text, detail: z.object({ errorcode: text }).catch({ errorcode: '' }) }),
});
const oauth = z.object({ error: z.string(), error_description: z.string() });
const token = z.object({ apiVersion: z.string(), error: z.string(), message: text });
const payments = z.object({ body: z.string(), roles: z.array(z.unknown()) });

/** Reads a refusal; a body that is no JSON, or none of the known shapes, still gives its words. */
export function readFault(answer: Response): Fault {
  const raw = answer.body.toString('utf8');
  const body = parseJson(raw);
  const inStandard = standard.safeParse(body);
  if (inStandard.success) {
    const { message, errors } = inStandard.data.error;
    const first = errors[0];
    const source = first?.source;
    // The gateway's own item says that something is wrong; what it is stands in the envelope alone (issues 42, 83).
    const said = first?.title === 'openapi_validation_error' ? [] : [first?.detail || first?.title];
    return {
      shape: 'standard',
      message: plain([...said, message].find((each) => each && each !== 'Bad Request') ?? message),
      code: first?.code,
      parameter: typeof source === 'object' ? source.parameter : undefined,
    };
  }
  const inGateway = gateway.safeParse(body);
  if (inGateway.success) {
    const { faultstring, detail } = inGateway.data.fault;
    return { shape: 'gateway', message: plain(faultstring), code: detail.errorcode || undefined };
  }
  const inOauth = oauth.safeParse(body);
  if (inOauth.success) {
    return { shape: 'oauth', message: plain(inOauth.data.error_description), code: inOauth.data.error };
  }
  const inToken = token.safeParse(body);
  if (inToken.success)
    return { shape: 'token', message: plain(inToken.data.message), code: inToken.data.error };
  const inPayments = payments.safeParse(body);
  if (inPayments.success) return { shape: 'payments', message: plain(inPayments.data.body) };
  return { shape: 'none', message: plain(raw) };
}

/** What a 401 refuses: the token's scope, the app's product, the payment token, the bearer, or it does not say. */
export function refusedBy401(
  answer: Response,
): 'scope' | 'product' | 'payment' | 'token' | 'unsaid' | undefined {
  if (answer.status !== 401) return undefined;
  const { shape, message } = readFault(answer);
  if (/oauth scope/i.test(message)) return 'scope';
  if (/client application identifier/i.test(message)) return 'product';
  if (shape === 'payments' || /payment/i.test(message)) return 'payment';
  if (/access token|invalid_token|expired|malformed|signature/i.test(message) || shape === 'token')
    return 'token';
  return 'unsaid';
}

/** Which of our failures a refusal is; the adapter's callers branch on the code alone. */
export function failureOf(answer: Response, now: number, fields: Fields = {}): ProviderError {
  const fault = readFault(answer);
  const { code, message, hint, about } = classify(answer, fault);
  const named = [about, fault.parameter].flatMap((each) => (each ? [fieldOf(each, fields)] : []));
  return new ProviderError(code, message, {
    hint,
    retryAfterSeconds: retryAfterSeconds(answer, now),
    field: named.find((path) => path !== undefined) ?? fieldInWords(fault.message, fields),
    providerCode: fault.code,
    providerMessage: fault.message || undefined,
    // Only a refusal that we can read is one: a proxy's page or a timeout says nothing of what USPS did.
    refused: fault.shape !== 'none' && answer.status >= 400 && answer.status < 500 && answer.status !== 408,
  });
}

/**
 * A refusal of the payment desk. Its 403 is no matter of one label or contract: the app's claims (COP) do not cover the
 * CRID, so that nothing can be paid for, just as when it says so in the words of shape D.
 */
export function paymentFailureOf(answer: Response, now: number): ProviderError {
  const failure = failureOf(answer, now);
  if (failure.code !== 'ACCOUNT_NOT_AUTHORIZED') return failure;
  return new ProviderError('PAYMENT_NOT_AUTHORIZED', failure.message, { ...failure, hint: onboarding });
}

const onboarding =
  'Link CRID, MIDs and payment account to the app in the USPS Customer Onboarding Portal (COP claims), and enrol in USPS Ship.';

interface Classified extends ErrorCodeMeaning {
  message: string;
}

/** How our failures begin, where a code of USPS's tells which one it is. */
const openings: Partial<Record<ProviderFailureCode, string>> = {
  PAYMENT_NOT_AUTHORIZED: 'USPS does not authorize the payment',
  ACCOUNT_NOT_AUTHORIZED: 'USPS does not allow this account to do that',
  NOT_FOUND: 'USPS knows nothing of it',
  NOT_SUPPORTED: 'USPS does not do that',
  UNAVAILABLE: 'USPS can’t do that at the moment',
};

function classify(answer: Response, fault: Fault): Classified {
  const said = fault.message === '' ? '' : `: ${fault.message.slice(0, 300)}`;
  // These say nothing of what was asked, whatever code or words come with them.
  if (answer.status === 429) {
    return {
      code: 'RATE_LIMITED',
      message: `USPS counts too many calls of this app${said}`,
      hint: 'Wait, or ask USPS for a larger quota by service request and set it on the account.',
    };
  }
  if (answer.status === 405 || answer.status === 501) {
    return { code: 'NOT_SUPPORTED', message: `USPS does not do that here${said}` };
  }
  if (answer.status === 408 || answer.status >= 500) {
    const message = `USPS answered ${answer.status}${said}`;
    return { code: 'UNAVAILABLE', message, hint: 'Ask again later.' };
  }
  const refusal = refusedBy401(answer);
  if (fault.shape === 'oauth' && fault.code === 'invalid_client') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: `USPS does not accept the client id and secret${said}`,
      hint:
        'Use the Consumer Key and Consumer Secret of an approved app of the USPS developer portal; a Web Tools user ' +
        'id is neither.',
    };
  }
  if (fault.shape === 'token') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: `USPS refused the token request or its token${said}`,
      hint: 'Check client id, client secret and base URL of the account: each environment has its own.',
    };
  }
  if (fault.shape === 'payments') {
    return {
      code: 'PAYMENT_NOT_AUTHORIZED',
      message: `USPS does not authorize the payment${said}`,
      hint: onboarding,
    };
  }
  if (refusal === 'scope' || refusal === 'product') {
    return {
      code: 'SCOPE_MISSING',
      message: `the USPS app is not approved for this API${said}`,
      hint: 'Add the API product to the app in the USPS developer portal, or ask USPS for it by service request.',
    };
  }
  if (refusal === 'payment') {
    return {
      code: 'PAYMENT_NOT_AUTHORIZED',
      message: `USPS does not accept the payment authorization${said}`,
      hint: 'Check crid, mid, manifestMid and payment account of the account.',
    };
  }
  if (refusal !== undefined) {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: `USPS answered 401${said}`,
      hint:
        'A fresh token was refused. Where other APIs take it, the app lacks this API product: add it in the USPS ' +
        'developer portal. Where none does, check that base URL and credentials belong to one environment.',
    };
  }
  const meaning = meaningOf(fault.code ?? '');
  if (meaning)
    return { ...meaning, message: `${openings[meaning.code] ?? 'USPS refused the request'}${said}` };
  switch (answer.status) {
    case 403:
      return {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        message: `USPS does not allow this account to do that${said}`,
        hint: 'Numbers of other mailers, contracts and MIDs need their owner to authorize the account at USPS.',
      };
    case 404:
      return { code: 'NOT_FOUND', message: `USPS knows nothing of it${said}` };
    default:
      return {
        code: 'REJECTED',
        message: `USPS refused the request${said || ` with status ${answer.status}`}`,
      };
  }
}

/** A 2xx that we can't read: the provider has acted, and we do not know what it did. */
export function unreadable(what: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `USPS answered ${what} in a form that we can't read`, {
    hint: 'Report this with the time of the call: the provider has changed its answer.',
    refused: false,
    cause,
  });
}

/** Text without markup: USPS writes `<SUP>&reg;</SUP>` into names and messages. */
export function plain(marked: string): string {
  return marked
    .replace(/<SUP>.*?<\/SUP>/gis, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#\d+|[a-z]+);/gi, (entity) => (entity === '&amp;' ? '&' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}
