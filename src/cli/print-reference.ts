import { writeFileSync } from 'node:fs';

import { references } from './reference/references.ts';

/** Writes the pages of docs/ that are generated from the schema and the tables of errors. */
for (const [path, text] of Object.entries(references())) {
  writeFileSync(new URL(`../../${path}`, import.meta.url), text);
}
