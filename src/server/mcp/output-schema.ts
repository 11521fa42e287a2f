import {
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { define, leafSchema, objectSchema, type Definitions, type JsonSchema } from './json-schema.ts';

/**
 * Derives the schema of an operation's `data`. A selection consists of fields, or of one fragment alone, which becomes a
 * definition.
 */
export function outputSchemaOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): JsonSchema {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition.selectionSet] as const]
        : [],
    ),
  );
  const $defs: Definitions = {};

  const ofSelection = (type: GraphQLObjectType, { selections }: SelectionSetNode): JsonSchema => {
    const [first] = selections;
    if (first?.kind === Kind.FRAGMENT_SPREAD) {
      const name = first.name.value;
      return define($defs, name, () => ofSelection(type, fragments.get(name)!));
    }
    const properties = selections
      .filter((selection) => selection.kind === Kind.FIELD)
      .map((node) => {
        const { type: fieldType } = type.getFields()[node.name.value]!;
        return [(node.alias ?? node.name).value, ofType(fieldType, node)] as const;
      });
    const names = properties.map(([name]) => name);
    return objectSchema(properties, names);
  };

  const ofType = (type: GraphQLOutputType, node: FieldNode): JsonSchema => {
    const present = ofPresent(type, node);
    return isNonNullType(type) ? present : { anyOf: [present, { type: 'null' }] };
  };

  const ofPresent = (type: GraphQLOutputType, node: FieldNode): JsonSchema => {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return { type: 'array', items: ofType(nullable.ofType, node) };
    if (isObjectType(nullable)) return ofSelection(nullable, node.selectionSet!);
    return leafSchema(getNamedType(nullable));
  };

  return { ...ofSelection(schema.getRootType(operation)!, selectionSet), $defs };
}
