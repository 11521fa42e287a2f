import {
  __Schema,
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  typeFromAST,
  TypeMetaFieldDef,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

import { withHint } from '../resolvers/error-codes.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/**
 * The most that one operation may cost. An object costs 1, a call to a provider 1,000: the weights are in the schema, as
 * `@cost`. A thousand trackers with their events, or a thousand shipments with theirs, stay below.
 */
export const maxCost = 250_000;

/** The items that a list is assumed to have where neither the operation nor the schema says it. */
const assumedListSize = 5;
/** The types of a schema, as introspection lists them. */
const introspectedTypes = 200;
/** The weight of a mutation's field without `@cost`. */
const mutationWeight = 10;

type Variables = Readonly<Record<string, unknown>>;

/** Refuses an operation that may cost too much, by its document and variables alone: before a resolver runs. */
export const limitCost: OperationPlugin = {
  didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
    const cost = operation ? knownCost(schema, document, operation, variables) : 0;
    if (cost <= maxCost) return;
    throw new GraphQLError(`the operation costs ${cost}, and ${maxCost} is allowed`, {
      extensions: {
        ...withHint('OPERATION_TOO_COSTLY'),
        cost,
        maxCost,
        http: { status: 400 },
      },
    });
  },
};

/** The costs of an operation by the sizes of its variables. Apollo Server keeps the documents that it has parsed. */
const known = new WeakMap<OperationDefinitionNode, Map<string, number>>();
/** The most sizes for which the cost of one operation is kept. */
const maxKnown = 50;

const knownCost: typeof operationCost = (schema, document, operation, variables) => {
  const costs = known.get(operation) ?? new Map<string, number>();
  const sizes = (operation.variableDefinitions ?? [])
    .map(({ variable }) => sizeOfVariable(variables[variable.name.value]))
    .join();
  const cost = costs.get(sizes) ?? operationCost(schema, document, operation, variables);
  if (costs.size < maxKnown) costs.set(sizes, cost);
  known.set(operation, costs);
  return cost;
};

/**
 * Returns what an operation costs at most: its fields and objects by their `@cost`, times the sizes of the lists that they
 * are in. A list has as many items as its `@listSize` says, or as the list among its field's arguments has.
 */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
  variables: Variables,
): number {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  /** By fragment and the sizes around it: fragments that spread each other would multiply the work otherwise. */
  const costs = new Map<string, number>();

  const costOf = (set: SelectionSetNode, type: GraphQLCompositeType, sizes: ListSizes): number =>
    set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + costOfField(selection, type, sizes);
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        const on = typeCondition ? (typeFromAST(schema, typeCondition) as GraphQLCompositeType) : type;
        return sum + costOf(selection.selectionSet, on, sizes);
      }
      return sum + costOfFragment(selection.name.value, sizes);
    }, 0);

  const costOfFragment = (name: string, sizes: ListSizes): number => {
    const fragment = fragments.get(name)!;
    const key = JSON.stringify([name, sizes]);
    const known = costs.get(key);
    if (known !== undefined) return known;
    const on = typeFromAST(schema, fragment.typeCondition) as GraphQLCompositeType;
    const cost = costOf(fragment.selectionSet, on, sizes);
    costs.set(key, cost);
    return cost;
  };

  const costOfField = (node: FieldNode, parent: GraphQLCompositeType, sizes: ListSizes): number => {
    const field = fieldOf(parent, node.name.value);
    if (!field) return 0;
    const type = getNamedType(field.type);
    const own = weightOfField(field) ?? (parent === schema.getMutationType() ? mutationWeight : 0);
    const { size, below } = listSizesOf(field, node, variables);
    const items = isListType(getNullableType(field.type)) ? (sizes[field.name] ?? size) : 1;
    const sub = node.selectionSet && isCompositeType(type) ? costOf(node.selectionSet, type, below) : 0;
    return own + items * (weightOfType(type) + sub);
  };

  return costOf(selectionSet, schema.getRootType(operation)!, {});
}

const introspectionTypes = __Schema.getFields().types;

/** A field of a type, or of introspection; `__typename` costs nothing. */
function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isUnionType(parent) ? undefined : parent.getFields()[name];
}

/** The sizes of lists that a connection's arguments set for the fields of the connection, by field. */
type ListSizes = Readonly<Record<string, number>>;

interface SizeOfField {
  /** The items of the field's own list. */
  readonly size: number;
  readonly below: ListSizes;
}

function listSizesOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Variables,
): SizeOfField {
  const directive = directiveOf(field, 'listSize');
  const textsOf = (name: string) => {
    const value = argumentOf(directive, name);
    return value?.kind === Kind.LIST ? value.values.map((text) => (text as { value: string }).value) : [];
  };
  const value = (name: string) => {
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    return given ? sizeOfValue(given, variables) : undefined;
  };
  const assumed = argumentOf(directive, 'assumedSize');
  const sliced = textsOf('slicingArguments').map(value).find((size) => size !== undefined); // prettier-ignore
  const list = field.args.find(({ type }) => isListType(getNullableType(type)));
  const size =
    sliced ??
    (assumed?.kind === Kind.INT ? Number(assumed.value) : undefined) ??
    (list ? value(list.name) : undefined) ??
    (field === introspectionTypes ? introspectedTypes : assumedListSize);
  const sized = textsOf('sizedFields');
  return { size, below: Object.fromEntries(sized.map((name) => [name, size])) };
}

/** The number that a value is, or the items that it has. */
function sizeOfValue(node: ValueNode, variables: Variables): number | undefined {
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.LIST) return node.values.length;
  if (node.kind === Kind.VARIABLE) return sizeOfVariable(variables[node.name.value]);
  return node.kind === Kind.OBJECT ? 1 : undefined;
}

function sizeOfVariable(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  // A list of one may be written without its brackets.
  return Array.isArray(value) ? value.length : value instanceof Object ? 1 : undefined;
}

const weightOfField = (field: GraphQLField<unknown, unknown>) => weightOf(directiveOf(field, 'cost'));

const weightOfType = (type: GraphQLNamedType): number =>
  (isObjectType(type) ? weightOf(directiveOf(type, 'cost')) : undefined) ?? (isCompositeType(type) ? 1 : 0);

function weightOf(directive: DirectiveNode | undefined): number | undefined {
  const weight = argumentOf(directive, 'weight');
  return weight?.kind === Kind.INT ? Number(weight.value) : undefined;
}

const directiveOf = (
  { astNode }: Pick<GraphQLField<unknown, unknown>, 'astNode'> | GraphQLNamedType,
  name: string,
) => astNode?.directives?.find((directive) => directive.name.value === name);

const argumentOf = (directive: DirectiveNode | undefined, name: string): ValueNode | undefined =>
  directive?.arguments?.find((argument) => argument.name.value === name)?.value;
