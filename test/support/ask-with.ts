import type { Answer } from './test-server.ts';

/** Sends a GraphQL request with further headers; returns the response with its extensions and its id. */
export async function askWith(
  url: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: object = {},
  key = 'sandbox',
): Promise<Answer<any> & { readonly extensions: any; readonly requestId: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const requestId = response.headers.get('x-request-id')!;
  return { status: response.status, requestId, ...(await response.json()) };
}
