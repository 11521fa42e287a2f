import {
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

import { currentRequest } from '../auth/request-record.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** An hour: what is kept longer would outlive a change of the account. */
const longestSeconds = 3600;

/** The types whose responses may be kept, with the fields that may not. */
const cacheableTypes: Readonly<Record<string, readonly string[]>> = {
  Tracker: ['account', 'shipment'],
  TrackingEvent: [],
  Address: [],
  // Null wherever a response may be kept.
  ProviderFailure: ['account'],
};
const cacheableRoots = new Set(['tracker', 'trackers', '_entities', '__typename']);

/**
 * Lets the caller's own caches keep a response for as long as its trackers are fresh, where it holds nothing else. Every
 * other response is kept out of caches: money, mutations, errors and failures are of this moment.
 */
export const controlCaching: OperationPlugin = {
  willSendResponse({ response: { http, body }, schema, document, operation }) {
    const seconds = Math.min(longestSeconds, Math.floor((currentRequest()?.freshMs ?? 0) / 1000));
    const isCacheable =
      seconds > 0 &&
      operation?.operation === OperationTypeNode.QUERY &&
      body.kind === 'single' &&
      !body.singleResult.errors?.length &&
      selectsCacheable(schema, document!);
    http.headers.set('cache-control', isCacheable ? `private, max-age=${seconds}` : 'no-store');
    // Replaces the header that CORS sets.
    if (isCacheable) http.headers.set('vary', 'authorization, origin');
  },
};

/** By document: Apollo Server keeps those that it has parsed. */
const known = new WeakMap<DocumentNode, boolean>();

function selectsCacheable(schema: GraphQLSchema, document: DocumentNode): boolean {
  const found = known.get(document);
  if (found !== undefined) return found;
  const info = new TypeInfo(schema);
  const root = schema.getQueryType();
  let isCacheable = true;
  const enter = ({ name: { value: field } }: { readonly name: { readonly value: string } }) => {
    const parent = info.getParentType();
    const isAllowed =
      field === '__typename' ||
      (parent === root
        ? cacheableRoots.has(field)
        : cacheableTypes[parent?.name ?? '']?.includes(field) === false);
    isCacheable &&= isAllowed;
  };
  visit(document, visitWithTypeInfo(info, { Field: { enter } }));
  known.set(document, isCacheable);
  return isCacheable;
}
