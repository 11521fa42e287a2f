import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import type { Answer } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';

/** No error body is documented: that of the token endpoint is OAuth's, and the other one that of AWS's gateway. A guess. */
const body = z.union([
  z
    .looseObject({ error: z.string(), error_description: z.string().optional().catch(undefined) })
    .transform(({ error, error_description }) => ({ code: error, message: error_description ?? error })),
  z
    .looseObject({ message: z.string(), code: z.union([z.string(), z.number()]).optional().catch(undefined) })
    .transform(({ code, message }) => ({ code: code === undefined ? undefined : String(code), message })),
]);

/** Which of our failures a refusal is. */
export function failureOf(answer: Answer, now: number): ProviderError {
  const fault = body.safeParse(parseJson(answer.body.toString('utf8'))).data;
  const said = fault?.message ? `: ${fault.message.slice(0, 300)}` : '';
  const { code, message, hint } = classify(answer.status, fault?.code);
  return new ProviderError(code, `${message}${said}`, {
    hint,
    retryAfterSeconds: retryAfterSeconds(answer, now),
    providerCode: fault?.code,
    providerMessage: fault?.message,
    refused: fault !== undefined && answer.status >= 400 && answer.status < 500 && answer.status !== 408,
  });
}

interface Classified {
  readonly code: ProviderFailureCode;
  readonly message: string;
  readonly hint?: string;
}

/** The three layers fail apart: the certificate in the handshake, the key by 403, the token by 401. Inferred. */
function classify(status: number, code: string | undefined): Classified {
  if (code === 'invalid_client' || code === 'unauthorized_client') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: 'EasyPost Connect does not accept the client id and secret',
      hint: 'Use those of the portal’s Connect API tab (Services, Integration Pack), of the same environment.',
    };
  }
  if (code === 'unsupported_grant_type' || code === 'invalid_request') {
    return {
      code: 'REJECTED',
      message: 'EasyPost Connect does not read the token request',
      hint: 'Check the OAuth URL of the account: its token endpoint is /oauth2/token.',
    };
  }
  switch (status) {
    case 401:
      return {
        code: 'CREDENTIALS_REJECTED',
        message: 'EasyPost Connect refuses a token that it has granted',
        hint: 'API host and OAuth host must be of one environment, and so must client id and API key.',
      };
    case 403:
      return {
        code: 'CREDENTIALS_REJECTED',
        message: 'EasyPost Connect refuses the API key',
        hint: 'Check apiKey, which is sent as x-api-key: the portal makes it together with the OAuth client.',
      };
    case 404:
      return { code: 'NOT_FOUND', message: 'EasyPost Connect knows nothing of it' };
    case 429:
      return {
        code: 'RATE_LIMITED',
        message: 'EasyPost Connect counts too many calls',
        hint: 'Ask again in a moment.',
      };
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return {
        code: 'UNAVAILABLE',
        message: `EasyPost Connect answered ${status}`,
        hint: 'Ask again later.',
      };
    default:
      return {
        code: 'REJECTED',
        message: `EasyPost Connect answered ${status}`,
        hint: 'See in the portal whether the workflow is validated, and what metadata it wants.',
      };
  }
}

/** A 2xx that we can't read: EasyPost Connect has acted, and we do not know what it did. */
export function unreadable(what: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `EasyPost Connect answered ${what} in a form that we can't read`, {
    hint: 'Report this with the time of the call: its answers are not documented.',
    refused: false,
    cause,
  });
}

export function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return undefined;
  }
}
