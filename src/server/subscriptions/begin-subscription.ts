import { HeaderMap } from '@apollo/server';
import {
  createSourceEventStream,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLFormattedError,
} from 'graphql';

import type { Context } from '../../auth/context.ts';
import { variableError } from '../input-paths.ts';
import type { OperationPlugin } from '../operation-plugin.ts';
import { withCode } from '../with-code.ts';

/** A subscription whose events are to be executed one by one. */
export interface BegunSubscription {
  readonly args: ExecutionArgs;
  readonly events: AsyncIterable<unknown>;
}

/** The operations that came through a connection which stays open, by their signal: Apollo Server copies their context. */
const streaming = new WeakMap<AbortSignal, Streaming>();

export interface Streaming {
  /** Throws where the caller may open no further subscription. */
  admit(tenantId: string): void;
  begun?: BegunSubscription;
}

/** Allows the operation of a context to be a subscription; returns what it has begun once it has run. */
export function allowSubscription(context: Context, { admit }: Pick<Streaming, 'admit'>): Streaming {
  const allowed: Streaming = { admit };
  streaming.set(context.signal, allowed);
  return allowed;
}

/**
 * Begins subscriptions: after the checks that every operation passes, it creates the stream of events and leaves it to the
 * connection. The response itself has neither data nor errors then.
 */
export const beginSubscriptions = (
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): OperationPlugin => ({
  didResolveOperation({ schema, document, operation, request: { variables = {} }, contextValue }) {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || contextValue.caller === undefined) return;
    const invalid = variableError(schema, document, operation, variables);
    if (invalid) throw invalid;
    const allowed = streaming.get(contextValue.signal);
    if (allowed === undefined) throw needsStream();
    allowed.admit(contextValue.caller.tenant.id);
  },
  async responseForOperation({ schema, document, operation, operationName, request, contextValue }) {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return null;
    const args = { schema, document, operationName, variableValues: request.variables, contextValue };
    const events = await createSourceEventStream(args);
    const http = { headers: new HeaderMap() };
    if ('errors' in events) {
      const errors = events.errors!.map((error) => formatError(withCode(error), error));
      return { http, body: { kind: 'single', singleResult: { errors } } };
    }
    streaming.get(contextValue.signal)!.begun = { args, events: events as AsyncIterable<unknown> };
    return { http, body: { kind: 'single', singleResult: { data: null } } };
  },
});

/** The error of a subscription that is sent as a plain HTTP request. */
const needsStream = () =>
  new GraphQLError('a subscription needs a connection that stays open', {
    extensions: {
      code: 'BAD_REQUEST',
      hint: 'Use the WebSocket protocol of graphql-ws, or send `accept: text/event-stream` with the request.',
      http: { status: 400 },
    },
  });
