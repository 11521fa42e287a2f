import {
  getNamedType,
  GraphQLError,
  isCompositeType,
  separateOperations,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import type { Context } from '../../auth/context.ts';
import type { Permission } from '../../domain/permission.ts';

/** What a field or type demands by `@requiresScopes`: one of these sets, in full. */
interface Requirement {
  /** What demands it. Example: `Mutation.shipmentPurchase`. */
  readonly coordinate: string;
  readonly anyOf: readonly (readonly string[])[];
}

/** The requirements of operations: Apollo Server keeps the documents that it has parsed. */
const known = new WeakMap<OperationDefinitionNode, readonly Requirement[]>();

/**
 * Throws FORBIDDEN where the caller lacks a permission that a field of the operation demands, a type that it returns, or
 * a type that a fragment names. Fields count whether or not `@skip` leaves them out.
 */
export function checkOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  context: Pick<Context, 'permissions'>,
): void {
  check(operationRequirements(schema, document, operation), context);
}

/** Returns whether the caller has every permission that `checkOperation` demands. */
export function mayExecute(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { permissions }: Pick<Context, 'permissions'>,
): boolean {
  return operationRequirements(schema, document, operation).every(({ anyOf }) =>
    anyOf.some((names) => names.every((name) => permissions.has(name as Permission))),
  );
}

function operationRequirements(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Requirement[] {
  let requirements = known.get(operation);
  if (requirements === undefined) {
    requirements = requirementsOf(schema, separateOperations(document)[operation.name?.value ?? '']!);
    known.set(operation, requirements);
  }
  return requirements;
}

/** Throws FORBIDDEN where the caller lacks a permission that the type demands. */
export function checkType(type: unknown, context: Pick<Context, 'permissions'>): void {
  check(typeRequirements(type), context);
}

/** Throws FORBIDDEN where the caller lacks a permission that something besides the schema demands. */
export function checkPermission(
  permission: Permission,
  coordinate: string,
  context: Pick<Context, 'permissions'>,
): void {
  check([{ coordinate, anyOf: [[permission]] }], context);
}

function check(requirements: readonly Requirement[], context: Pick<Context, 'permissions'>): void {
  const missing = new Map<string, string>();
  const isMissing = (name: string) => !context.permissions.has(name as Permission);
  for (const { anyOf, coordinate } of requirements) {
    if (anyOf.some((names) => !names.some(isMissing))) continue;
    for (const name of anyOf[0]!.filter(isMissing)) if (!missing.has(name)) missing.set(name, coordinate);
  }
  if (missing.size === 0) return;
  const reasons = [...missing].map(([name, coordinate]) => `${name} for ${coordinate}`);
  throw new GraphQLError(
    `a permission is missing: ${reasons.join(', ')}. Use an API key or a token that has it.`,
    { extensions: { code: 'FORBIDDEN', permissions: [...missing.keys()], http: { status: 403 } } },
  );
}

function requirementsOf(schema: GraphQLSchema, document: DocumentNode): Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (requirements: readonly Requirement[]) => {
    for (const requirement of requirements) found.set(requirement.coordinate, requirement);
  };
  const typeInfo = new TypeInfo(schema);
  const addFragment = () => add(typeRequirements(typeInfo.getType()));
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field() {
        const field = typeInfo.getFieldDef();
        if (!field) return;
        add(read(`${typeInfo.getParentType()!.name}.${field.name}`, [field.astNode]));
        add(typeRequirements(getNamedType(field.type)));
      },
      InlineFragment: addFragment,
      FragmentDefinition: addFragment,
    }),
  );
  return [...found.values()];
}

const typeRequirements = (type: unknown): Requirement[] =>
  isCompositeType(type) ? read(type.name, [type.astNode, ...type.extensionASTNodes]) : [];

/** Reads the `@requiresScopes` of an element of the schema. */
function read(coordinate: string, nodes: readonly (ASTNode | null | undefined)[]): Requirement[] {
  const directives = nodes.flatMap((node) => (node && 'directives' in node ? (node.directives ?? []) : []));
  return (directives as readonly ConstDirectiveNode[])
    .filter(({ name }) => /^(federation__)?requiresScopes$/.test(name.value))
    .map(({ arguments: args }) => ({
      coordinate,
      anyOf: valueFromASTUntyped(args![0]!.value) as string[][],
    }));
}
