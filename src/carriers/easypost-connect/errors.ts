import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import type { Response } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';

/** No error body is documented: that of the token endpoint is OAuth's, and the other one that of AWS's gateway. A guess. */
const words = z.string().min(1).optional().catch(undefined);
const body = z
  .looseObject({
    error: words,
    error_description: words,
    // Nest, of whose controllers its operations are named, lists what is wrong with fields.
    message: z.union([z.string().min(1), z.array(z.string()).min(1).transform((all) => all.join('; '))]).optional().catch(undefined), // prettier-ignore
    code: z
      .union([z.string(), z.number().transform(String)])
      .optional()
      .catch(undefined),
  })
  .refine(({ error, message }) => error !== undefined || message !== undefined)
  .transform(({ error, error_description, message, code }) => ({
    code: code ?? error,
    message: error_description ?? message ?? error,
  }));

/** Which of our failures a refusal is. */
export function failureOf(answer: Response, now: number, classify: Classify = classifyCall): ProviderError {
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

/** What a refusal means, by its status and its code. */
type Classify = (status: number, code?: string) => Classified;

interface Classified {
  readonly code: ProviderFailureCode;
  readonly message: string;
  readonly hint?: string;
}

/** No token is granted: it never says anything of a job, or of the key. */
export function classifyGrant(status: number, code?: string): Classified {
  if (status === 401 || code === 'invalid_client' || code === 'unauthorized_client') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: 'EasyPost Connect does not accept the client id and secret',
      hint: 'Use those of the portal’s Connect API tab (Services, Integration Pack), of the same environment.',
    };
  }
  const passing = classifyCall(status);
  if (passing.code === 'RATE_LIMITED' || passing.code === 'UNAVAILABLE') return passing;
  return {
    code: 'REJECTED',
    message: `EasyPost Connect grants no token (${status})`,
    hint: 'Check the OAuth URL of the account: its token endpoint is /oauth2/token.',
  };
}

/** The three layers fail apart: the certificate in the handshake, the key by 403, the token by 401. Inferred. */
function classifyCall(status: number): Classified {
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
      return {
        code: 'NOT_FOUND',
        message: 'EasyPost Connect knows nothing of it',
        hint: 'Where it should be there, check the base URL of the account: the portal’s host is not the API’s.',
      };
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
        hint: 'For a new job, see in the portal whether its workflow is validated, and what metadata it wants.',
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
