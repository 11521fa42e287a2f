import { createHash } from 'node:crypto';

import stringify from 'safe-stable-stringify';

import type { Context } from '../auth/context.ts';
import type { UserError } from '../domain/errors.ts';
import type { IdempotentKind } from '../domain/operation.ts';
import type { IdempotencyKey } from '../storage/records/idempotent-rows.ts';
import { requireCaller } from './require-caller.ts';

/** Validates an idempotency key and returns every error found. */
export function idempotencyKeyErrors(idempotencyKey: string): UserError[] {
  const field = ['input', 'idempotencyKey'];
  if (idempotencyKey.trim() === '') {
    return [
      { code: 'REQUIRED', field, message: 'choose a key, so that repeated calls have no further effect' },
    ];
  }
  if (idempotencyKey.length > 255) return [{ code: 'INVALID', field, message: 'has at most 255 characters' }];
  return [];
}

/** Builds the key under which a mutation with this input is performed once. */
export function toIdempotencyKey<Kind extends IdempotentKind>(
  kind: Kind,
  input: { readonly idempotencyKey: string },
  context: Context,
): IdempotencyKey & { readonly kind: Kind } {
  const { idempotencyKey, ...content } = input;
  const hashOf = (value: object) => hash(canonicalJson(value));
  const given = withoutNulls(content);
  const known: Readonly<Record<string, object>> = defaults[kind] ?? {};
  // Whatever an object leaves out has its default.
  const withDefaults = Object.fromEntries(
    Object.entries(known).map(([name, value]) => [name, { ...value, ...withoutNulls(given[name] ?? {}) }]),
  );
  const hasDefault = (name: string) =>
    name in known && canonicalJson(withDefaults[name]!) === canonicalJson(known[name]!);
  const distinct = Object.entries(given).filter(([name]) => !hasDefault(name));
  return {
    tenantId: requireCaller(context).tenant.id,
    kind,
    idempotencyKey,
    inputHash: hashOf(Object.fromEntries(distinct)),
    equalHashes: [hashOf(content), hashOf({ ...given, ...withDefaults })],
    fieldHashes: distinct.map(([name, value]) => `${name}=${hashOf({ value }).slice(0, 8)}`),
  };
}

/** Inputs of which giving the default means the same as leaving it out. */
const defaults: Partial<Record<IdempotentKind, Readonly<Record<string, object>>>> = {
  PURCHASE: { label: { format: 'PDF' } },
};

const withoutNulls = (value: object): Record<string, object> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined));

export const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The same JSON for the same content: keys are sorted, and a field that is null counts as left out. */
function canonicalJson(value: object): string {
  return stringify(value, (_, part: unknown) => (part === null ? undefined : part))!;
}
