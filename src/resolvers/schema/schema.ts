import { readdirSync, readFileSync } from 'node:fs';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { addResolversToSchema } from '@graphql-tools/schema';
import { concatAST, GraphQLScalarType, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import type { Context } from '../../auth/context.ts';
import { recordResult } from '../../auth/request-record.ts';
import { accountChangeResolvers } from '../accounts/account-changes.ts';
import { providerAccountResolvers } from '../accounts/provider-accounts.ts';
import { dropOffLocationResolvers } from '../addresses/drop-off-locations.ts';
import { verificationResolvers } from '../addresses/verification.ts';
import { mailJobResolvers } from '../operations/mail-jobs.ts';
import { manifestResolvers } from '../operations/manifests.ts';
import { pickupResolvers } from '../operations/pickups.ts';
import { rateResolvers } from '../rates/rates.ts';
import { ratesStreamResolvers } from '../rates/rates-stream.ts';
import { shipmentResolvers } from '../shipments/shipments.ts';
import { trackerUpdatedResolvers } from '../tracking/tracker-updated.ts';
import { apiKeyResolvers } from '../tenants/api-keys.ts';
import { tenantResolvers } from '../tenants/tenants.ts';
import { trackerResolvers } from '../tracking/trackers.ts';
import { watchResolvers } from '../tracking/watches.ts';
import { webhookResolvers } from '../webhooks/endpoints.ts';
import { resolveEntitiesIndependently } from './entities.ts';
import { describeEnumErrors } from './enums.ts';
import { scalars } from './scalars.ts';

const schemaFolder = new URL('../../../schema/', import.meta.url);

const resolverMaps = [
  providerAccountResolvers,
  verificationResolvers,
  dropOffLocationResolvers,
  rateResolvers,
  ratesStreamResolvers,
  shipmentResolvers,
  pickupResolvers,
  manifestResolvers,
  mailJobResolvers,
  trackerResolvers,
  trackerUpdatedResolvers,
  watchResolvers,
  webhookResolvers,
  tenantResolvers,
  apiKeyResolvers,
  accountChangeResolvers,
];

/** The resolvers of one type's fields, and its `__resolveReference` if it is an entity. */
type TypeResolvers = Record<string, Resolver>;
type Resolver = GraphQLFieldResolver<unknown, Context>;

/** Builds the federation subgraph of `schema/` with its resolvers. */
export function buildSchema(): GraphQLSchema {
  const files = readdirSync(schemaFolder).filter((name) => name.endsWith('.graphql'));
  const typeDefs = concatAST(
    files
      .sort()
      .map((name) => parse(readFileSync(new URL(name, schemaFolder), 'utf8'), { noLocation: true })),
  );

  const fields: Record<string, TypeResolvers> = {};
  const references: Record<string, TypeResolvers> = {};
  for (const resolvers of resolverMaps) {
    for (const [type, typeResolvers] of Object.entries(resolvers as Record<string, TypeResolvers>)) {
      const { __resolveReference, ...rest } = typeResolvers;
      if (__resolveReference) references[type] = { __resolveReference };
      const recordedFields = Object.entries(rest).filter(([field]) => isRecorded(type, field));
      fields[type] = { ...fields[type], ...rest, ...mapValues(Object.fromEntries(recordedFields), recorded) };
    }
  }
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: references }]);
  const { resolve } = schema.getQueryType()!.getFields()._entities!;
  const _entities = resolveEntitiesIndependently(resolve!, Object.keys(references));
  const executable = addResolversToSchema({
    schema,
    resolvers: { ...fields, ...describedScalars(schema), Query: { ...fields.Query, _entities } },
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  return describeEnumErrors(executable);
}

/** The scalars with their descriptions in the schema, of which `addResolversToSchema` would leave nothing. */
const describedScalars = (schema: GraphQLSchema): Record<string, GraphQLScalarType> =>
  Object.fromEntries(
    Object.entries(scalars).map(([name, scalar]) => [
      name,
      new GraphQLScalarType({ ...scalar.toConfig(), description: schema.getType(name)?.description }),
    ]),
  );

/** The root fields, and the trackers below them: what has failures of its own. */
const isRecorded = (type: string, field: string) =>
  type === 'Query' || type === 'Mutation' || field === 'tracker';

/**
 * Wraps a resolver to record its failures for the log, whether or not the client selects them. It does not run once the
 * caller has left: the mutations that follow in an operation are not performed.
 */
const recorded =
  (resolve: Resolver): Resolver =>
  async (...args) => {
    args[2].signal.throwIfAborted();
    const result = await resolve(...args);
    recordResult(result);
    return result;
  };

const mapValues = <T>(values: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
