import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dearestDocuments } from '../test/support/hostile-documents.ts';
import { startProcess } from './processes.ts';

/**
 * Measures the dearest documents that the limits allow, at a server of its own, as multiples of a document that asks for
 * nothing. Each is sent with a comment of its own, so that it is parsed and validated every time.
 *
 * Usage: npm run bench:documents
 */

const runs = Number(process.env.RUNS ?? 9);
const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
const server = await startProcess('src/main.ts', {
  folder,
  environment: { NODE_ENV: 'development', PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn' },
});

interface Sent {
  readonly milliseconds: number;
  /** The message of a document that is refused after all; undefined for one that is executed. */
  readonly refused?: string;
}

async function send(query: string, variables: object | undefined, run: number): Promise<Sent> {
  const started = performance.now();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
    body: JSON.stringify({ query: `${query} # ${run}`, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { message: string }[] };
  return {
    milliseconds: performance.now() - started,
    refused: data === undefined ? errors?.[0]?.message : undefined,
  };
}

/** Returns the median of several runs. */
async function measure(query: string, variables?: object): Promise<Sent> {
  const sent: Sent[] = [];
  for (let run = 0; run < runs; run += 1) sent.push(await send(query, variables, run));
  return sent.toSorted((a, b) => a.milliseconds - b.milliseconds)[runs >> 1]!;
}

const nothing = '{ __typename }';
await measure(nothing);
const base = await measure(nothing);
const table: Record<string, object> = {};
for (const { name, query, variables } of dearestDocuments) {
  const { milliseconds, refused } = await measure(query, variables);
  table[name] = {
    'times an empty one': (milliseconds / base.milliseconds).toFixed(0),
    milliseconds: milliseconds.toFixed(1),
    outcome: refused ?? 'executed',
  };
}
console.table(table);
await server.stop();
rmSync(folder, { recursive: true, force: true });
