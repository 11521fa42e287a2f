import type { UserError } from '../domain/errors.ts';

/** Validates the field `maxAgeSeconds` of the argument at `path`. */
export function maxAgeErrors(
  maxAgeSeconds: number | null | undefined,
  path: readonly string[],
): readonly UserError[] {
  if (maxAgeSeconds == null || maxAgeSeconds >= 0) return [];
  return [{ code: 'INVALID', field: [...path, 'maxAgeSeconds'], message: 'is zero or more' }];
}
