import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DocumentNode, Kind, visit } from 'graphql';
import { pino } from 'pino';

import { easypostSandboxKey } from '../../sandbox/easypost/index.ts';
import { uspsSandboxNumbers } from '../../sandbox/usps/index.ts';
import { root } from './code-blocks.ts';
import { startApp } from './start-app.ts';
import { ask, box, ledgerFolder, receiver, sender } from './test-server.ts';

export interface Output {
  readonly status: number | null;
  /** Standard output and standard error. */
  readonly text: string;
  readonly stderr: string;
}

/** What `npm start` starts, and a folder that looks like the root, in which commands and programs run. */
export async function openDocumentationServer() {
  const dataDir = ledgerFolder();
  const cwd = mkdtempSync(join(tmpdir(), 'parcelgraph-documentation-'));
  for (const name of ['package.json', 'node_modules', 'packages', 'examples', 'src', 'schema', 'sandbox'])
    symlinkSync(`${root}${name}`, join(cwd, name));
  const app = await startApp(
    {
      host: '127.0.0.1',
      port: 0,
      storage: { folder: dataDir },
      dataDir,
      tenants: [],
      logLevel: 'info',
      sandbox: {},
    },
    { log: pino({ level: 'silent' }) },
  );
  const askServer = (query: string, variables?: object) => ask<any>(app.url, query, variables, 'sandbox');
  const easypost = app.sandbox!.providers.easypost;
  /** Points code at this server and its emulated providers. */
  const localize = (code: string) =>
    code
      .replaceAll(/\b(http|ws):\/\/127\.0\.0\.1:4000/g, (_, scheme: string) =>
        app.url.replace('http', scheme),
      )
      .replaceAll(
        'process.env.EASYPOST_API_KEY!',
        `'${easypostSandboxKey}', { baseUrl: '${easypost.url}/v2/' }`,
      );

  const run = (command: string, args: readonly string[], input?: string) =>
    runProgram(command, args, { cwd, dataDir, input });

  return {
    url: app.url,
    cwd,
    shell: (script: string) => run('sh', ['-eu'], localize(script)),
    /** Runs a module in the folder. */
    module(code: string, extension: string) {
      const file = join(cwd, `example.${extension}`);
      writeFileSync(file, localize(code));
      return run('node', ['--no-warnings', file]);
    },
    ask: askServer,
    async cancelPickups() {
      const { data } = await askServer('{ pickups(first: 10) { nodes { id } } }');
      for (const { id } of data.pickups.nodes) {
        await askServer('mutation ($id: ID!) { pickupCancel(input: { id: $id }) { pickup { id } } }', { id });
      }
    },
    async close() {
      await app.close();
      for (const folder of [dataDir, cwd]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a program in a process group of its own, which ends with it. */
async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, dataDir, input = '' }: { cwd: string; dataDir: string; input?: string },
): Promise<Output> {
  const env = { PATH: `${root}node_modules/.bin:${process.env.PATH}`, HOME: cwd, DATA_DIR: dataDir };
  const child = spawn(command, args, { cwd, env, detached: true, timeout: 60_000 });
  const closed = once(child, 'close');
  let text = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => void (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    stderr += part;
  });
  child.stdin.end(input);
  const [status] = (await once(child, 'exit')) as [number | null];
  try {
    process.kill(-child.pid!);
  } catch {
    // Nothing of the group is left.
  }
  await closed;
  return { status, text, stderr };
}

export type DocumentationServer = Awaited<ReturnType<typeof openDocumentationServer>>;

const quoteFields = 'query ($input: RatesInput!) { rates(input: $input) { rates { id } } }';
const purchaseFields =
  'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id } } }';

/** Replaces what a GraphQL block of the documentation leaves open by what the server has. */
export async function fillIn(code: string, { ask }: DocumentationServer): Promise<string> {
  const rate = async () => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    return (await ask(quoteFields, { input })).data.rates.rates[0].id as string;
  };
  const shipment = async () => {
    const input = { idempotencyKey: crypto.randomUUID(), rateId: await rate() };
    return (await ask(purchaseFields, { input })).data.shipmentPurchase.shipment.id as string;
  };
  let filled = code
    .replaceAll(/(idempotencyKey: "[^"]*)"/g, `$1-${crypto.randomUUID()}"`)
    .replaceAll('tenantId: "acme"', 'tenantId: "sandbox"')
    .replaceAll('"https://shop.example/parcels"', '"http://127.0.0.1:9000/"');
  if (filled.includes('rateId: "..."')) filled = filled.replaceAll('rateId: "..."', `rateId: "${await rate()}"`); // prettier-ignore
  if (filled.includes('"shp_..."')) filled = filled.replaceAll('"shp_..."', `"${await shipment()}"`);
  return filled;
}

/** Returns values for the variables of a document, which pages name alike. Throws for a name that has none. */
export function variablesFor(document: DocumentNode): Record<string, unknown> {
  const day = new Date(Date.now() + 24 * 60 * 60 * 1000);
  // Carriers collect on weekdays.
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  const values: Record<string, unknown> = {
    day: day.toISOString().slice(0, 10),
    numbers: [{ trackingNumber: uspsSandboxNumbers.inTransit }],
    after: null,
  };
  const variables: Record<string, unknown> = {};
  visit(document, {
    [Kind.VARIABLE_DEFINITION]({ variable: { name } }) {
      if (!(name.value in values)) throw new Error(`give the variable ${name.value} a value in variablesFor`);
      variables[name.value] = values[name.value];
    },
  });
  return variables;
}
