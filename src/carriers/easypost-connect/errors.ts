import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import type { HttpResponse } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';

/** The body of an error. None is documented: the fields are those of OAuth (RFC 6749, 5.2) and of AWS API Gateway. */
const text = z.string().min(1).optional().catch(undefined);
const errorBody = z
  .looseObject({
    error: text,
    error_description: text,
    // NestJS, which its operation names suggest, returns a list of invalid fields.
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

export const isOk = ({ status }: HttpResponse) => status >= 200 && status < 300;

/** Returns the error that a response stands for. `refused` is set where its body is an error's and its status a 4xx but 408. */
export function toProviderError(
  response: HttpResponse,
  now: number,
  classify: Classify = classifyCallError,
): ProviderError {
  const { status } = response;
  const error = errorBody.safeParse(parseJson(response.body.toString('utf8'))).data;
  const detail = error?.message ? `: ${error.message.slice(0, 300)}` : '';
  const { code, message, hint } = classify(status, error?.code);
  return new ProviderError(code, `${message}${detail}`, {
    hint,
    retryAfterSeconds: retryAfterSeconds(response, now),
    providerCode: error?.code,
    providerMessage: error?.message,
    refused: error !== undefined && status >= 400 && status < 500 && status !== 408,
  });
}

/** Classifies an error response by its status and the code in its body. */
type Classify = (status: number, code?: string) => Classification;

interface Classification {
  readonly code: ProviderFailureCode;
  readonly message: string;
  readonly hint?: string;
}

/** Classifies an error of the token endpoint, which is never about a job or the API key. */
export function classifyTokenError(status: number, code?: string): Classification {
  if (status === 401 || code === 'invalid_client' || code === 'unauthorized_client') {
    return {
      code: 'CREDENTIALS_REJECTED',
      message: 'EasyPost Connect does not accept the client id and secret',
      hint: 'Use those of the portal’s Connect API tab (Services, Integration Pack), of the same environment.',
    };
  }
  const temporary = classifyCallError(status);
  if (temporary.code === 'RATE_LIMITED' || temporary.code === 'UNAVAILABLE') return temporary;
  return {
    code: 'REJECTED',
    message: `EasyPost Connect grants no token (${status})`,
    hint: 'Check the OAuth URL of the account: its token endpoint is /oauth2/token.',
  };
}

/** Classifies an error of the API host. That 403 is about the API key and 401 about the token is inferred. */
function classifyCallError(status: number): Classification {
  switch (status) {
    case 401:
      return {
        code: 'CREDENTIALS_REJECTED',
        message: 'EasyPost Connect refuses a token that it has granted',
        hint: 'Set the API host, the OAuth host, the client id and the API key to one environment.',
      };
    case 403:
      return {
        code: 'CREDENTIALS_REJECTED',
        message: 'EasyPost Connect refuses the API key',
        hint: 'Check apiKey, which is sent as x-api-key: the portal creates it together with the OAuth client.',
      };
    case 404:
      return {
        code: 'NOT_FOUND',
        message: 'EasyPost Connect does not find it',
        hint: 'If it exists, check the base URL of the account: the portal’s host is not the API’s.',
      };
    case 429:
      return {
        code: 'RATE_LIMITED',
        message: 'EasyPost Connect receives too many calls',
        hint: 'Retry in a moment.',
      };
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return {
        code: 'UNAVAILABLE',
        message: `EasyPost Connect responded with ${status}`,
        hint: 'Retry later.',
      };
    default:
      return {
        code: 'REJECTED',
        message: `EasyPost Connect responded with ${status}`,
        hint: 'For a new job, check in the portal that its workflow is validated, and which metadata it requires.',
      };
  }
}

/** Returns the error for a 2xx response that can't be read: EasyPost Connect has acted, and the outcome is unknown. */
export function unreadableResponse(subject: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `the response of EasyPost Connect for ${subject} can't be read`, {
    hint: 'Report this with the time of the call: its responses are not documented.',
    refused: false,
    cause,
  });
}

/** Parses JSON; returns undefined for text that is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
