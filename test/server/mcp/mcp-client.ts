import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client';

/** A client of `/mcp` as agents have it. */
export interface McpClient {
  readonly client: Client;
  call(tool: string, args: object): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError: boolean;
  /** The sentence for people. */
  readonly text: string;
  readonly data: any;
}

/** Connects the official client. `fetch` may lose responses. */
export async function connectMcp(
  url: string,
  key: string,
  options: { readonly fetch?: typeof fetch; readonly client?: ClientOptions } = {},
): Promise<McpClient> {
  const client = new Client({ name: 'a test', version: '1' }, options.client);
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
      fetch: options.fetch,
    }),
  );
  return {
    client,
    async call(name, args) {
      const {
        isError = false,
        content,
        structuredContent,
      } = await client.callTool({ name, arguments: { ...args } });
      const [first] = content;
      return { isError, text: first?.type === 'text' ? first.text : '', data: structuredContent };
    },
    close: () => client.close(),
  };
}
