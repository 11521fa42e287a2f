import { isEnumType, type GraphQLSchema } from 'graphql';

import type { Provider, PublishedError } from '../../carriers/provider.ts';
import { retryableCodes, type ProviderFailureCode } from '../../domain/errors.ts';
import { errorCodes } from '../../resolvers/error-codes.ts';
import { blocks, code, table } from './markdown.ts';

/** Returns docs/errors.md: every code with what it means, what to do, and whether the same call may succeed later. */
export function errorReference(schema: GraphQLSchema, providers: readonly Provider[]): string {
  return blocks(
    '# Errors',
    '<!-- Written by npm run codegen. -->',
    `What each error code means, and what to do. An error stands in one of three places, by who decides:

- [A request that is refused as a whole](#errors-of-a-request) has \`errors\`, each with \`extensions.code\`.
- [A mutation whose input is wrong](#errors-of-an-input) has \`userErrors\`. No provider was called, and nothing was changed.
- [A provider that refuses or does not respond](#failures-of-a-provider) is a \`failure\` beside the answers of the others.
  Where a field has no room for it, it is one of \`errors\`, with the same fields in \`extensions\`.

\`message\` is for people and may change; \`code\` stays. Codes may be added. Every response has its id in \`x-request-id\`, and
the log has it as \`requestId\`.`,
    '## Errors of a request',
    requestErrors(),
    '## Errors of an input',
    enumTable(schema, 'ShippingUserErrorCode'),
    '## Failures of a provider',
    `The \`hint\` and \`retryable\` of a failure are more exact than this table. Repeat a call after \`retryAfterSeconds\`, and a
mutation with the same idempotency key, so that it is performed once.`,
    enumTable(schema, 'ProviderFailureCode', (name) => retryableCodes.has(name as ProviderFailureCode)),
    ...providers.flatMap(providerErrors),
  );
}

function requestErrors(): string {
  const rows = Object.entries<(typeof errorCodes)[keyof typeof errorCodes] & { retryable?: boolean }>(
    errorCodes,
  );
  return table(
    ['code', 'meaning', 'what to do', 'retry'],
    rows.map(([name, { meaning, hint, retryable }]) => [code(name), meaning, hint, retry(retryable)]),
  );
}

function enumTable(schema: GraphQLSchema, name: string, isRetryable?: (value: string) => boolean): string {
  const type = schema.getType(name);
  if (!isEnumType(type)) throw new Error(`the schema has no enum ${name}`);
  return table(
    ['code', 'meaning, and what to do', isRetryable ? 'retry' : ''],
    type.getValues().map((value) => [
      code(value.name),
      value.description ?? '',
      isRetryable && retry(isRetryable(value.name)), //
    ]),
  );
}

const retry = (helps = false) => (helps ? 'yes' : 'no');

function providerErrors({ name, errors = [] }: Provider): string[] {
  if (errors.length === 0) return [];
  const byStatus = errors.some((error) => error.code === undefined);
  const alike = Map.groupBy(errors, ({ meaning, code, hint }) => JSON.stringify([meaning, code, hint]));
  return [
    `## Error codes of ${name}`,
    `\`providerCode\` of a failure has them.${byStatus ? ' Where `code` is empty, the HTTP status decides it.' : ''}`,
    table(
      ['providerCode', 'meaning', 'code', 'what to do'],
      [...alike.values()].map((group) => {
        const { meaning, code: ours, hint } = group[0]!;
        return [sortCodes(group), meaning, ours && code(ours), hint];
      }),
    ),
  ];
}

const sortCodes = (group: readonly PublishedError[]) =>
  group
    .flatMap(({ codes }) => codes.split(' '))
    .sort()
    .join(', ');
