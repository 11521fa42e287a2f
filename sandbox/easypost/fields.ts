import { missingParameter, wrongType } from './api-error.ts';

/** A JSON object of a request or a response. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for `undefined`, `null`, `{}`, `[]` and `""`, which EasyPost treats as absent (recorded for shipments). */
export const isBlank = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0);

/** Returns the object inside its wrapper, `{"address": {...}}`. With `bare`, the wrapper is optional. */
export function unwrap(body: Fields, name: string, { bare = false } = {}): Fields {
  const inner = name in body || !bare ? body[name] : body;
  if (isBlank(inner)) throw missingParameter(name);
  if (!isFields(inner)) throw wrongType(name, 'an object');
  return inner;
}

export function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') throw wrongType(name, 'a string');
  return String(value);
}

export function numberOf(fields: Fields, name: string): number | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw wrongType(name, 'a number');
  return number;
}

export function listOf(fields: Fields, name: string): unknown[] {
  const value = fields[name];
  if (isBlank(value)) return [];
  if (!Array.isArray(value)) throw wrongType(name, 'an array');
  return value;
}

/** True for `true`, `"true"`, `1`, and for a list that holds any of them. */
export const isTruthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isTruthy) : !isBlank(value) && !['false', '0'].includes(String(value));

/** Returns the id of a nested object given as `{"id": ...}` or as text; undefined for an object given in full. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (isFields(value) && typeof value.id === 'string' && value.id !== '') return value.id;
  return undefined;
}
