import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

const folder = new URL('../../examples/supergraph/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const commands = [...readme.matchAll(/^```sh \S+\n(curl [^]*?)^```/gm)].map(([, command]) => command!);

/** Reads what a process writes until it matches. */
async function outputOf(process: ChildProcess, pattern: RegExp): Promise<string> {
  let output = '';
  process.stderr!.on('data', (text) => void (output += String(text)));
  for await (const text of process.stdout!) {
    output += String(text);
    if (pattern.test(output)) break;
  }
  return output;
}

describe('the supergraph', () => {
  let server: TestServer;
  let supergraph: ChildProcess;
  let url: string;
  beforeAll(async () => {
    server = await openTestServer();
    supergraph = spawn(process.execPath, [fileURLToPath(new URL('main.ts', folder))], {
      env: { PATH: process.env.PATH, PARCELGRAPH_URL: server.url, PORT: '0' },
    });
    const listens = /listens at (\S+)/;
    url = listens.exec(await outputOf(supergraph, listens))![1]!;
  });
  afterAll(async () => {
    supergraph.kill();
    await once(supergraph, 'exit');
    await server.close();
  });

  const run = async (command: string) => {
    const shell = spawn('sh', ['-c', `exec ${command.replace('http://127.0.0.1:4100/graphql', url)}`]);
    const output = await outputOf(shell, /\}\s*$/);
    shell.kill();
    return JSON.parse(/\{[^]*/.exec(output)![0]);
  };

  it('answers the commands of its page', async () => {
    expect(commands).toHaveLength(3);
    const [orders, checkouts, parcel] = await Promise.all(commands.map(run));
    expect(orders.data.orders.map(({ parcel }: any) => [parcel.status, parcel.failure?.code])).toEqual([
      ['IN_TRANSIT', undefined],
      ['DELIVERED', undefined],
      ['DELIVERED', undefined],
      ['UNKNOWN', 'NOT_FOUND'],
    ]);
    const [{ rates }] = checkouts.data.checkouts;
    expect(new Set(rates.map(({ carrier }: any) => carrier))).toEqual(new Set(['USPS', 'UPS', 'FedEx']));
    expect(parcel).toEqual({ data: { trackerUpdated: { status: 'IN_TRANSIT' } } });
  });
});
