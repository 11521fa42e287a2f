import { buildSchema, execute, getOperationAST, parse, type GraphQLSchema } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { Context } from '../../src/auth/context.ts';
import { createExecutor } from '../../src/server/executor.ts';
import { askWith } from '../support/ask-with.ts';
import { generateOperations } from '../support/generated-operations.ts';
import { openTestServer } from '../support/test-server.ts';

/** Executes a document several times, and returns the results. */
async function repeat(schema: GraphQLSchema, source: string, times: number, variables = {}) {
  const run = createExecutor(schema);
  const document = parse(source);
  const operation = getOperationAST(document)!;
  const results = [];
  for (let time = 0; time < times; time += 1) {
    results.push(await run({ document, operation, operationName: undefined, variables, context: {} as Context, mayCompile: true })); // prettier-ignore
    // Compiled code is used once graphql-jit is loaded.
    await import('graphql-jit');
  }
  return results;
}

/** A schema whose `executor` field tells what calls its resolver, and whose `fails` field throws. */
function createSchema() {
  const schema = buildSchema(`
    scalar JSON
    type Query { executor: String! fails: String list(numbers: [Int!]!): [Query!] echo(text: String, value: JSON): String }
    type Mutation { executor: String! }
  `);
  const executor = () => (new Error().stack!.includes('compileQuery') ? 'compiled' : 'graphql-js');
  const { executor: field, fails, list } = schema.getQueryType()!.getFields();
  field!.resolve = executor;
  list!.resolve = (_, { numbers }: { numbers: number[] }) => numbers;
  fails!.resolve = async () => {
    throw new TypeError('it fails');
  };
  schema.getMutationType()!.getFields().executor!.resolve = executor;
  return schema;
}

describe('the executor', () => {
  const executors = async (source: string, variables?: object) =>
    (await repeat(createSchema(), source, 5, variables)).map(({ data }) => data?.executor);

  it('compiles a query that comes for the third time', async () => {
    expect(await executors('{ executor }')).toEqual([
      'graphql-js',
      'graphql-js',
      'graphql-js',
      'compiled',
      'compiled',
    ]);
  });

  it.each([
    ['mutations', 'mutation { executor }'],
    ['introspection', '{ executor __schema { description } }'],
    ['names of prototypes', '{ executor __proto__: fails }'],
    [
      'what has hundreds of fields',
      `{ executor ${Array.from({ length: 200 }, (_, index) => `a${index}: executor`).join(' ')} }`,
    ],
    [
      'fragments that multiply',
      `{ executor ...A } ${['A', 'B', 'C', 'D'].map((name, index) => `fragment ${name} on Query { ${Array.from({ length: 4 }, (_, alias) => `l${alias}: list(numbers: []) { executor ${index < 3 ? `...${'BCD'[index]}` : ''} }`).join(' ')} }`).join(' ')}`,
    ],
  ])('leaves %s to graphql-js', async (_, source) => {
    expect(await executors(source)).toEqual(Array(5).fill('graphql-js'));
  });

  it.each([
    ['text', 'text: '],
    ['value', 'value: '],
    ['item of a value', 'value: { list: [1, '],
  ])('has no %s of a client executed', async (_, argument) => {
    // The form that graphql-jit replaces by code.
    const code = '"__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.isExecuted = true"';
    const end = argument.includes('[') ? '] }' : '';
    expect(await executors(`{ executor echo(${argument}${code}${end}) }`)).toEqual(
      Array(5).fill('graphql-js'),
    );
    const byDefault = `query ($text: String = ${code}) { executor echo(text: $text) }`;
    expect(await executors(byDefault)).toEqual(Array(5).fill('graphql-js'));
    const byVariable = 'query ($text: String) { executor echo(text: $text) }';
    expect((await executors(byVariable, { text: JSON.parse(code) })).at(-1)).toBe('compiled');
    expect(globalThis).not.toHaveProperty('isExecuted');
  });

  it('has the errors of graphql-js', async () => {
    const schema = createSchema();
    const source = '{ executor list(numbers: [1, 2]) { fails } }';
    const expected = await execute({ schema, document: parse(source) });
    const result = (await repeat(schema, source, 4)).at(-1)!;
    expect(result.errors!.map((error) => [error.toJSON(), error.extensions, error.originalError])).toEqual(
      expected.errors!.map((error) => [error.toJSON(), error.extensions, error.originalError]),
    );
    expect(result.data).toEqual({ executor: 'compiled', list: [{ fails: null }, { fails: null }] });
  });

  it('executes nothing where a variable does not match its type', async () => {
    const source = 'query ($numbers: [Int!]!) { executor list(numbers: $numbers) { executor } }';
    const results = await repeat(createSchema(), source, 5, { numbers: [1, 'two'] });
    for (const { data, errors } of results) {
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['numbers', '1'] } }]);
    }
  });

  it('traces the resolvers of a router’s request, however often its document comes', async () => {
    const server = await openTestServer();
    onTestFinished(() => server.close());
    const trace = async (headers: Record<string, string>) =>
      (await askWith(server.url, headers, '{ providerAccounts { id } }')).extensions?.ftv1 as
        string | undefined;
    for (let time = 0; time < 4; time += 1) expect(await trace({})).toBeUndefined();
    const traced = await trace({ 'apollo-federation-include-trace': 'ftv1' });
    expect(Buffer.from(traced!, 'base64').toString('latin1')).toContain('providerAccounts');
  });

  it('answers 200 operations in the same bytes, compiled or not', async () => {
    const server = await openTestServer();
    onTestFinished(() => server.close());
    /** The ids of rates are encrypted, each time to another text. */
    const send = async (body: object) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
        body: JSON.stringify(body),
      });
      return (await response.text())
        .replaceAll(/"[\w-]{200,}"/g, '"rate id"')
        .replaceAll(/[0-9a-f-]{36}/g, 'request id');
    };
    let selected = 0;
    for (const { query, variables } of generateOperations(server, 200, 2)) {
      // The providers are asked at first; the ledger answers what it can afterwards.
      await send({ query, variables });
      await send({ query, variables });
      const interpreted = await send({ query, variables });
      await import('graphql-jit');
      const compiled = await send({ query, variables });
      expect(compiled, query).toBe(interpreted);
      selected += compiled.length;
    }
    expect(selected).toBeGreaterThan(100_000);
  }, 180_000);
});
