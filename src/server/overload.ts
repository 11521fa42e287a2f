import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import { withHint } from '../resolvers/error-codes.ts';
import { Admission, type AdmissionOptions } from './admission.ts';
import type { Metrics } from './metrics.ts';

const retryAfterSeconds = 1;
const body = JSON.stringify({
  errors: [
    {
      message: 'the server has more requests than it can serve, and has not executed this one',
      extensions: {
        ...withHint('OVERLOADED'),
        retryAfterSeconds,
      },
    },
  ],
});
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
  'retry-after': String(retryAfterSeconds),
};

const refuse = (response: ServerResponse) => void response.writeHead(503, headers).end(body);

const admitted = Symbol('admitted');
/** A request that passed `Admission`. What it adds is a property: each entry of a `WeakMap` costs the garbage collector. */
interface Admitted extends IncomingMessage {
  [admitted]?: { readonly at: number; leave(): void };
}

/** Returns when a request arrived, by `performance.now`: deadlines count from then on, also while it waits. */
export const arrivedAt = (request: Admitted): number => request[admitted]?.at ?? performance.now();

/** The routes that execute operations. */
const isAdmitted = ({ method, url = '' }: IncomingMessage) =>
  method !== 'OPTIONS' && (url.startsWith('/graphql') || url.startsWith('/mcp'));

/** Counts a request no longer as running: its response stays open, and takes next to no time. */
export const staysOpen = (request: Admitted): void => request[admitted]?.leave();

/**
 * Wraps the handler of all requests: those to `/graphql` and `/mcp` that the process can't serve soon (`Admission`) are refused with
 * status 503, `Retry-After` and a GraphQL error. This is done before the body is read, and outside of Fastify, whose hooks
 * and log lines would take several times as long. The log says when it begins and when it ends.
 */
export function refuseOverload(
  handle: RequestListener,
  { log, metrics, ...options }: { readonly log: Logger; readonly metrics: Metrics } & AdmissionOptions,
): RequestListener {
  let refused = 0;
  const admission = new Admission({
    ...options,
    onChange(isOverloaded) {
      const { running, waiting } = admission;
      if (isOverloaded) log.warn({ running, waiting }, 'the server is overloaded and refuses requests');
      else log.warn({ refused }, 'the server has caught up with its requests');
      refused = 0;
    },
  });
  metrics.observeRequests(admission);
  return (request: Admitted, response) => {
    if (!isAdmitted(request)) return handle(request, response);
    request[admitted] = { at: performance.now(), leave: () => leave() };
    const leave = admission.enter({
      start: () => handle(request, response),
      refuse() {
        refused += 1;
        metrics.onRefused();
        refuse(response);
      },
    });
    response.once('close', leave);
  };
}
