/** An unsuccessful response. Thrown by any code of a route and sent as it is. */
export class ErrorResponse extends Error {
  override readonly name = 'ErrorResponse';
  readonly status: number;
  readonly body: object | string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: object | string, headers: Record<string, string> = {}) {
    super(`${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface ErrorItem {
  status?: string;
  code?: string;
  title?: string;
  detail?: string;
  source?: string | { parameter: string; example?: string };
}

/** The documented challenge of a 401; its realm names a retired host. */
export const challenge = { 'WWW-Authenticate': 'Bearer realm="https://api.usps.com"' };

const reasonPhrases: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
};
export const reasonPhrase = (status: number) => reasonPhrases[status] ?? 'Error';

/** Error shape A, the standard envelope; `error.code` is the status as text. */
export function envelope(
  apiVersion: string,
  status: number,
  message = reasonPhrase(status),
  errors: ErrorItem[] = [],
  headers: Record<string, string> = {},
) {
  return new ErrorResponse(status, { apiVersion, error: { code: String(status), message, errors } }, headers);
}

/** Error shape A with one business error of the workbook, whose text is the `detail`. */
export function businessError(apiVersion: string, code: string, detail: string, parameter?: string) {
  const source = parameter === undefined ? {} : { source: { parameter } };
  return envelope(apiVersion, 400, 'Bad Request', [
    { status: '400', code, title: 'Bad Request', detail, ...source },
  ]);
}

/** Error shape B, a fault of the gateway (USPS/api-examples#18 and #22). */
export function gatewayFault(status = 403) {
  return new ErrorResponse(status, {
    fault: {
      faultstring: 'Raising fault. Fault name : Raise-Fault-Access-Control',
      detail: { errorcode: 'steps.raisefault.RaiseFault' },
    },
  });
}

/**
 * The responses to an app without an API product, each reported of some product: a 401 that names the app, a 401 without
 * words (USPS/api-examples#89), the gateway's fault, a 404.
 */
export type ProductRefusal = 'client-invalid' | 'no-message' | 'gateway-fault' | 'not-found';

export function productRefusal(apiVersion: string, refusal: ProductRefusal): ErrorResponse {
  switch (refusal) {
    case 'client-invalid':
      return envelope(apiVersion, 401, 'The client application identifier is invalid.', [], challenge);
    case 'no-message':
      return envelope(apiVersion, 401, '', [], challenge);
    case 'gateway-fault':
      return gatewayFault();
    case 'not-found':
      return envelope(apiVersion, 404);
  }
}

/** Error shape C, the errors of RFC 6749. */
export function oauthError(status: number, error: string, description: string, headers = {}) {
  const page = { 401: 'rfc6749#page-45', 429: 'rfc6585#section-4' }[status] ?? 'rfc6749#section-5.2';
  return new ErrorResponse(
    status,
    { error, error_description: description, error_uri: `https://datatracker.ietf.org/doc/html/${page}` },
    headers,
  );
}

/** The 401 of the guide: flat, with `UNAUTHORIZED` as the error. */
export function guideUnauthorized(message: string) {
  return new ErrorResponse(401, { apiVersion: 'v3', error: 'UNAUTHORIZED', message });
}
