import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export interface Subgraph {
  readonly name: string;
  readonly url: string;
}

/** Reads what a subgraph says of itself, which it says without a key. */
export async function fetchSubgraph({ name, url }: Subgraph) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data: { _service: { sdl: string } } };
  return { name, url, typeDefs: parse(data._service.sdl) };
}

/** Composes subgraphs to one schema. Throws an `AggregateError` of what does not fit together. */
export async function compose(subgraphs: readonly Subgraph[]) {
  const composed = composeServices(await Promise.all(subgraphs.map(fetchSubgraph)));
  if (composed.errors) throw new AggregateError(composed.errors, 'the subgraphs do not compose');
  return composed;
}
