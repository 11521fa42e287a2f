import { readdirSync, readFileSync } from 'node:fs';

import { isTypeDefinitionNode, parse } from 'graphql';

import { providers } from '../../carriers/registry.ts';
import { buildSchema } from '../../resolvers/schema/schema.ts';
import { errorReference } from './errors.ts';
import { schemaReference } from './schema.ts';

const schemaFolder = new URL('../../../schema/', import.meta.url);

/** Returns the generated pages of docs/ by their path. */
export function references(): Readonly<Record<string, string>> {
  const schema = buildSchema();
  return {
    'docs/errors.md': errorReference(schema, providers),
    'docs/schema.md': schemaReference(schema, typesByFile()),
  };
}

/** Returns the names of the types that each file of `schema/` defines, by its name without the extension. */
function typesByFile(): Record<string, readonly string[]> {
  const files = readdirSync(schemaFolder).filter((name) => name.endsWith('.graphql')).sort(); // prettier-ignore
  return Object.fromEntries(
    files.map((file) => {
      const { definitions } = parse(readFileSync(new URL(file, schemaFolder), 'utf8'));
      const names = definitions.filter(isTypeDefinitionNode).map(({ name }) => name.value);
      return [file.replace('.graphql', ''), names] as const;
    }),
  );
}
