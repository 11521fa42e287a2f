import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ledgerFolder } from '../support/test-server.ts';
import { openLedgerTestServer, shipmentFields, type LedgerTestServer } from '../support/ledger-server.ts';

// Each test starts processes, which takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = new URL('../../', import.meta.url);

/** Runs a command on a data directory. With `typed`, runs it on a terminal and types each line after a prompt. */
async function run(program: string, args: string[], folder: string, typed?: string) {
  const env = { PATH: process.env.PATH, DATA_DIR: folder };
  // `script` of util-linux runs a command on a terminal.
  const command = [process.execPath, '--import', './src/compile-cache.mjs', `src/cli/${program}.ts`, ...args];
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
    // A prompt, followed by the escape sequence that positions the cursor.
    await vi.waitFor(() => expect(output).toMatch(/: (\x1b\[\d+G)?$/), { timeout: 60_000 });
    output += '\n';
    child.stdin.write(`${line}\n`);
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

describe('the ledger commands, with and without a running server', () => {
  let server: LedgerTestServer;
  let folder: string;
  const ids: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parcelgraph-export-'));
    server = await openLedgerTestServer('embedded');
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const rateId = await server.rate('usps');
      server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
      const { shipment } = (await server.buy(key, rateId)).data.shipmentPurchase;
      expect(shipment.status).toBe('UNCERTAIN');
      ids.push(shipment.id);
    }
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const shipmentOf = async (id: string) =>
    (await server.ask(`query ($id: ID!) { shipment(id: $id) { ${shipmentFields} } }`, { id })).data.shipment;

  it('`npm run purchases` lists what is unresolved, and exits with 1 if there is anything', async () => {
    const { code, output } = await run('purchases', [], server.folder);
    expect(code).toBe(1);
    for (const id of ids) expect(output).toContain(`${id}  shipmentPurchase`);
    for (const { idempotencyKey } of server.sandbox.usps.labels()) expect(output).toContain(idempotencyKey);
    expect(output).toContain('5 unresolved');
    expect(output).not.toMatch(/Sally|Rita|^ +at /m);
    const json = await run('purchases', ['--json'], server.folder);
    expect(
      JSON.parse(json.output)
        .map(({ id }: any) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });

  it('`npm run purchases -- resolve ID` resolves one entry and records the user name', async () => {
    const { code, output } = await run('purchases', ['resolve', ids[0]!, '--cancelled'], server.folder);
    expect({ code, output }).toEqual({ code: 0, output: `${ids[0]} is FAILED\n` });
    expect((await shipmentOf(ids[0]!)).history.at(-1)).toEqual({
      event: 'RESOLVED_BY_HAND',
      by: `os:${userInfo().username}`,
      detail: 'cancelled',
    });
    const again = await run('purchases', ['resolve', ids[0]!, '--nothing'], server.folder);
    expect(again).toEqual({ code: 1, output: `${ids[0]} is FAILED: there is nothing to resolve\n` });
  });

  it('`npm run purchases -- resolve ID --cancel` cancels the label at the provider by its key', async () => {
    const before = server.sandbox.usps.charges().length;
    const { code, output } = await run('purchases', ['resolve', ids[3]!, '--cancel'], server.folder);
    expect({ code, output }).toEqual({ code: 0, output: `${ids[3]} is FAILED\n` });
    expect(server.sandbox.usps.charges()).toHaveLength(before - 1);
  });

  it('`npm run purchases` prints its usage for invalid arguments', async () => {
    const unknown = await run('purchases', ['ask', 'shp_typo'], server.folder);
    expect(unknown).toEqual({ code: 1, output: 'shp_typo is not unresolved\n' });
    for (const args of [
      ['resolve', ids[1]!],
      ['resolve', ids[1]!, '--nothing', '--cancelled'],
      ['resolve', ids[1]!, '--cancel', '--cancelled'],
      ['resolve', ids[1]!, '--bought', '9400'],
      ['sell'],
      ['resolve'],
    ]) {
      const { code, output } = await run('purchases', args, server.folder);
      expect(code).toBe(1);
      expect(output).toContain('npm run purchases -- resolve ID');
    }
  });

  it.skipIf(!existsSync('/usr/bin/script'))(
    '`npm run purchases -- resolve` asks about each entry on a terminal',
    async () => {
      // Skipped on machines without `script`.
      const labels = server.sandbox.usps.labels();
      const { trackingNumber } = labels.at(-1)!;
      // The first entry is skipped, the second is cancelled by its key, the third was purchased.
      const typed = `s\nk\nb\n${trackingNumber}\n7.40`;
      const { code, output } = await run('purchases', ['resolve'], server.folder, typed);
      expect(output).toContain('What did you find at the provider?');
      expect(output).toContain(`${ids[2]} is FAILED`);
      expect(output).toContain(`${ids[4]} is PURCHASED with ${trackingNumber}; its label was fetched`);
      expect(output).toContain('1 unresolved');
      expect(code).toBe(1);
      expect(server.sandbox.usps.labels()[2]!.status).toBe('CANCELED');
      expect((await shipmentOf(ids[4]!)).price.amount).toBe('7.40');
    },
  );

  it('`npm run purchases -- ask` asks the provider, which resolves the last entry', async () => {
    const { code, output } = await run('purchases', ['ask'], server.folder);
    expect({ code, output }).toEqual({ code: 0, output: 'Nothing is unresolved.\n' });
    expect((await shipmentOf(ids[1]!)).status).toBe('PURCHASED');
  });

  it('`npm run retention` reports what it would delete, and deletes it', async () => {
    const dry = await run('retention', ['--days', '0', '--dry-run'], server.folder);
    expect(dry).toEqual({ code: 0, output: expect.stringMatching(/Older than 0 days: 5 shipments,[\s\S]*Nothing was deleted/) }); // prettier-ignore
    expect((await shipmentOf(ids[1]!)).from.name).toBe('Sally Sender');
    expect((await run('retention', [], server.folder)).output).toContain('Usage: npm run retention');
    expect((await run('retention', ['--days', '30'], server.folder)).output).toContain('from 0 shipments');
  });

  it('`npm run ledger` refuses while a server runs, then transfers everything', async () => {
    const file = join(folder, 'ledger.jsonl');
    const early = await run('ledger', ['export', file], server.folder);
    expect(early).toEqual({ code: 1, output: expect.stringContaining('Stop it first') });
    expect(existsSync(file)).toBe(false);

    await server.stop();
    const list = await run('purchases', [], server.folder);
    expect(list.output).toContain('Nothing is unresolved.');
    const exported = await run('ledger', ['export', file], server.folder);
    expect(exported).toMatchObject({ code: 0, output: expect.stringMatching(/shipments \.\.\.\n[\s\S]*has .*5 shipments/) }); // prettier-ignore
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const target = ledgerFolder();
    const imported = await run('ledger', ['import', file], target);
    expect(imported).toMatchObject({ code: 0, output: expect.stringContaining('5 shipments') });
    const twice = await run('ledger', ['import', file], target);
    expect(twice).toMatchObject({ code: 1, output: expect.stringContaining('not empty') });
    rmSync(target, { recursive: true, force: true });
    expect((await run('ledger', ['move'], server.folder)).output).toContain('npm run ledger -- export FILE');
  });
});
