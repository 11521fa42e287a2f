import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';

import { unauthenticated } from '../resolvers/require-caller.ts';
import { checkOperation } from '../resolvers/schema/permissions.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** The root fields that need no API key: introspection, also that of a federation router. */
const publicFields = new Set(['__schema', '__type', '__typename', '_service']);

/**
 * Rejects an operation before it is executed: without a valid API key, unless it selects public fields only, and without
 * a permission that the schema demands.
 */
export const authorize: OperationPlugin = {
  didResolveOperation({ schema, document, operation, contextValue }) {
    if (!operation) return;
    const fields = rootFields(operation.selectionSet, document);
    if (fields.every((field) => publicFields.has(field))) return;
    if (contextValue.caller === undefined) throw unauthenticated(contextValue);
    checkOperation(schema, document, operation, contextValue);
  },
};

function rootFields({ selections }: SelectionSetNode, document: DocumentNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(fragment.selectionSet, document) : [];
  });
}
