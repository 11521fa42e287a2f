import { z } from 'zod';

import { parseJson } from '../../domain/json.ts';
import type { HttpResponse, Layer } from '../../transport/http.ts';
import { readErrorBody, type ErrorBody } from './error-response.ts';

/** Longer bodies hold a document, and are no errors. */
const maxErrorLength = 64 * 1024;

/** The keys of the error shapes. A body with any other key holds a result, whatever else it says. */
const errorKeys = new Set([
  ...['apiVersion', 'error', 'error_description', 'error_uri', 'message', 'fault', 'body', 'roles'],
]);

/**
 * Gives a success whose body is one of the known error shapes the status of that error, so that every reader of the
 * response sees a refusal (USPS/api-examples#21 shows such a body of Payments, without its status).
 */
export const errorStatus: Layer = (next) => async (request, signal) => {
  const response = await next(request, signal);
  const status = hiddenErrorStatus(response);
  return status === undefined ? response : { ...response, status };
};

/** Returns the status of the error that a success response holds; undefined where it holds none. */
function hiddenErrorStatus(response: HttpResponse): number | undefined {
  if (response.status >= 300 || response.body.length > maxErrorLength) return undefined;
  const json = parseJson(response.body.toString('utf8'));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  if (!Object.keys(json).every((key) => errorKeys.has(key))) return undefined;
  const body = readErrorBody(response);
  return body.shape === 'none' || body.message === '' ? undefined : statusOf(body, json);
}

const statedStatus = z.object({ error: z.object({ code: z.coerce.number().int().min(400).max(599) }) });

/** The standard envelope states its status. Guess: the other shapes have the one that they usually come with. */
function statusOf({ shape, code = '' }: ErrorBody, json: object): number {
  switch (shape) {
    case 'oauth':
    case 'token':
      return 401;
    case 'payments':
      return 403;
    case 'gateway':
      return /quota|ratelimit|spikearrest/i.test(code)
        ? 429
        : /^(oauth|keymanagement)/i.test(code)
          ? 401
          : 403;
    default:
      return statedStatus.safeParse(json).data?.error.code ?? 400;
  }
}
