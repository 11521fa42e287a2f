import type { Answer } from './test-server.ts';

/** Sends a GraphQL request with further headers; returns the response with its extensions. */
export async function askWith(
  url: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: object = {},
  key = 'sandbox',
): Promise<Answer<any> & { readonly extensions: any }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...(await response.json()) };
}
