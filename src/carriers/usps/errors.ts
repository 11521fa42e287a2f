import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';
import { meaningOf, type ErrorCodeMeaning } from './error-codes.ts';
import { fieldInMessage, fieldOf, type InputPaths } from './error-fields.ts';
import {
  readErrorBody,
  unauthorizedCause,
  type ErrorBody,
  type UnauthorizedCause,
} from './error-response.ts';

/** Maps an error response to a `ProviderError`. `now` is in epoch milliseconds. */
export function failureOf(response: HttpResponse, now: number, inputPaths: InputPaths = {}): ProviderError {
  const body = readErrorBody(response);
  const { code, message, hint, parameter } = classify(response, body);
  const paths = [parameter, body.parameter].flatMap((name) => (name ? [fieldOf(name, inputPaths)] : []));
  return new ProviderError(code, message, {
    hint,
    retryAfterSeconds: retryAfterSeconds(response, now),
    field: paths.find((path) => path !== undefined) ?? fieldInMessage(body.message, inputPaths),
    providerCode: body.code,
    providerMessage: body.message || undefined,
    // Only a refusal that can be read proves that USPS did nothing: a proxy's error page or a timeout does not.
    refused: body.shape !== 'none' && isRefusalStatus(response.status),
  });
}

/** Returns true for a 429 whose words say that the quota of the hour is used up, which calls of other systems count to. */
export const namesQuota = (response: HttpResponse) => /quota/i.test(readErrorBody(response).message);

const isRefusalStatus = (status: number) => status >= 400 && status < 500 && status !== 408;

/**
 * Maps an error response of the Payments API. Its 403 means that the app's COP claims do not cover the CRID, so that no
 * label can be paid for.
 */
export function paymentFailureOf(response: HttpResponse, now: number): ProviderError {
  const failure = failureOf(response, now);
  if (failure.code !== 'ACCOUNT_NOT_AUTHORIZED') return failure;
  return new ProviderError('PAYMENT_NOT_AUTHORIZED', failure.message, { ...failure, hint: onboardingHint });
}

/** An UNREADABLE failure for a 2xx that can't be parsed. USPS has acted, and the outcome is unknown. */
export function unreadable(subject: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `USPS answered ${subject} in a form that we can't read`, {
    hint: 'Report this with the time of the call: the response format of USPS has changed.',
    refused: false,
    cause,
  });
}

const onboardingHint =
  'Link CRID, MIDs and payment account to the app in the USPS Customer Onboarding Portal (COP claims), and enroll in USPS Ship.';
/** The next step of an app that lacks an API product. */
export const productHint =
  'Add the API product to the app in the USPS developer portal, or request it from USPS by service request.';

interface Classification extends ErrorCodeMeaning {
  readonly message: string;
}

/** Classifies by status first, then by the cause of a 401, then by USPS's own error code, then by what is left. */
function classify(response: HttpResponse, body: ErrorBody): Classification {
  const detail = body.message === '' ? '' : `: ${body.message.slice(0, 300)}`;
  return (
    classifyUnavailable(response, detail) ??
    classifyShape(body, detail) ??
    classifyUnauthorized(unauthorizedCause(response), detail) ??
    classifyCode(body, detail) ??
    classifyStatus(response, detail)
  );
}

/** Statuses that do not depend on the request, whatever code or message comes with them. */
function classifyUnavailable({ status }: HttpResponse, detail: string): Classification | undefined {
  if (status === 429) {
    return {
      code: 'RATE_LIMITED',
      message: `the app exceeded its USPS quota${detail}`,
      hint: 'Wait, or request a larger quota from USPS by service request and set it on the account.',
    };
  }
  if (status === 405 || status === 501) {
    return { code: 'NOT_SUPPORTED', message: `USPS does not support this operation${detail}` };
  }
  if (status === 408 || status >= 500) {
    return { code: 'UNAVAILABLE', message: `USPS answered ${status}${detail}`, hint: 'Try again later.' };
  }
  return undefined;
}

/** Bodies whose shape alone tells the failure. */
function classifyShape({ shape, code }: ErrorBody, detail: string): Classification | undefined {
  if (shape === 'oauth' && code === 'invalid_client') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: `USPS does not accept the client id and secret${detail}`,
      hint:
        'Use the Consumer Key and Consumer Secret of an approved app of the USPS developer portal; a Web Tools user ' +
        'id is neither.',
    };
  }
  if (shape === 'token') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: `USPS refused the token request or its token${detail}`,
      hint: 'Check client id, client secret and base URL of the account: each environment has its own.',
    };
  }
  if (shape === 'payments') {
    return {
      code: 'PAYMENT_NOT_AUTHORIZED',
      message: `USPS does not authorize the payment${detail}`,
      hint: onboardingHint,
    };
  }
  return undefined;
}

function classifyUnauthorized(
  cause: UnauthorizedCause | undefined,
  detail: string,
): Classification | undefined {
  switch (cause) {
    case undefined:
      return undefined;
    case 'scope':
    case 'product':
      return {
        code: 'SCOPE_MISSING',
        message: `the USPS app is not approved for this API${detail}`,
        hint: productHint,
      };
    case 'payment':
      return {
        code: 'PAYMENT_NOT_AUTHORIZED',
        message: `USPS does not accept the payment authorization${detail}`,
        hint: 'Check crid, mid, manifestMid and payment account of the account.',
      };
    default:
      return {
        code: 'CREDENTIALS_REJECTED',
        message: `USPS answered 401${detail}`,
        hint:
          'A fresh token was refused. If other APIs accept it, the app lacks this API product: add it in the USPS ' +
          'developer portal. If none does, check that base URL and credentials belong to one environment.',
      };
  }
}

/** Begins the message of a failure that USPS's own error code determines. Default: "USPS refused the request". */
const messages: Partial<Record<ProviderFailureCode, string>> = {
  PAYMENT_NOT_AUTHORIZED: 'USPS does not authorize the payment',
  ACCOUNT_NOT_AUTHORIZED: 'USPS does not authorize this account for the request',
  NOT_FOUND: 'USPS found nothing',
  NOT_SUPPORTED: 'USPS does not support this operation',
  UNAVAILABLE: 'USPS can’t process the request at the moment',
};

function classifyCode({ code = '' }: ErrorBody, detail: string): Classification | undefined {
  const meaning = meaningOf(code);
  return (
    meaning && { ...meaning, message: `${messages[meaning.code] ?? 'USPS refused the request'}${detail}` }
  );
}

function classifyStatus({ status }: HttpResponse, detail: string): Classification {
  switch (status) {
    case 403:
      return {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        message: `${messages.ACCOUNT_NOT_AUTHORIZED}${detail}`,
        hint: 'The owner of a tracking number, contract or MID must authorize this account at USPS.',
      };
    case 404:
      return { code: 'NOT_FOUND', message: `${messages.NOT_FOUND}${detail}` };
    default:
      return { code: 'REJECTED', message: `USPS refused the request${detail || ` with status ${status}`}` };
  }
}
