import type { Context } from '../auth/context.ts';
import { throwIfInvalid } from '../domain/errors.ts';

/**
 * Creates a counter that limits the items of one GraphQL operation, summed over all aliases of a field. It throws an
 * `InputError` TOO_MANY once the sum is above `limit`.
 */
export function createOperationLimit(
  limit: number,
  items: string,
): (context: Context, added: number) => void {
  const counts = new WeakMap<Context, number>();
  return (context, added) => {
    const count = (counts.get(context) ?? 0) + added;
    counts.set(context, count);
    if (count <= limit) return;
    throwIfInvalid([
      { code: 'TOO_MANY', field: [items], message: `an operation takes up to ${limit} ${items}` },
    ]);
  };
}
