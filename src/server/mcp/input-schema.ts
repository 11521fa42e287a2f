import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

import { define, leafSchema, objectSchema, type Definitions, type JsonSchema } from './json-schema.ts';

/** Derives the schema of an operation's variables, described as the arguments and input fields that take them. */
export function inputSchemaOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): JsonSchema {
  const descriptions = describeVariables(schema, document);
  const $defs: Definitions = {};
  const variables = variableDefinitions.map(({ variable: { name }, type: node }) => {
    const type = typeFromAST(schema, node) as GraphQLInputType;
    return { name: name.value, type, description: descriptions.get(name.value) };
  });
  const properties = variables.map(
    ({ name, type, description }) => [name, { ...inputSchema(type, $defs), description }] as const,
  );
  const required = variables.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  return { ...objectSchema(properties, required), $defs };
}

/** The descriptions of the arguments and input fields whose value is a variable, by the variable's name. */
function describeVariables(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<string, string> {
  const descriptions = new Map<string, string>();
  const typeInfo = new TypeInfo(schema);
  const add = (value: ValueNode, taker: { readonly description?: string | null } | null | undefined) => {
    if (value.kind === Kind.VARIABLE && taker?.description)
      descriptions.set(value.name.value, taker.description);
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument: ({ value }) => add(value, typeInfo.getArgument()),
      ObjectField({ name, value }) {
        const parent = getNamedType(typeInfo.getParentInputType());
        if (isInputObjectType(parent)) add(value, parent.getFields()[name.value]);
      },
    }),
  );
  return descriptions;
}

function inputSchema(type: GraphQLInputType, $defs: Definitions): JsonSchema {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return { type: 'array', items: inputSchema(nullable.ofType, $defs) };
  if (!isInputObjectType(nullable)) return leafSchema(nullable);
  return define($defs, nullable.name, () => inputObjectSchema(nullable, $defs));
}

function inputObjectSchema(type: GraphQLInputObjectType, $defs: Definitions): JsonSchema {
  const fields = Object.values(type.getFields());
  const properties = fields.map(
    ({ name, type: fieldType, description }) =>
      [name, { ...inputSchema(fieldType, $defs), description }] as const,
  );
  const required = fields.filter(isRequiredInputField).map(({ name }) => name);
  return { description: type.description, ...objectSchema(properties, required) };
}
