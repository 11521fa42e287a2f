import {
  coerceInputValue,
  GraphQLError,
  isInputType,
  isNonNullType,
  Kind,
  typeFromAST,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

import type { UserError } from '../domain/errors.ts';
import { badUserInput } from '../resolvers/errors.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** The most errors that one response lists. */
const maxErrors = 50;

/**
 * Reports each value of a document that does not match its type by its path from the argument, as resolvers report theirs:
 * in `extensions.field`. graphql-js names literals by their position.
 */
export const reportInputPaths: OperationPlugin = {
  didEncounterErrors({ document, errors }) {
    if (document === undefined || errors.length > maxErrors) return;
    for (const { nodes, extensions } of errors) {
      const field = nodes?.[0] && pathOf(document, nodes[0]);
      if (field) extensions.field ??= field;
    }
  },
};

/**
 * Returns the error of variables that do not match their types, with status 400; undefined where all do. It names each by
 * its path from the argument, where graphql-js has the client's own name for the variable.
 */
export function variableError(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  const errors = variableErrors(schema, document, operation, variables);
  if (errors.length === 0) return undefined;
  const { message, extensions } = badUserInput({ errors: errors.slice(0, maxErrors) });
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}

function variableErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): UserError[] {
  const errors: UserError[] = [];
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    const argument = () => pathOf(document, variable) ?? [name];
    if (!isInputType(type)) continue;
    if (!Object.hasOwn(variables, name)) {
      if (isNonNullType(type) && !defaultValue) {
        errors.push({ code: 'REQUIRED', field: argument(), message: `the variable $${name} is required` });
      }
      continue;
    }
    coerceInputValue(variables[name], type, (path, _, { message }) => {
      errors.push({ code: 'INVALID', field: [...argument(), ...path.map(String)], message });
    });
  }
  return errors;
}

/** Returns the path of a value in the arguments of a document: "input", "to", "country"; a variable's is that of its first use. */
function pathOf(document: DocumentNode, sought: ASTNode): string[] | undefined {
  let found: string[] | undefined;
  const search = (value: ValueNode, path: string[]): void => {
    if (found) return;
    if (value === sought || isSameVariable(value, sought)) found = path;
    else if (value.kind === Kind.LIST)
      value.values.forEach((item, index) => search(item, [...path, String(index)])); // prettier-ignore
    else if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) {
        if (field === sought) found = [...path, field.name.value];
        search(field.value, [...path, field.name.value]);
      }
    }
  };
  visit(document, { Argument: ({ name, value }) => search(value, [name.value]) });
  return found;
}

const isSameVariable = (value: ValueNode, sought: ASTNode) =>
  value.kind === Kind.VARIABLE && sought.kind === Kind.VARIABLE && value.name.value === sought.name.value;
