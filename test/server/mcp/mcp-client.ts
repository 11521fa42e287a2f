import { AsyncLocalStorage } from 'node:async_hooks';

import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client';

/** A client of `/mcp` as agents have it. */
export interface McpClient {
  readonly client: Client;
  /** `signal` closes the connection of the call. */
  call(tool: string, args: object, signal?: AbortSignal): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError: boolean;
  /** The sentence for people. */
  readonly text: string;
  readonly data: any;
}

/** The signal that closes the connection of the call that runs: the client itself would send a notification instead. */
const connectionSignal = new AsyncLocalStorage<AbortSignal | undefined>();

const interruptibleFetch: typeof fetch = (input, init) => {
  const signals = [init?.signal, connectionSignal.getStore()].filter((signal) => signal != null);
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
};

/** Connects the official client. */
export async function connectMcp(url: string, key: string, options: ClientOptions = {}): Promise<McpClient> {
  const client = new Client({ name: 'a test', version: '1' }, options);
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
      fetch: interruptibleFetch,
    }),
  );
  return {
    client,
    async call(name, args, signal) {
      const result = await connectionSignal.run(signal, () =>
        client.callTool({ name, arguments: { ...args } }),
      );
      const [first] = result.content;
      return {
        isError: result.isError ?? false,
        text: first?.type === 'text' ? first.text : '',
        data: result.structuredContent,
      };
    },
    close: () => client.close(),
  };
}
