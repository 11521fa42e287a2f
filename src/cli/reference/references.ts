import { providers } from '../../carriers/registry.ts';
import { buildSchema } from '../../resolvers/schema/schema.ts';
import { errorReference } from './errors.ts';

/** Returns the generated pages of docs/ by their path. */
export function references(): Readonly<Record<string, string>> {
  const schema = buildSchema();
  return { 'docs/errors.md': errorReference(schema, providers) };
}
