import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import type { DocumentNode } from 'graphql';

/** A subgraph as composers take it. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** The composers by their names. Each throws an `AggregateError` where the subgraphs do not compose. */
export const composers: readonly (readonly [
  name: string,
  compose: (services: readonly Service[]) => string,
])[] = [
  ['@apollo/composition', (services) => supergraphOf(composeByApollo([...services]))],
  ['@theguild/federation-composition', (services) => supergraphOf(composeByTheGuild([...services]))],
];

function supergraphOf({
  errors,
  supergraphSdl,
}: {
  errors?: readonly Error[];
  supergraphSdl?: string;
}): string {
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}
