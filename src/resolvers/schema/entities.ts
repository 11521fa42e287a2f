import type { GraphQLFieldResolver } from 'graphql';

import type { Context } from '../../auth/context.ts';
import { recordResult } from '../../auth/request-record.ts';
import { throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { createOperationLimit } from '../operation-limit.ts';
import { requireCaller } from '../require-caller.ts';
import { checkType } from './permissions.ts';

const countRepresentations = createOperationLimit(1000, 'representations');

type Resolver<Args> = GraphQLFieldResolver<unknown, Context, Args>;
interface EntitiesArgs {
  readonly representations: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Wraps the resolver of `_entities` to resolve each representation separately, so that an invalid one fails alone.
 * Resolved together, a throw would abandon the promises created before it, and an abandoned promise that rejects ends the
 * process.
 */
export function resolveEntitiesIndependently(
  resolveAll: Resolver<EntitiesArgs>,
  entities: readonly string[],
): Resolver<EntitiesArgs> {
  return (source, { representations }, context, info) => {
    requireCaller(context);
    countRepresentations(context, representations.length);
    return representations.map(async (representation, index) => {
      throwIfInvalid(representationErrors(representation, entities, ['representations', String(index)]));
      checkType(info.schema.getType(String(representation.__typename)), context);
      const [entity] = resolveAll(source, { representations: [representation] }, context, info) as unknown[];
      const resolved = await entity;
      recordResult(resolved);
      return resolved;
    });
  };
}

/** A router sends valid keys only; other clients may send anything. All parts of a key are strings. */
function representationErrors(
  { __typename: type, ...key }: EntitiesArgs['representations'][number],
  entities: readonly string[],
  path: readonly string[],
): UserError[] {
  if (!entities.includes(type as string)) {
    return [
      { code: 'INVALID', field: [...path, '__typename'], message: `is none of ${entities.join(', ')}` },
    ];
  }
  const isString = (part: unknown) => typeof part === 'string';
  const hasKey = key.id == null ? type === 'Tracker' && isString(key.trackingNumber) : isString(key.id);
  if (!hasKey) {
    return [{ code: 'INVALID', field: path, message: `has no key of ${String(type)}` }];
  }
  if (!isString(key.carrier ?? '')) {
    return [{ code: 'INVALID', field: [...path, 'carrier'], message: 'is no string' }];
  }
  return [];
}
