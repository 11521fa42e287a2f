import type { Context } from '../auth/context.ts';
import { throwIfInvalid } from '../domain/errors.ts';

/** Counts what one operation asks for, under whatever aliases it comes, and refuses what is beyond the limit. */
export function createOperationLimit(limit: number, what: string): (context: Context, more: number) => void {
  const counts = new WeakMap<Context, number>();
  return (context, more) => {
    const count = (counts.get(context) ?? 0) + more;
    counts.set(context, count);
    if (count <= limit) return;
    throwIfInvalid([
      { code: 'TOO_MANY', field: [what], message: `an operation takes up to ${limit} ${what}` },
    ]);
  };
}
