import {
  getDirectiveValues,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

import { blocks, code, table } from './markdown.ts';

/**
 * Returns docs/schema.md: the operations, then the types by their noun.
 *
 * @param nouns the names of the types that each file of `schema/` defines, by the file's name
 */
export function schemaReference(
  schema: GraphQLSchema,
  nouns: Readonly<Record<string, readonly string[]>>,
): string {
  const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
  const sections = Object.entries(nouns).flatMap(([noun, names]) => {
    const types = names.map((name) => schema.getType(name)!).filter((type) => !roots.includes(type as never));
    return types.length > 0 ? [{ noun: `${noun[0]!.toUpperCase()}${noun.slice(1)}`, types }] : [];
  });
  const describe = (type: GraphQLNamedType) => describeType(schema, type);
  return blocks(
    '# Schema',
    '<!-- Written by npm run codegen. -->',
    `Every operation and type, with the descriptions of [schema/](../schema), the permission that each takes
([callers.md](callers.md)), and its weight in the cost of an operation where it has one ([deployment.md](deployment.md#limits)).
A type that ends in \`!\` is never null.`,
    contents(sections),
    ...roots.flatMap((root) => [
      `## ${root.name}`,
      root.description ?? '',
      ...Object.values(root.getFields())
        .filter(({ name }) => !name.startsWith('_'))
        .sort((a, b) => a.name.localeCompare(b.name))
        .map((field) => describeOperation(schema, root.name, field)),
    ]),
    ...sections.flatMap(({ noun, types }) => [`## Types: ${noun}`, ...types.map(describe)]),
  );
}

interface Section {
  readonly noun: string;
  readonly types: readonly GraphQLNamedType[];
}

function contents(sections: readonly Section[]): string {
  const operations = ['Query', 'Mutation', 'Subscription'].map((name) => `[${name}](#${anchor(name)})`);
  const types = sections.map(({ noun }) => `[${noun}](#${anchor(`Types: ${noun}`)})`);
  return `Operations: ${operations.join(', ')}. Types: ${types.join(', ')}.`;
}

function describeOperation(
  schema: GraphQLSchema,
  root: string,
  field: GraphQLField<unknown, unknown>,
): string {
  return blocks(
    `### ${root}.${field.name}`,
    field.description ?? '',
    `Returns ${typeLink(field.type)}. ${requirements(schema, field)}`.trim(),
    field.args.length > 0 ? valueTable('argument', field.args) : '',
  ).trimEnd();
}

function describeType(schema: GraphQLSchema, type: GraphQLNamedType): string {
  return blocks(
    `### ${type.name}`,
    type.description ?? '',
    isObjectType(type) ? requirements(schema, type) : '',
    describeMembers(schema, type),
  ).trimEnd();
}

function describeMembers(schema: GraphQLSchema, type: GraphQLNamedType): string {
  if (isEnumType(type)) {
    return table(['value', 'meaning'], type.getValues().map(({ name, description }) => [code(name), description ?? ''])); // prettier-ignore
  }
  if (isInputObjectType(type)) return valueTable('field', Object.values(type.getFields()));
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  return table(
    ['field', 'type', 'description'],
    Object.values(type.getFields()).map((field) => [
      code(field.name),
      typeLink(field.type),
      [field.description, requirements(schema, field), ...field.args.map(describeArgument)].filter(Boolean).join(' '), // prettier-ignore
    ]),
  );
}

const describeArgument = ({ name, type, description }: GraphQLArgument) =>
  `Argument ${code(name)} (${typeLink(type)}): ${description ?? ''}`;

const valueTable = (kind: string, values: readonly (GraphQLArgument | GraphQLInputField)[]) =>
  table(
    [kind, 'type', 'description'],
    values.map(({ name, type, description, defaultValue }) => [
      code(name),
      typeLink(type),
      `${description ?? ''}${defaultValue === undefined ? '' : ` Default: ${code(JSON.stringify(defaultValue))}.`}`,
    ]),
  );

/** Returns the permissions that a field or type takes, and its weight in the cost of an operation where it has one. */
function requirements(
  schema: GraphQLSchema,
  { astNode }: Pick<GraphQLField<unknown, unknown>, 'astNode'> | GraphQLNamedType,
): string {
  const valueOf = (directive: string) =>
    astNode && getDirectiveValues(schema.getDirective(directive)!, astNode);
  const scopes = valueOf('requiresScopes')?.scopes as readonly (readonly string[])[] | undefined;
  const weight = valueOf('cost')?.weight as number | undefined;
  const sets = scopes?.map((names) => names.map(code).join(' and ')).join(', or ');
  return [sets === undefined ? '' : `Permission: ${sets}.`, weight === undefined ? '' : `Weight: ${weight}.`]
    .filter(Boolean)
    .join(' ');
}

/** Links a type to its section: a link in code, so the brackets of lists stand outside of it. */
function typeLink(type: GraphQLType): string {
  const { name } = getNamedType(type);
  const text = String(type);
  const [before, after] = [text.slice(0, text.indexOf(name)), text.slice(text.indexOf(name) + name.length)];
  const named = isSpecifiedScalarType(getNamedType(type)) ? name : `[${name}](#${anchor(name)})`;
  return `${before.replaceAll('[', '\\[')}${named}${after.replaceAll(']', '\\]')}`;
}

/** Returns the anchor that GitHub gives a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
