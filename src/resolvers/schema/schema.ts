import { readdirSync, readFileSync } from 'node:fs';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { addResolversToSchema } from '@graphql-tools/schema';
import { concatAST, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import { addressResolvers } from '../address.ts';
import { resolveEntitiesIndependently } from './entities.ts';
import { locationResolvers } from '../location.ts';
import { mailResolvers } from '../operations/mail.ts';
import { manifestResolvers } from '../operations/manifest.ts';
import { pickupResolvers } from '../operations/pickup.ts';
import { providerResolvers } from '../provider.ts';
import { rateResolvers } from '../rate.ts';
import { scalars } from './scalars.ts';
import { shipmentResolvers } from '../shipments/shipment.ts';
import { trackingResolvers } from '../tracking.ts';

const promises = new URL('../../../schema/', import.meta.url);

/** The resolvers of each type, a reference resolver among them where the type is an entity. */
type TypeResolvers = Record<string, GraphQLFieldResolver<unknown, unknown>>;

/** The promise in `schema/`, as a federation subgraph that keeps it. */
export function buildSchema(): GraphQLSchema {
  const files = readdirSync(promises).filter((name) => name.endsWith('.graphql'));
  const typeDefs = concatAST(
    files.sort().map((name) => parse(readFileSync(new URL(name, promises), 'utf8'))),
  );

  const fields: Record<string, TypeResolvers> = {};
  const references: Record<string, TypeResolvers> = {};
  for (const room of [
    providerResolvers,
    addressResolvers,
    locationResolvers,
    rateResolvers,
    shipmentResolvers,
    pickupResolvers,
    manifestResolvers,
    mailResolvers,
    trackingResolvers,
  ]) {
    for (const [type, resolvers] of Object.entries(room as Record<string, TypeResolvers>)) {
      const { __resolveReference, ...rest } = resolvers;
      if (__resolveReference) references[type] = { __resolveReference };
      fields[type] = { ...fields[type], ...rest };
    }
  }
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: references }]);
  const { resolve } = schema.getQueryType()!.getFields()._entities!;
  const _entities = resolveEntitiesIndependently(resolve!, Object.keys(references));
  return addResolversToSchema({
    schema,
    resolvers: { ...fields, ...scalars, Query: { ...fields.Query, _entities } },
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}
