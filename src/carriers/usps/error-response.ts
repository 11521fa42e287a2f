import { z } from 'zod';

import { parseJson } from '../../domain/json.ts';
import type { HttpResponse } from '../../transport/http.ts';
import { stripMarkup } from './markup.ts';

/** The body of an error response, whichever of USPS's shapes it has. */
export interface ErrorBody {
  /** The standard envelope, the gateway's, OAuth's, Payments', the token endpoint's, or none of these. */
  readonly shape: 'standard' | 'gateway' | 'oauth' | 'payments' | 'token' | 'none';
  readonly message: string;
  readonly code?: string;
  /** The parameter at fault, as USPS names it. */
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
const token = z.object({ apiVersion: z.string(), error: z.string(), message: z.string().min(1) });
const sentence = z.object({ error: z.string().min(1) });
const payments = z.object({ body: z.string(), roles: z.array(z.unknown()) });

/** Reads an error response. A body that is not JSON, or has none of the known shapes, becomes the message. */
export function readErrorBody(response: HttpResponse): ErrorBody {
  const raw = response.body.toString('utf8');
  const body = parseJson(raw);
  return (
    fromStandard(body) ??
    fromGateway(body) ??
    fromOauth(body) ??
    fromToken(body) ??
    fromSentence(body) ??
    fromPayments(body) ?? { shape: 'none', message: stripMarkup(raw) }
  );
}

function fromStandard(body: unknown): ErrorBody | undefined {
  const parsed = standard.safeParse(body);
  if (!parsed.success) return undefined;
  const { message, errors } = parsed.data.error;
  const first = errors[0];
  const source = first?.source;
  // Of a gateway validation error only the envelope's message names the fault (USPS/api-examples#42, #83).
  const details = first?.title === 'openapi_validation_error' ? [] : [first?.detail || first?.title];
  return {
    shape: 'standard',
    message: stripMarkup([...details, message].find((detail) => detail && detail !== 'Bad Request') ?? message), // prettier-ignore
    code: first?.code,
    parameter: typeof source === 'object' ? source.parameter : undefined,
  };
}

function fromGateway(body: unknown): ErrorBody | undefined {
  const parsed = gateway.safeParse(body);
  if (!parsed.success) return undefined;
  const { faultstring, detail } = parsed.data.fault;
  return { shape: 'gateway', message: stripMarkup(faultstring), code: detail.errorcode || undefined };
}

function fromOauth(body: unknown): ErrorBody | undefined {
  const parsed = oauth.safeParse(body);
  if (!parsed.success) return undefined;
  const { error: code, error_description: message } = parsed.data;
  return { shape: 'oauth', message: stripMarkup(message), code };
}

function fromToken(body: unknown): ErrorBody | undefined {
  const parsed = token.safeParse(body);
  if (!parsed.success) return undefined;
  const { error: code, message } = parsed.data;
  return { shape: 'token', message: stripMarkup(message), code };
}

/** An `error` that is a sentence in place of an object. */
function fromSentence(body: unknown): ErrorBody | undefined {
  const parsed = sentence.safeParse(body);
  return parsed.success ? { shape: 'standard', message: stripMarkup(parsed.data.error) } : undefined;
}

function fromPayments(body: unknown): ErrorBody | undefined {
  const parsed = payments.safeParse(body);
  return parsed.success ? { shape: 'payments', message: stripMarkup(parsed.data.body) } : undefined;
}

/** The cause of a 401. `unspecified` where the response does not name one. */
export type UnauthorizedCause = 'scope' | 'product' | 'payment' | 'token' | 'unspecified';

/** Returns the cause of a 401: the scope, the app's API product, the payment token or the bearer token. */
export function unauthorizedCause(response: HttpResponse): UnauthorizedCause | undefined {
  if (response.status !== 401) return undefined;
  const { shape, message } = readErrorBody(response);
  if (/oauth scope/i.test(message)) return 'scope';
  if (/client application identifier/i.test(message)) return 'product';
  if (shape === 'payments' || /payment/i.test(message)) return 'payment';
  if (/access token|invalid_token|expired|malformed|signature/i.test(message) || shape === 'token')
    return 'token';
  return 'unspecified';
}
