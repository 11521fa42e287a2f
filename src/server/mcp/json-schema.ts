import { isEnumType, type GraphQLNamedType } from 'graphql';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schemas that `$ref` names, by name. */
export type Definitions = Record<string, JsonSchema>;

/** Adds a definition, once, and returns a reference to it. */
export function define(definitions: Definitions, name: string, create: () => JsonSchema): JsonSchema {
  if (!(name in definitions)) {
    // Set before it is created, so that a type that contains itself ends.
    definitions[name] = {};
    definitions[name] = create();
  }
  return { $ref: `#/$defs/${name}` };
}

export const objectSchema = (
  properties: readonly (readonly [name: string, schema: JsonSchema])[],
  required: readonly string[],
): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(properties),
  required,
  additionalProperties: false,
});

const jsonTypes: Readonly<Record<string, string>> = { Int: 'integer', Float: 'number', Boolean: 'boolean' };

/** The schema of an enum or a scalar. All scalars but GraphQL's own three travel as strings. */
export const leafSchema = (type: GraphQLNamedType) => ({
  type: jsonTypes[type.name] ?? 'string',
  ...(isEnumType(type) ? { enum: type.getValues().map(({ name }) => name) } : {}),
});
