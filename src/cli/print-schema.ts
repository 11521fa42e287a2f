import { writeFileSync } from 'node:fs';

import { printSubgraphSchema } from '@apollo/subgraph';

import { buildSchema } from '../resolvers/schema/schema.ts';

/** Writes the whole schema as one document, for federation routers and for reviewing schema changes. */
writeFileSync(
  new URL('../generated/subgraph.graphql', import.meta.url),
  `# Printed from schema/ by npm run codegen.\n\n${printSubgraphSchema(buildSchema())}\n`,
);
