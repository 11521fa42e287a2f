import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSchema, parse, validate } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type RunningApp } from './support/start-app.ts';
import { ledgerFolder } from './support/test-server.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Returns the code blocks of a language, in a section or in the whole text. */
function blocks(language: string, text = readme): string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```/gm)].flatMap(([, name, code]) => (name === language ? [code!] : [])); // prettier-ignore
}

describe('the README', () => {
  let app: RunningApp;
  const folder = ledgerFolder();
  const cwd = mkdtempSync(join(tmpdir(), 'parcelgraph-readme-'));
  beforeAll(async () => {
    const config = {
      host: '127.0.0.1',
      port: 0,
      storage: { folder },
      dataDir: folder,
      tenants: [],
      logLevel: 'info' as const,
      sandbox: {},
    };
    app = await startApp(config, { log: pino({ level: 'silent' }) });
  });
  afterAll(async () => {
    await app.close();
    for (const path of [folder, cwd]) rmSync(path, { recursive: true, force: true });
  });

  async function shell(script: string) {
    const child = spawn('sh', ['-eu'], { cwd, env: { PATH: process.env.PATH, PARCELGRAPH_URL: app.url } });
    child.stdin.end(script);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
    }
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  }

  it('has GraphQL that is valid, and a purchase that selects the id of its shipment', () => {
    const printed = readFileSync(new URL('../src/generated/subgraph.graphql', import.meta.url), 'utf8');
    const schema = buildSchema(printed, { assumeValidSDL: true });
    for (const code of blocks('graphql')) expect(validate(schema, parse(code)), code).toEqual([]);
    expect(blocks('graphql').find((code) => code.includes('shipmentPurchase'))).toMatch(/shipment \{\s+id\b/);
  });

  it('starts with a query that a shell runs as it stands', async () => {
    const first = blocks('sh').find((code) => code.startsWith('curl'))!;
    const { code, output } = await shell(first.replace('http://127.0.0.1:4000', app.url));
    expect(code, output).toBe(0);
    expect(JSON.parse(output).data.rates.rates.length).toBeGreaterThan(0);
  });

  it('goes the whole way with curl: verify, rates, buy, label, track, pickup, void, abroad, return, insured', async () => {
    const section = readme.split(/^## /m).find((text) => text.startsWith('The whole way with curl'))!;
    const { code, output } = await shell(blocks('sh', section).join('\n'));
    expect(code, output).toBe(0);
    const data = output.trim().split('\n').map((line) => JSON.parse(line).data); // prettier-ignore
    const bought = (price: unknown) => ({ shipmentPurchase: { shipment: expect.objectContaining({ id: expect.stringMatching(/^shp_/), status: 'PURCHASED', price }), userErrors: [], failure: null } }); // prettier-ignore
    const anyPrice = { amount: expect.any(String) };
    expect(data).toEqual([
      { addressVerification: expect.objectContaining({ status: 'VERIFIED' }) },
      { tracker: expect.objectContaining({ status: 'PRE_TRANSIT' }) },
      { pickupSchedule: { pickup: expect.objectContaining({ status: 'SCHEDULED' }), userErrors: [], failure: null } }, // prettier-ignore
      { shipmentVoid: { shipment: expect.objectContaining({ status: 'VOIDED' }), userErrors: [], failure: null } }, // prettier-ignore
      bought(anyPrice),
      bought(anyPrice),
      bought(anyPrice),
    ]);
    expect(readFileSync(join(cwd, 'label.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
