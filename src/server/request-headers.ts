import type { GraphQLRequest } from '@apollo/server';
import { GraphQLError } from 'graphql';

type Headers = NonNullable<GraphQLRequest['http']>['headers'];

/** Reads a header that is `true` or `false`; undefined where it is absent. Throws BAD_REQUEST for any other value. */
export function switchHeader(headers: Headers | undefined, name: string): boolean | undefined {
  const value = headers?.get(name);
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw invalidHeader(name, 'is true or false');
  return value === 'true';
}

/** Reads a header that is a whole number; undefined where it is absent. Throws BAD_REQUEST for any other value. */
export function countHeader(headers: Headers | undefined, name: string): number | undefined {
  const value = headers?.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw invalidHeader(name, 'is a whole number, zero or more');
  return Number(value);
}

/** The error of a header whose value cannot be read, sent with HTTP status 400. */
const invalidHeader = (header: string, message: string) =>
  new GraphQLError(`the header ${header} ${message}`, {
    extensions: { code: 'BAD_REQUEST', header, http: { status: 400 } },
  });
