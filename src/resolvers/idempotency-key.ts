import { createHash } from 'node:crypto';

import type { Context } from '../auth/context.ts';
import type { UserError } from '../domain/errors.ts';
import type { IdempotencyKey } from '../workflows/idempotency.ts';
import { requireCaller } from './require-auth.ts';

/** What is wrong with an idempotency key. */
export function keyErrors(idempotencyKey: string): UserError[] {
  const field = ['input', 'idempotencyKey'];
  if (idempotencyKey.trim() === '') {
    return [{ code: 'REQUIRED', field, message: 'a key of yours is needed, so that it is done once' }];
  }
  if (idempotencyKey.length > 255) return [{ code: 'INVALID', field, message: 'has at most 255 characters' }];
  return [];
}

/** The name under which a mutation does what this input asks for, once. */
export function idempotencyKeyOf<Mutation extends string>(
  mutation: Mutation,
  input: { readonly idempotencyKey: string },
  context: Context,
): IdempotencyKey & { readonly mutation: Mutation } {
  const { idempotencyKey } = input;
  const inputHash = hash(canonical({ ...input, idempotencyKey: undefined }));
  return { tenantId: requireCaller(context).tenant.id, mutation, idempotencyKey, inputHash };
}

export const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The same JSON for the same content, whatever the order of its fields; what is null is as good as left out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).filter(([, part]) => part !== null).sort(([a], [b]) => (a < b ? -1 : 1))) // prettier-ignore
      : each,
  );
}
