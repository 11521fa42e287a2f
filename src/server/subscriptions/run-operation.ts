import { HeaderMap, type ApolloServer, type GraphQLRequest } from '@apollo/server';
import { execute, GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';

import type { Identity } from '../../auth/authenticate.ts';
import type { Context, createContextFactory } from '../../auth/context.ts';
import { recordResult, runRequest, type RequestRecord } from '../../auth/request-record.ts';
import { OperationTimeout } from '../../resolvers/errors.ts';
import { unauthenticated } from '../../resolvers/require-caller.ts';
import { Counter } from '../counter.ts';
import type { Metrics } from '../metrics.ts';
import type { RequestLimits } from '../request-limits.ts';
import { withCode } from '../with-code.ts';
import { allowSubscription, type BegunSubscription } from './begin-subscription.ts';
import { tooManySubscriptions, type SubscriptionLimits } from './limits.ts';

/** A connection through which operations come, and their results go. */
export interface Connection {
  readonly transport: 'websocket' | 'event-stream' | 'multipart';
  /** Who sends its operations, as of now: a key may expire or be deleted while the connection is open. */
  identify(): Promise<Identity>;
  /** Of the HTTP request that opened it. */
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | undefined;
  /** Aborted when it closes. */
  readonly signal: AbortSignal;
  /** Closes it, since its client does not take what it is sent. */
  drop(reason: string): void;
}

export type Result = FormattedExecutionResult;

/** A response, or the messages of a subscription until one side ends it. */
export type Outcome =
  { readonly result: Result; readonly status: number } | { readonly messages: AsyncGenerator<Result> };

export interface RunnerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly createContext: ReturnType<typeof createContextFactory>;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly limits: SubscriptionLimits;
  readonly requestLimits: RequestLimits;
  /** The time after which an operation that is no subscription is aborted. */
  readonly operationTimeoutMs: number;
  readonly metrics: Pick<Metrics, 'onSubscription'>;
  readonly log: Logger;
}

/** Runs an operation that came through a connection. */
export type RunOperation = (
  connection: Connection,
  request: Pick<GraphQLRequest, 'query' | 'variables' | 'operationName' | 'extensions'>,
  record: RequestRecord,
) => Promise<Outcome>;

/**
 * Creates the function that runs operations of connections as those of plain HTTP requests are run, with the same checks
 * and limits, and also subscriptions. Each event of a subscription is executed with loaders of its own.
 */
export function createOperationRunner(options: RunnerOptions): RunOperation {
  const { apollo, createContext, formatError, limits, requestLimits, operationTimeoutMs } = options;
  const toRefusal = (error: unknown) => {
    if (!(error instanceof GraphQLError)) throw error;
    return { result: { errors: [formatError(withCode(error), error)] }, status: 429 };
  };
  const ofTenants = new Counter();
  const ofConnections = new WeakMap<Connection, Counter>();
  return async (connection, request, record) => {
    const identity = await connection.identify();
    const leave = await runRequest(record, () => requestLimits.admit(identity.caller, connection.remoteAddress)).catch(toRefusal); // prettier-ignore
    if ('result' in leave) return leave;
    const ended = new AbortController();
    const signal = AbortSignal.any([connection.signal, ended.signal]);
    const timer = setTimeout(() => ended.abort(new OperationTimeout(operationTimeoutMs)), operationTimeoutMs);
    const { requestId } = record;
    const newContext = (of: Identity) =>
      createContext(of, { requestId, signal, receivedAt: performance.now() });
    const context = newContext(identity);
    const counts: (() => void)[] = [];
    const ofConnection = ofConnections.get(connection) ?? new Counter();
    ofConnections.set(connection, ofConnection);
    const allowed = allowSubscription(context, {
      admit(tenantId) {
        const count = (counter: Counter, scope: 'connection' | 'tenant', limit: number) =>
          counts.push(counter.open(tenantId, limit) ?? throwError(tooManySubscriptions(limit, scope)));
        count(ofConnection, 'connection', limits.perConnection);
        count(ofTenants, 'tenant', limits.perTenant);
      },
    });
    const end = () => {
      ended.abort(new Error('the operation has ended'));
      for (const release of counts) release();
    };
    try {
      const { body, http } = await runRequest(record, () =>
        apollo.executeOperation({ ...request, http: httpOf(connection) }, { contextValue: context }),
      );
      if (allowed.begun) {
        return { messages: openMessages({ ...options, connection, record, newContext, end }, allowed.begun) };
      }
      end();
      if (body.kind !== 'single') throw new Error('incremental results are not supported');
      return { result: body.singleResult, status: http.status ?? 200 };
    } catch (error) {
      end();
      throw error;
    } finally {
      clearTimeout(timer);
      leave();
    }
  };
}

const throwError = (error: Error): never => {
  throw error;
};

/** The headers decide of calls and plans. The body is not read from here. */
const httpOf = ({ headers }: Connection) => ({
  method: 'POST',
  headers: new HeaderMap(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  search: '',
  body: {},
});

interface OpenSubscription extends RunnerOptions {
  readonly connection: Connection;
  readonly record: RequestRecord;
  readonly newContext: (of: Identity) => Context;
  readonly end: () => void;
}

/** Returns the messages of a subscription, which is counted from now on until they end. */
function openMessages(subscription: OpenSubscription, begun: BegunSubscription): AsyncGenerator<Result> {
  const { connection, record, metrics, limits, log, end } = subscription;
  const { transport, signal } = connection;
  const started = performance.now();
  const closed = metrics.onSubscription(transport);
  const messages = executeEvents(subscription, begun);
  let sent = 0;
  let isOpen = true;
  let slow: NodeJS.Timeout | undefined;
  const close = (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(slow);
    signal.removeEventListener('abort', onAbort);
    end();
    closed();
    const { requestId, tenant, operation } = record;
    const seconds = Math.round((performance.now() - started) / 1000);
    log.info({ requestId, tenant, operation, transport, messages: sent, seconds, reason }, 'subscription ended'); // prettier-ignore
  };
  const onAbort = () => close('the connection was closed');
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return {
    async next() {
      clearTimeout(slow);
      if (!isOpen) return { done: true, value: undefined };
      const next = await runRequest(record, () => messages.next());
      if (next.done) close('completed');
      else {
        sent += 1;
        slow = setTimeout(() => {
          close('the client was too slow');
          connection.drop(`the client did not take a message within ${limits.deliveryMs} ms`);
        }, limits.deliveryMs);
      }
      return next;
    },
    async return() {
      close('ended by the client');
      return messages.return(undefined);
    },
    throw: (error) => messages.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => close('ended by the client'),
  };
}

/** Executes each event. An error of the stream itself is its last message. */
async function* executeEvents(
  { connection, newContext, formatError }: OpenSubscription,
  { args, events }: BegunSubscription,
): AsyncGenerator<Result> {
  const format = (errors: readonly GraphQLError[]) =>
    errors.map((error) => formatError(withCode(error), error));
  try {
    for await (const rootValue of events) {
      const identity = await connection.identify();
      if (identity.caller === undefined) throw unauthenticated(identity);
      recordResult(rootValue);
      const { data, errors } = await execute({ ...args, rootValue, contextValue: newContext(identity) });
      yield errors ? { data, errors: format(errors) } : { data };
    }
  } catch (error) {
    const originalError = error instanceof Error ? error : new Error(String(error));
    yield { errors: format([new GraphQLError(originalError.message, { originalError, path: [] })]) };
  }
}
