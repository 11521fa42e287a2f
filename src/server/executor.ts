import {
  BREAK,
  execute,
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';

import type { Context } from '../auth/context.ts';
import { variableError } from './input-paths.ts';

/** An operation is compiled when it comes for this time, so that documents which seldom come cost nothing more. */
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
  /** False where Apollo Server traces the resolvers, of which compiled code knows nothing. */
  readonly mayCompile: boolean;
}

/**
 * Executes the operations of Apollo Server, in place of its own executor: queries that come again by functions that
 * graphql-jit compiles for them, and all else by graphql-js. Where a variable does not match its type, nothing is executed,
 * and the result has the error of `variableError`.
 */
export function createExecutor(schema: GraphQLSchema): (execution: Execution) => Promise<ExecutionResult> {
  const compile = createCompiler(schema);
  return async ({ document, operation, operationName, variables = {}, context, mayCompile }) => {
    const compiled = operation && mayCompile ? compile(document, operation) : undefined;
    const interpret = () =>
      execute({ schema, document, operationName, variableValues: variables, contextValue: context });
    const result = await (compiled ? compiled(undefined, context, variables) : interpret());
    if (!result.errors || !operation) return result;
    if (result.data === undefined) {
      const invalid = variableError(schema, document, operation, variables);
      if (invalid) return { errors: [invalid] };
      // Should the two differ on a variable, graphql-js decides.
      return compiled ? interpret() : result;
    }
    return compiled ? { ...result, errors: result.errors.map(toGraphQLError) } : result;
  };
}

/** Returns an error of compiled code in the form of graphql-js. Its own has no `extensions` where that of graphql-js has empty ones. */
const toGraphQLError = ({ message, path, locations, originalError }: GraphQLError): GraphQLError =>
  Object.assign(new GraphQLError(message, { path, originalError }), { locations });

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

/** Mutations take their time elsewhere. */
const isCompilable = (document: DocumentNode, operation: OperationDefinitionNode): boolean =>
  operation.operation === OperationTypeNode.QUERY &&
  !holdsClientText(document) &&
  countFields(document, operation.selectionSet) <= maxFields;

/**
 * Tells whether a document holds a text of the client, or a name that JavaScript or introspection knows. graphql-jit 0.8.9 writes
 * texts into the code, and has a form of them executed (`MAGIC_DATE`): code holds nothing but names and numbers. Texts come
 * by variables, whose values are not part of it.
 */
function holdsClientText(document: DocumentNode): boolean {
  let isFound = false;
  const find = () => {
    isFound = true;
    return BREAK;
  };
  visit(document, {
    StringValue: find,
    Name: ({ value }) => (value.startsWith('__') && value !== '__typename' ? find() : undefined),
  });
  return isFound;
}

/** Counts fields, each fragment wherever it is spread, until there are more than `maxFields`. */
function countFields(document: DocumentNode, selectionSet: SelectionSetNode): number {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  );
  let fields = 0;
  const count = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      if (fields > maxFields) return;
      if (selection.kind === Kind.FRAGMENT_SPREAD) count(fragments.get(selection.name.value)!);
      else if (selection.selectionSet) count(selection.selectionSet);
    }
  };
  count(selectionSet);
  return fields;
}
