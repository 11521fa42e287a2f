import { writeFileSync } from 'node:fs';

import { printSubgraphSchema } from '@apollo/subgraph';

import { buildSchema } from '../resolvers/schema/schema.ts';

/** Prints the whole promise as one document, for routers and for reading a change as one diff. */
writeFileSync(
  new URL('../generated/subgraph.graphql', import.meta.url),
  `# Printed from schema/ by npm run codegen.\n\n${printSubgraphSchema(buildSchema())}\n`,
);
