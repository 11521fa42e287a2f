import type { CallToolResult } from '@modelcontextprotocol/server';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

import type { Tool } from './tools/tool.ts';

/** What a mutation tells beside its result. */
interface Payload {
  readonly userErrors?: readonly Problem[];
  readonly failure?: Problem | null;
}

/**
 * Converts the result of a tool's operation. The short text comes first; then the data as JSON, for clients that do not
 * read structured content.
 */
export function toToolResult(tool: Tool, { data, errors = [] }: FormattedExecutionResult): CallToolResult {
  const { userErrors = [], failure } = (Object.values(data ?? {})[0] ?? {}) as Payload;
  const problems = [...errors.flatMap(problemsOf), ...userErrors].map(describeProblem);
  const summary = problems.length > 0 ? problems : [tool.summarize(data as never)];
  // Its message may repeat the words of a provider.
  const reason = failure ? [describeProblem({ code: failure.code, hint: failure.hint })] : [];
  const text = [...summary, ...reason].join('\n');
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
  readonly message?: string;
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
