import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { randomHex, type Caller, type EasyPostKey } from './state.ts';

export type Fields = Record<string, unknown>;

/** An object as it is answered. */
export type Drawn = Fields & { id: string };

/** An answer of EasyPost's that says no, in its envelope `{"error": {code, message, errors}}`. */
export class ApiError extends Error {
  status: number;
  code: string;
  errors: unknown[];

  constructor(status: number, code: string, message: string, errors: unknown[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const notFound = () => new ApiError(404, 'NOT_FOUND', 'The requested resource could not be found.');

/** Recorded for `{"shipment": {}}`. */
export const missing = (field: string) =>
  new ApiError(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [
    { field, message: 'cannot be blank' },
  ]);

/** Guess: only the code is documented. */
export const wrongType = (field: string, wanted: string) =>
  new ApiError(422, 'PARAMETER.INVALID_TYPE', 'Wrong parameter type.', [
    { field, message: `must be ${wanted}` },
  ]);

export const refused = (code: string, message: string, errors: unknown[] = []) =>
  new ApiError(422, code, message, errors);

/** Guess: no 429 was ever recorded; the text is what users quote. */
export const rateLimited = () =>
  new ApiError(
    429,
    'RATE_LIMITED',
    'Your account has been temporarily rate-limited due to excessive resource consumption.',
  );

export const broken = () =>
  new ApiError(
    500,
    'INTERNAL_SERVER_ERROR',
    "We're sorry, something went wrong. If the problem persists please contact Support.",
  );

export const envelope = ({ code, message, errors }: ApiError) => ({ error: { code, message, errors } });

/** One request, authenticated and read. */
export interface Request {
  caller: Caller;
  /** The id in the path, or the empty text. */
  id: string;
  params: Record<string, string>;
  query: Fields;
  body: Fields;
}

export interface Answer {
  status: number;
  body: unknown;
  location?: string;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** A creation; `collection` is named where a recording shows a `location` header. */
export const created = (body: Drawn, collection?: string): Answer => ({
  status: 201,
  body,
  ...(collection !== undefined && { location: `/api/v2/${collection}/${body.id}` }),
});

export type Handler = (request: Request) => Answer | Promise<Answer>;

/** Adds one route behind the key check. */
export type On = (method: HTTPMethods, path: string, handler: Handler) => void;

/** Keys, envelopes, headers and bodies: everything that is the same for every route. */
export function speakEasyPost(app: FastifyInstance, keys: readonly EasyPostKey[]): On {
  const callers = new Map<string, Caller>(
    keys.map(({ key, user, defaultInsurance }) => [
      key,
      {
        user,
        mode: key.startsWith('EZAK') ? 'production' : 'test',
        defaultInsurance: defaultInsurance ?? null,
      },
    ]),
  );

  const parse = (
    _request: FastifyRequest,
    text: string,
    done: (error: Error | null, body?: unknown) => void,
  ) => {
    try {
      done(null, text.trim() === '' ? {} : JSON.parse(text));
    } catch {
      done(new ApiError(400, 'BAD_REQUEST', 'The request body is not valid JSON.'));
    }
  };
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parse);
  app.addContentTypeParser('*', { parseAs: 'string' }, parse);

  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-ep-request-uuid', randomHex());
    reply.header('x-version-label', 'easypost-sandbox');
    reply.header('x-runtime', (reply.elapsedTime / 1000).toFixed(6));
    reply.header('cache-control', 'private, no-cache, no-store');
    return payload;
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => fail(reply, error));
  app.setNotFoundHandler((_request, reply) => fail(reply, notFound()));

  return (method, path, handler) =>
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const params = request.params as Record<string, string>;
        const answer = await handler({
          caller: authenticate(request.headers.authorization, callers),
          id: params.id ?? '',
          params,
          query: request.query as Fields,
          body: isFields(request.body) ? request.body : {},
        });
        if (answer.location !== undefined) reply.header('location', answer.location);
        return sendJson(reply.code(answer.status), answer.body);
      },
    });
}

/** HTTP Basic with the key as user name and an empty password, or the key as bearer token. */
function authenticate(header: string | undefined, callers: ReadonlyMap<string, Caller>): Caller {
  const [scheme = '', value = ''] = (header ?? '').split(' ', 2);
  const key = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64').toString().split(':', 1)[0]
    : /^bearer$/i.test(scheme)
      ? value
      : '';
  // Guess: no recording shows a request without a key.
  if (!key) throw new ApiError(401, 'UNAUTHORIZED', 'An API key is required.');
  const caller = callers.get(key);
  if (caller !== undefined) return caller;
  throw new ApiError(
    403,
    'APIKEY.INACTIVE',
    'This api key is no longer active. Please use a different api key or reactivate this key.',
  );
}

function fail(reply: FastifyReply, error: Error & { statusCode?: number }) {
  const { statusCode = 500, message } = error;
  const known =
    error instanceof ApiError
      ? error
      : statusCode < 500
        ? new ApiError(statusCode, 'BAD_REQUEST', message)
        : broken();
  return sendJson(reply.code(known.status), envelope(known));
}

const sendJson = (reply: FastifyReply, body: unknown) =>
  reply.type('application/json; charset=utf-8').send(toJson(body));

/** Node has it; the compiler's library does not know it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };
const floats = new Set(['weight', 'length', 'width', 'height']);

/**
 * JSON as EasyPost writes it: measures carry a decimal (`"weight":136.0`), which is what breaks webhook signatures
 * for whoever prints a parsed body again (EasyPost/easypost-node#467).
 */
export const toJson = (body: unknown): string =>
  JSON.stringify(body, (key, value: unknown) =>
    floats.has(key) && Number.isInteger(value) ? rawJSON(`${String(value)}.0`) : value,
  );

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A part that is there but says nothing (`null`, `{}`, `[]`, `""`) is as good as none: recorded for shipments. */
export const isBlank = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0);

/** The object inside its wrapper, `{"address": {...}}`; with `bare`, also without one. */
export function unwrap(body: Fields, name: string, { bare = false } = {}): Fields {
  const inner = name in body || !bare ? body[name] : body;
  if (isBlank(inner)) throw missing(name);
  if (!isFields(inner)) throw wrongType(name, 'an object');
  return inner;
}

export function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') throw wrongType(name, 'a string');
  return String(value);
}

export function numberOf(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw wrongType(name, 'a number');
  return number;
}

export function listOf(fields: Fields, name: string): unknown[] {
  const value = fields[name];
  if (isBlank(value)) return [];
  if (!Array.isArray(value)) throw wrongType(name, 'an array');
  return value;
}

/** True for `true`, `"true"`, `1`, and for a list with anything true in it. */
export const isTruthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isTruthy) : !isBlank(value) && !['false', '0'].includes(String(value));

/** The id of a nested object given as `{"id": ...}` or as the bare text; nothing when it is given in full. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (isFields(value) && typeof value.id === 'string' && value.id !== '') return value.id;
  return undefined;
}
