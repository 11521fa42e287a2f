import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** Tells whether a field of this name is selected at any depth below the field that is resolved, in fragments too. */
export function selects({ fieldNodes, fragments }: GraphQLResolveInfo, name: string): boolean {
  const isSelected = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        return isSelected(fragments[selection.name.value]?.selectionSet);
      }
      const isField = selection.kind === Kind.FIELD && selection.name.value === name;
      return isField || isSelected(selection.selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => isSelected(selectionSet));
}
