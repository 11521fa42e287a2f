import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import {
  createRequestRecord,
  runRequest,
  type RecordedFailure,
  type RequestRecord,
} from '../auth/request-record.ts';

declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord;
    /** When its headers were read, by `performance.now`. Fastify's `elapsedTime` stays 0 without a logger of its own. */
    startedAt: number;
  }
}

/** The paths that monitoring asks for every few seconds; they are logged at level debug. */
const monitored: ReadonlySet<unknown> = new Set(['/healthz', '/readyz', '/metrics']);

/** Logs one line a request, which its `x-request-id` finds. A path is logged as its pattern: a label's link is a permission. */
export function addRequestLog(app: FastifyInstance, log: Logger): void {
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    request.record = createRequestRecord(request.id);
    reply.header('x-request-id', request.id);
    done();
  });
  // Reading the body leaves the asynchronous context of `onRequest`, so the request's own begins after it.
  app.addHook('preHandler', (request, _, done) => runRequest(request.record, done));
  app.addHook('onSend', (request, reply, _, done) => {
    const { method, routeOptions, record, startedAt } = request;
    const line = {
      ...describeRecord(record, reply.statusCode),
      method,
      path: routeOptions.url,
      status: reply.statusCode,
      milliseconds: Math.round(performance.now() - startedAt),
    };
    log[monitored.has(routeOptions.url) ? 'debug' : 'info'](line, 'request completed');
    done();
  });
}

/** Returns the function that logs an operation which came through a connection: one line, as a request has. */
export const createOperationLog = (log: Logger) => (record: RequestRecord, milliseconds: number) =>
  log.info({ ...describeRecord(record, 200), milliseconds: Math.round(milliseconds) }, 'operation completed');

/** What the log says of a request, beside its method, path and time. */
function describeRecord(all: RequestRecord, status: number) {
  const { userErrors, failures, calls, providerCalls: _, attribution: __, freshMs: ___, ...record } = all;
  return {
    ...record,
    outcome: outcomeOf(all, status),
    userErrors: listed(userErrors),
    failures: listed([...failures.values()].map(loggedFailure)),
    calls: listed(calls.values()),
  };
}

/** `failed` means that a provider, or one of several, gave no answer; `rejected` that the request was at fault. */
function outcomeOf({ errors, userErrors, failures }: RequestRecord, status: number) {
  if (errors || status >= 400) return status >= 500 || errors?.includes('INTERNAL_SERVER_ERROR') ? 'error' : 'rejected'; // prettier-ignore
  if (userErrors.size > 0) return 'rejected';
  return failures.size > 0 ? 'failed' : 'ok';
}

/** The codes of a failure. Its words may be the provider's, which may repeat an address. */
const loggedFailure = ({ account, code, providerCode }: RecordedFailure) => ({ account, code, providerCode });

/** Undefined where there is none, so that the line does not mention it. */
const listed = <T>(values: Iterable<T>): readonly T[] | undefined => {
  const list = [...values];
  return list.length > 0 ? list : undefined;
};
