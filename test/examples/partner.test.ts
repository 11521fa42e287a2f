import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseCsv } from '../../examples/partner/csv.ts';
import { buildClient } from '../support/built-client.ts';
import { pageTexts } from '../support/page-texts.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

const examples = fileURLToPath(new URL('../../examples/partner/', import.meta.url));
const sample = readFileSync(`${examples}orders.csv`, 'utf8');
/** The row whose address has no street. */
const faulty = '1003,No Street,,,';
const mended = '1003,Some Street,388 Townsend St,,';

describe('the nightly batch', () => {
  let server: TestServer;
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-partner-'));
  beforeAll(async () => {
    buildClient();
    server = await openTestServer();
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the batch over orders in a file of this name; `interrupt` is called with each line of its progress. */
  async function run(
    command: string,
    script: string,
    name: string,
    csv: string,
    interrupt?: (line: string) => boolean,
  ) {
    writeFileSync(join(folder, `${name}.csv`), csv);
    const args = [...(command === 'sh' ? [] : ['--no-warnings']), examples + script, `${name}.csv`, name];
    const env = { PATH: process.env.PATH, PARCELGRAPH_URL: server.url, PARCELGRAPH_API_KEY: 'sandbox' };
    const child = spawn(command, args, { cwd: folder, env });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (interrupt?.(text)) child.kill('SIGKILL');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, files: readdirSync(join(folder, name)) };
  }
  const charged = () => server.sandbox.usps.charges().length;
  const recipients = async (name: string) =>
    (await pageTexts(readFileSync(join(folder, name, 'labels.pdf')))).map(
      (text) => /RITA|BOB|SOME|CARLA|DORA/.exec(text.toUpperCase())?.[0],
    );

  it('buys each order once, although it is killed, and prints all in the order of the file', async () => {
    const before = charged();
    const node = process.execPath;
    const killed = await run(node, 'batch.ts', 'night', sample, (line) => line.includes('2 of 5'));
    expect(killed.code).toBeNull();

    const resumed = await run(node, 'batch.ts', 'night', sample);
    expect(resumed.output).toContain('4 of 5 orders have a label');
    expect(resumed.output).toMatch(/^1003: .+\n {2}\S/m);
    expect(resumed.code).toBe(1);
    expect(charged() - before).toBe(4);
    expect(await recipients('night')).toEqual(['RITA', 'BOB', 'CARLA', 'DORA']);
    expect(resumed.files.filter((file) => file.includes('manifest'))).toEqual(['night-manifest-usps-1.pdf']);

    const complete = await run(node, 'batch.ts', 'night', sample.replace(faulty, mended));
    expect(complete).toMatchObject({
      code: 0,
      output: expect.stringContaining('5 of 5 orders have a label'),
    });
    expect(charged() - before).toBe(5);
    expect(await recipients('night')).toEqual(['RITA', 'BOB', 'SOME', 'CARLA', 'DORA']);
    expect(complete.files).toContain('night-manifest-usps-2.pdf');
  });

  it('does the same with curl', async () => {
    const before = charged();
    const killed = await run('sh', 'batch.sh', 'curl', sample, (line) => line.includes('2 of 5'));
    expect(killed.code).toBeNull();
    const resumed = await run('sh', 'batch.sh', 'curl', sample);
    expect(resumed.output).toContain('3 orders have a label');
    expect(resumed.output).toMatch(/^1003: .+\n {2}\S/m);
    expect(resumed.output).toContain('1005: has a quotation mark');
    expect(charged() - before).toBe(3);
    expect(await recipients('curl')).toEqual(['RITA', 'BOB', 'CARLA']);
    const complete = await run(
      'sh',
      'batch.sh',
      'curl',
      sample.replace(faulty, mended).replace(/^1005.*\n/m, ''),
    );
    expect(complete.code).toBe(0);
    expect(charged() - before).toBe(4);
    expect(await recipients('curl')).toEqual(['RITA', 'BOB', 'SOME', 'CARLA']);
    expect(complete.files.filter((file) => /^manifest-\d\.pdf$/.test(file))).toHaveLength(2);
  });

  it('reads quoted cells of a CSV file', () => {
    expect(parseCsv('a,b,c\r\n1,"x ""y"", z",\n,2,3\n')).toEqual([
      { a: '1', b: 'x "y", z', c: '' },
      { a: '', b: '2', c: '3' },
    ]);
  });
});
