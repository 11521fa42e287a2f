import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  execute,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';

import type { Context } from '../auth/context.ts';
import { variableError } from './input-paths.ts';

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];

/** An operation is compiled when it comes for this time, so that documents which come once cost nothing more. */
const compiledFrom = 3;
/** The most fields of a compiled operation. Its code grows with them, each fragment counted wherever it is spread. */
const maxFields = 200;

/** What is executed: one operation of a document that is valid, and its variables as they were sent. */
interface Execution {
  readonly document: DocumentNode;
  /** Undefined where the document has no operation of the name, or several and no name is given. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: Context;
}

/**
 * Executes the operations of Apollo Server, in place of its own executor: queries that come again by functions that
 * graphql-jit compiles for them, and all else by graphql-js. Where a variable does not match its type, nothing is executed,
 * and the result has the error of `variableError`.
 */
export function createExecutor(schema: GraphQLSchema): (execution: Execution) => Promise<ExecutionResult> {
  const compile = createCompiler(schema);
  return async ({ document, operation, operationName, variables = {}, context }) => {
    const compiled = operation && compile(document, operation);
    const result = await (compiled
      ? compiled(undefined, context, variables)
      : execute({ schema, document, operationName, variableValues: variables, contextValue: context }));
    if (!result.errors) return result;
    const isBegun = !operation || result.data !== undefined;
    const invalid = isBegun ? undefined : variableError(schema, document, operation, variables);
    if (invalid) return { errors: [invalid] };
    return compiled ? { ...result, errors: result.errors.map(toGraphQLError) } : result;
  };
}

/** Returns an error of compiled code in the form of graphql-js. Its own has no `extensions` where that of graphql-js has empty ones. */
const toGraphQLError = ({ message, path, locations, originalError }: GraphQLError): GraphQLError =>
  Object.assign(new GraphQLError(message, { path, originalError }), { locations });

/** Creates the `gateway` of Apollo Server, which is its way to be given an executor. */
export function createGateway(schema: GraphQLSchema): Gateway {
  const run = createExecutor(schema);
  return {
    onSchemaLoadOrUpdate(onLoad) {
      onLoad({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: ({ document, operation, request: { operationName, variables }, context }) =>
        run({ document, operation, operationName, variables, context: context as Context }),
    }),
    stop: async () => {},
  };
}

/** An operation that was executed before. Apollo Server keeps the documents that it has parsed. */
interface Known {
  times: number;
  compiled?: CompiledQuery['query'];
}

/** Returns a function that returns the compiled form of an operation; undefined where it has none, or not yet. */
function createCompiler(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, Known>();
  return (document: DocumentNode, operation: OperationDefinitionNode): Known['compiled'] => {
    const entry = known.get(operation) ?? { times: 0 };
    known.set(operation, entry);
    entry.times += 1;
    if (entry.times === compiledFrom && isCompilable(document, operation)) {
      // Loaded at the first need, so that it does not delay the start.
      void import('graphql-jit').then(({ compileQuery, isCompiledQuery }) => {
        const compiled = compileQuery(schema, document, operation.name?.value);
        if (isCompiledQuery(compiled)) entry.compiled = compiled.query;
      });
    }
    return entry.compiled;
  };
}

/** Mutations take their time elsewhere. Introspection is large, and seldom asked for twice. */
function isCompilable(document: DocumentNode, { operation, selectionSet }: OperationDefinitionNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  );
  let fields = 0;
  const isSmall = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return isSmall(fragments.get(selection.name.value)!);
      if (selection.kind === Kind.FIELD) {
        fields += 1;
        if (fields > maxFields || selection.name.value.startsWith('__schema')) return false;
      }
      return selection.selectionSet === undefined || isSmall(selection.selectionSet);
    });
  return operation === OperationTypeNode.QUERY && isSmall(selectionSet);
}
