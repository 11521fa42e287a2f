import type { CallToolResult } from '@modelcontextprotocol/server';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

import type { Tool } from './tools/tool.ts';

/** What a mutation tells beside its result. */
interface Payload {
  readonly userErrors?: readonly Problem[];
  readonly failure?: object | null;
}

/** Converts the result of a tool's operation. The short text comes first; then the data as JSON, for clients that do not read structured content. */
export function toToolResult(tool: Tool, { data, errors = [] }: FormattedExecutionResult): CallToolResult {
  const { userErrors = [], failure } = (Object.values(data ?? {})[0] ?? {}) as Payload;
  const problems = [...errors.flatMap(problemsOf), ...userErrors].map(describeProblem);
  const text = problems.length > 0 ? problems.join('\n') : tool.summarize(data as never);
  const structuredContent = errors.length > 0 ? { ...data, errors } : { ...data };
  return {
    content: [
      { type: 'text', text },
      { type: 'text', text: JSON.stringify(structuredContent) },
    ],
    structuredContent,
    isError: problems.length > 0 || Boolean(failure),
  };
}

interface Problem {
  readonly message: string;
  readonly code?: unknown;
  readonly field?: readonly string[] | null;
  readonly hint?: unknown;
}

/** An error in a query's input stands for all of `extensions.errors`. */
const problemsOf = ({ message, extensions }: GraphQLFormattedError): readonly Problem[] =>
  (extensions?.errors as readonly Problem[] | undefined) ?? [
    { message, code: extensions?.code, hint: extensions?.hint },
  ];

const describeProblem = ({ code, field, message, hint }: Problem) =>
  [`${String(code)}:`, field?.join('.'), message, hint].filter(Boolean).join(' ');
