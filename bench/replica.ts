import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Agent, request } from 'undici';

/** A server in a process of its own. */
export interface Replica {
  readonly url: string;
  /** Sends an operation with an API key and returns its data. Throws where there are errors. */
  ask<Data>(key: string, query: string, variables?: object): Promise<Data>;
  /** Returns the resident memory of the process. */
  memoryBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the server for some tenants, on an embedded ledger or on the database of `databaseUrl`. */
export async function startReplica(tenants: readonly object[], databaseUrl?: string): Promise<Replica> {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-bench-'));
  const tenantsFile = join(folder, 'tenants.json');
  writeFileSync(tenantsFile, JSON.stringify({ tenants }));
  const child = spawn(process.execPath, ['src/main.ts'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATA_DIR: folder,
      PARCELGRAPH_TENANTS: tenantsFile,
      PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    },
  });
  process.once('exit', () => child.kill());
  const url = await urlOf(createInterface(child.stdout));
  const dispatcher = new Agent({ connections: 2_000 });
  return {
    url,
    async ask<Data>(key: string, query: string, variables?: object) {
      const response = await request(`${url}/graphql`, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.body.json()) as { data: Data; errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    async memoryBytes() {
      const metrics = await (await request(`${url}/metrics`, { dispatcher })).body.text();
      return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)![1]);
    },
    async stop() {
      await dispatcher.destroy();
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function urlOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const url = /http:\/\/[\w.:]+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('the server ended before it listened');
}

/** Returns the value that `share` of the values do not exceed: 0.99 for the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
