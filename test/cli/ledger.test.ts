import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ledgerFolder } from '../support/test-server.ts';
import { openLedgerTestServer, shipmentFields, type LedgerTestServer } from '../support/ledger-server.ts';

// Processes start here, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = new URL('../../', import.meta.url);

/** Runs one of our commands on a folder; `typed` are the answers of somebody at a terminal. */
async function run(program: string, args: string[], folder: string, typed?: string) {
  const env = { PATH: process.env.PATH, DATA_DIR: folder };
  // `script` of util-linux gives the command a terminal.
  const command = [process.execPath, `src/cli/${program}.ts`, ...args];
  const child =
    typed === undefined
      ? spawn(command[0]!, command.slice(1), { cwd: root, env })
      : spawn('script', ['-qec', command.join(' '), '/dev/null'], { cwd: root, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  if (typed === undefined) child.stdin.end();
  for (const line of typed?.split('\n') ?? []) {
    // A question, and where the terminal is to put its cursor.
    await vi.waitFor(() => expect(output).toMatch(/: (\x1b\[\d+G)?$/), { timeout: 60_000 });
    output += '\n';
    child.stdin.write(`${line}\n`);
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

describe('commands for the ledger, while a server runs on it and without one', () => {
  let house: LedgerTestServer;
  let folder: string;
  const ids: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parcelgraph-export-'));
    house = await openLedgerTestServer('embedded');
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const rateId = await house.rate('usps');
      house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
      const { shipment } = (await house.buy(key, rateId)).data.shipmentPurchase;
      expect(shipment.status).toBe('UNCERTAIN');
      ids.push(shipment.id);
    }
  });
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const shipmentOf = async (id: string) =>
    (await house.ask(`query ($id: ID!) { shipment(id: $id) { ${shipmentFields} } }`, { id })).data.shipment;

  it('npm run purchases lists what is uncertain, and fails where there is anything', async () => {
    const { code, output } = await run('purchases', [], house.folder);
    expect(code).toBe(1);
    for (const id of ids) expect(output).toContain(`${id}  shipmentPurchase`);
    for (const { idempotencyKey } of house.sandbox.usps.labels()) expect(output).toContain(idempotencyKey);
    expect(output).toContain('5 uncertain');
    expect(output).not.toMatch(/Sally|Rita|^ +at /m);
    const json = await run('purchases', ['--json'], house.folder);
    expect(
      JSON.parse(json.output)
        .map(({ id }: any) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });

  it('npm run purchases -- resolve ID ends one, by the name of who did it', async () => {
    const { code, output } = await run('purchases', ['resolve', ids[0]!, '--cancelled'], house.folder);
    expect({ code, output }).toEqual({ code: 0, output: `${ids[0]} is FAILED\n` });
    expect((await shipmentOf(ids[0]!)).history.at(-1)).toEqual({
      event: 'RESOLVED_BY_HAND',
      by: `os:${userInfo().username}`,
      detail: 'cancelled',
    });
    const again = await run('purchases', ['resolve', ids[0]!, '--nothing'], house.folder);
    expect(again).toEqual({ code: 1, output: `${ids[0]} is FAILED: there is nothing to resolve\n` });
  });

  it('npm run purchases -- resolve ID --cancel has its provider cancel it by its key', async () => {
    const before = house.sandbox.usps.charges().length;
    const { code, output } = await run('purchases', ['resolve', ids[3]!, '--cancel'], house.folder);
    expect({ code, output }).toEqual({ code: 0, output: `${ids[3]} is FAILED\n` });
    expect(house.sandbox.usps.charges()).toHaveLength(before - 1);
  });

  it('and explains itself where it is called otherwise', async () => {
    const unknown = await run('purchases', ['ask', 'shp_typo'], house.folder);
    expect(unknown).toEqual({ code: 1, output: 'there is no shp_typo among what is uncertain\n' });
    for (const args of [
      ['resolve', ids[1]!],
      ['resolve', ids[1]!, '--nothing', '--cancelled'],
      ['resolve', ids[1]!, '--cancel', '--cancelled'],
      ['resolve', ids[1]!, '--bought', '9400'],
      ['sell'],
      ['resolve'],
    ]) {
      const { code, output } = await run('purchases', args, house.folder);
      expect(code).toBe(1);
      expect(output).toContain('npm run purchases -- resolve ID');
    }
  });

  it.skipIf(!existsSync('/usr/bin/script'))('on a terminal it goes through them one by one', async () => {
    // Skipped where there is nothing that makes a terminal.
    const labels = house.sandbox.usps.labels();
    const { trackingNumber } = labels.at(-1)!;
    // The one to ask about is left, one is cancelled by its key, and one was bought.
    const typed = `s\nk\nb\n${trackingNumber}\n7.40`;
    const { code, output } = await run('purchases', ['resolve'], house.folder, typed);
    expect(output).toContain('What is there at the provider?');
    expect(output).toContain(`${ids[2]} is FAILED`);
    expect(output).toContain(`${ids[4]} is PURCHASED with ${trackingNumber}; its label was fetched`);
    expect(output).toContain('1 uncertain');
    expect(code).toBe(1);
    expect(house.sandbox.usps.labels()[2]!.status).toBe('CANCELED');
    expect((await shipmentOf(ids[4]!)).price.amount).toBe('7.40');
  });

  it('npm run purchases -- ask asks the provider, after which nothing is left', async () => {
    const { code, output } = await run('purchases', ['ask'], house.folder);
    expect({ code, output }).toEqual({ code: 0, output: 'Nothing is uncertain.\n' });
    expect((await shipmentOf(ids[1]!)).status).toBe('PURCHASED');
  });

  it('npm run retention says what it would delete, and deletes it', async () => {
    const dry = await run('retention', ['--days', '0', '--dry-run'], house.folder);
    expect(dry).toEqual({ code: 0, output: expect.stringMatching(/Older than 0 days: 5 shipments, .*Nothing was deleted/) }); // prettier-ignore
    expect((await shipmentOf(ids[1]!)).from.name).toBe('Sally Sender');
    expect((await run('retention', [], house.folder)).output).toContain('Usage: npm run retention');
    expect((await run('retention', ['--days', '30'], house.folder)).output).toContain('from 0 shipments');
  });

  it('npm run ledger waits until the server is stopped, then moves everything', async () => {
    const file = join(folder, 'ledger.jsonl');
    const early = await run('ledger', ['export', file], house.folder);
    expect(early).toEqual({ code: 1, output: expect.stringContaining('Stop it first') });
    expect(existsSync(file)).toBe(false);

    await house.stop();
    const list = await run('purchases', [], house.folder);
    expect(list.output).toContain('Nothing is uncertain.');
    const exported = await run('ledger', ['export', file], house.folder);
    expect(exported).toMatchObject({ code: 0, output: expect.stringMatching(/shipments \.\.\.\n[\s\S]*has .*5 shipments/) }); // prettier-ignore
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const target = ledgerFolder();
    const imported = await run('ledger', ['import', file], target);
    expect(imported).toMatchObject({ code: 0, output: expect.stringContaining('5 shipments') });
    const twice = await run('ledger', ['import', file], target);
    expect(twice).toMatchObject({ code: 1, output: expect.stringContaining('not empty') });
    rmSync(target, { recursive: true, force: true });
    expect((await run('ledger', ['move'], house.folder)).output).toContain('npm run ledger -- export FILE');
  });
});
