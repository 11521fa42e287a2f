import { readFileSync } from 'node:fs';

import { printSubgraphSchema } from '@apollo/subgraph';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';

import config from '../codegen.ts';
import { buildSchema } from '../src/resolvers/schema/schema.ts';

const readGenerated = (name: string) =>
  readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8');
const outdated = 'run npm run codegen';

describe('src/generated', () => {
  it('holds the printed schema of schema/', () => {
    const printed = printSubgraphSchema(buildSchema());
    expect(readGenerated('subgraph.graphql'), outdated).toBe(
      `# Printed from schema/ by npm run codegen.\n\n${printed}\n`,
    );
  });

  it('holds the resolver types of schema/', async () => {
    const files = (await generate({ ...config, silent: true, errorsOnly: true }, false)) as {
      filename: string;
      content: string;
    }[];
    expect(files.map(({ filename }) => filename)).toEqual(['src/generated/resolvers-types.ts']);
    expect(readGenerated('resolvers-types.ts'), outdated).toBe(files[0]!.content);
  });
});
