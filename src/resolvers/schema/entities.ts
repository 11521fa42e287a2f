import type { GraphQLFieldResolver } from 'graphql';

import type { Context } from '../../auth/context.ts';
import { throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { requireCaller } from '../require-auth.ts';
import { createOperationLimit } from '../operation-limit.ts';

const count = createOperationLimit(1000, 'representations');

type Resolver<Args> = GraphQLFieldResolver<unknown, Context, Args>;
interface Asked {
  readonly representations: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Resolves each representation on its own, so that one at fault fails alone. Resolved together, a throw would lose the
 * promises made before it, and a lost promise that is rejected ends the process.
 */
export function resolveEntitiesIndependently(
  resolveAll: Resolver<Asked>,
  entities: readonly string[],
): Resolver<Asked> {
  return (source, { representations }, context, info) => {
    requireCaller(context);
    count(context, representations.length);
    return representations.map(async (representation, index) => {
      throwIfInvalid(faultsOf(representation, entities, ['representations', String(index)]));
      const [entity] = resolveAll(source, { representations: [representation] }, context, info) as unknown[];
      return entity;
    });
  };
}

/** A router sends what fits the schema; whoever else asks may send anything. All keys of ours are texts. */
function faultsOf(
  { __typename: type, ...key }: Asked['representations'][number],
  entities: readonly string[],
  path: readonly string[],
): UserError[] {
  if (!entities.includes(type as string)) {
    return [
      { code: 'INVALID', field: [...path, '__typename'], message: `is none of ${entities.join(', ')}` },
    ];
  }
  const isText = (part: unknown) => typeof part === 'string';
  // One key whole: a part that is no text would be read as one.
  if (!(key.id == null ? type === 'Tracker' && isText(key.trackingNumber) : isText(key.id))) {
    return [{ code: 'INVALID', field: path, message: `names no ${String(type)}` }];
  }
  if (typeof (key.carrier ?? '') !== 'string') {
    return [{ code: 'INVALID', field: [...path, 'carrier'], message: 'is no text' }];
  }
  return [];
}
