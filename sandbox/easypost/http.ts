import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { ApiError, envelope, internalError, notFound } from './api-error.ts';
import { randomHex } from './collection.ts';
import { isFields, type Fields } from './fields.ts';
import { serialize } from './json.ts';
import type { Caller, EasyPostKey, EasyPostState, Owner } from './state.ts';

/** An object of a response. */
export type ApiObject = Fields & { id: string };

/** An authenticated and parsed request. */
export interface ApiRequest {
  caller: Caller;
  /** The `:id` of the path; empty where the path has none. */
  id: string;
  params: Record<string, string>;
  query: Fields;
  body: Fields;
}

export interface ApiResponse {
  status: number;
  body: unknown;
  location?: string;
}

export const ok = (body: unknown): ApiResponse => ({ status: 200, body });

/** The response to a creation. `collection` is named where a recording has a `location` header. */
export const created = (body: ApiObject, collection?: string): ApiResponse => ({
  status: 201,
  body,
  ...(collection !== undefined && { location: `/api/v2/${collection}/${body.id}` }),
});

type Handler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

/** Adds a route that requires an API key. */
export type AddRoute = (method: HTTPMethods, path: string, handler: Handler) => void;

/** Everything that the routes of a resource need. */
export interface Api {
  state: EasyPostState;
  addRoute: AddRoute;
  /** Counts a list call; throws `RATE_LIMITED` above the limit. */
  limitList: (owner: Owner) => void;
}

/** Sets up what all routes share: body parsing, response headers, error envelopes and authentication. */
export function createRouter(app: FastifyInstance, keys: readonly EasyPostKey[]): AddRoute {
  addParsers(app);
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-ep-request-uuid', randomHex());
    reply.header('x-version-label', 'easypost-sandbox');
    reply.header('x-runtime', (reply.elapsedTime / 1000).toFixed(6));
    reply.header('cache-control', 'private, no-cache, no-store');
    return payload;
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => sendError(reply, error));
  app.setNotFoundHandler((_request, reply) => sendError(reply, notFound()));

  const callers = new Map(keys.map((key) => [key.key, callerOf(key)]));
  return (method, path, handler) =>
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const params = request.params as Record<string, string>;
        const response = await handler({
          caller: authenticate(request.headers.authorization, callers),
          id: params.id ?? '',
          params,
          query: request.query as Fields,
          body: isFields(request.body) ? request.body : {},
        });
        if (response.location !== undefined) reply.header('location', response.location);
        return sendJson(reply.code(response.status), response.body);
      },
    });
}

function addParsers(app: FastifyInstance) {
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
}

const callerOf = ({ key, user, defaultInsurance }: EasyPostKey): Caller => ({
  user,
  mode: key.startsWith('EZAK') ? 'production' : 'test',
  defaultInsurance: defaultInsurance ?? null,
});

/** Accepts HTTP Basic with the key as user name and an empty password, or the key as bearer token. */
function authenticate(header: string | undefined, callers: ReadonlyMap<string, Caller>): Caller {
  const [scheme = '', value = ''] = (header ?? '').split(' ', 2);
  const key = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64').toString().split(':', 1)[0]
    : /^bearer$/i.test(scheme)
      ? value
      : '';
  // Guess: no recording has a request without a key.
  if (!key) throw new ApiError(401, 'UNAUTHORIZED', 'An API key is required.');
  const caller = callers.get(key);
  if (caller !== undefined) return caller;
  throw new ApiError(
    403,
    'APIKEY.INACTIVE',
    'This api key is no longer active. Please use a different api key or reactivate this key.',
  );
}

function sendError(reply: FastifyReply, error: Error & { statusCode?: number }) {
  const { statusCode = 500, message } = error;
  const apiError =
    error instanceof ApiError
      ? error
      : statusCode < 500
        ? new ApiError(statusCode, 'BAD_REQUEST', message)
        : internalError();
  return sendJson(reply.code(apiError.status), envelope(apiError));
}

const sendJson = (reply: FastifyReply, body: unknown) =>
  reply.type('application/json; charset=utf-8').send(serialize(body));
