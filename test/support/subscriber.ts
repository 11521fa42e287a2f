import type { FormattedExecutionResult } from 'graphql';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import WebSocket from 'ws';

/** A subscription whose messages are read one after the other. */
export interface Subscriber {
  /** Returns the next message; throws the error that ended the subscription instead. */
  next(): Promise<FormattedExecutionResult<any, unknown>>;
  /** Returns the messages that come until one satisfies the condition, that one included. */
  until(isLast: (data: any) => boolean): Promise<any[]>;
  end(): Promise<void>;
}

/** Opens a client of the WebSocket protocol. It does not reconnect by itself. */
export const openClient = (url: string, key = 'sandbox', options: Partial<ClientOptions> = {}): Client =>
  createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    ...options,
  });

export function subscribe(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Subscriber {
  const messages = client.iterate<any>({ query, variables });
  const next = async () => {
    const { done, value } = await messages.next();
    if (done) throw new Error('the subscription has ended');
    return value;
  };
  return {
    next,
    async until(isLast) {
      const all: any[] = [];
      while (all.length === 0 || !isLast(all.at(-1))) all.push((await next()).data);
      return all;
    },
    end: async () => void (await messages.return?.()),
  };
}

/** The WebSocket close event that ends what the work waits for. */
export async function closeOf(work: () => Promise<unknown>): Promise<{ code: number; reason: string }> {
  try {
    await work();
  } catch (error) {
    const { code, reason } = error as { code: number; reason: string };
    return { code, reason };
  }
  throw new Error('the connection was not closed');
}
