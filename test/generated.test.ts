import { readFileSync } from 'node:fs';

import { printSubgraphSchema } from '@apollo/subgraph';
import { generate } from '@graphql-codegen/cli';
import { expect, it } from 'vitest';

import config from '../codegen.ts';
import { buildSchema } from '../src/resolvers/schema/schema.ts';

const committed = (name: string) =>
  readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8');
const mend = 'run npm run codegen';

it('has printed the schema as it is promised now', () => {
  const printed = printSubgraphSchema(buildSchema());
  expect(committed('subgraph.graphql'), mend).toBe(
    `# Printed from schema/ by npm run codegen.\n\n${printed}\n`,
  );
});

it('has generated the types of resolvers from the schema as it is promised now', async () => {
  const files = (await generate({ ...config, silent: true, errorsOnly: true }, false)) as {
    filename: string;
    content: string;
  }[];
  expect(files.map(({ filename }) => filename)).toEqual(['src/generated/resolvers-types.ts']);
  expect(committed('resolvers-types.ts'), mend).toBe(files[0]!.content);
});
