import { readFileSync } from 'node:fs';

import { printSubgraphSchema } from '@apollo/subgraph';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';

import config from '../codegen.ts';
import { references } from '../src/cli/reference/references.ts';
import { buildSchema } from '../src/resolvers/schema/schema.ts';

const readGenerated = (name: string) =>
  readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8');
const outdated = 'run npm run codegen';

describe('generated files', () => {
  it('hold the printed schema of schema/', () => {
    const printed = printSubgraphSchema(buildSchema());
    expect(readGenerated('subgraph.graphql'), outdated).toBe(
      `# Printed from schema/ by npm run codegen.\n\n${printed}\n`,
    );
  });

  it.each(Object.entries(references()))('hold the reference of %s', (path, text) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), outdated).toBe(text);
  });

  it('hold the resolver types of schema/ and the documents of the client and the storefront', async () => {
    const files = (await generate({ ...config, silent: true, errorsOnly: true }, false)) as {
      filename: string;
      content: string;
    }[];
    expect(files.map(({ filename }) => filename).sort()).toEqual([
      'examples/storefront/src/generated/gql.ts',
      'examples/storefront/src/generated/graphql.ts',
      'examples/storefront/src/generated/index.ts',
      'examples/storefront/src/generated/persisted-documents.json',
      'packages/client/src/generated/gql.ts',
      'packages/client/src/generated/graphql.ts',
      'packages/client/src/generated/index.ts',
      'src/generated/resolvers-types.ts',
    ]);
    for (const { filename, content } of files) {
      expect(readFileSync(new URL(`../${filename}`, import.meta.url), 'utf8'), outdated).toBe(content);
    }
  });
});
