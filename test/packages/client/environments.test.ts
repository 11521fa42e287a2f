import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { uspsSandboxNumbers } from '../../../sandbox/usps/index.ts';
import { buildClient, clientFolder } from '../../support/built-client.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
if (!executablePath) console.warn('The client is not tested in a browser: set CHROMIUM to the path of one.');

// A browser on a loaded machine takes long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Asks for rates, buys one, and reads the first event of a subscription. Text, since it runs in other environments. */
const program = `async ({ module, url, input, number }) => {
  const { createClient, RatesDocument, ShipmentPurchaseDocument, TrackerUpdatedDocument } = await import(module);
  const client = createClient({ url, apiKey: 'sandbox' });
  const quote = await client.query(RatesDocument, { input });
  if (!quote.ok) return quote;
  const rateId = quote.data.rates.rates[0].id;
  const bought = await client.mutate(ShipmentPurchaseDocument, { input: { rateId } });
  if (!bought.ok) return bought;
  for await (const event of client.subscribe(TrackerUpdatedDocument, { numbers: [{ trackingNumber: number }] })) {
    return { status: bought.data.shipmentPurchase.shipment.status, event };
  }
}`;
const outcome = {
  status: 'PURCHASED',
  event: { ok: true, data: { trackerUpdated: expect.objectContaining({ status: 'IN_TRANSIT' }) } },
};

describe('the built client', () => {
  let server: TestServer;
  let files: Awaited<ReturnType<typeof serveFiles>>;
  beforeAll(async () => {
    buildClient();
    files = await serveFiles();
    server = await openTestServer({ corsOrigins: [files.origin] });
  });
  afterAll(async () => {
    await server.close();
    files.close();
  });

  const settings = (module: string) => ({
    module,
    url: `${server.url}/graphql`,
    input: { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] },
    number: uspsSandboxNumbers.inTransit,
  });

  it("runs in Node's worker threads", async () => {
    const source = `require('node:worker_threads').parentPort.once('message', async (data) =>
      require('node:worker_threads').parentPort.postMessage(await (${program})(data)))`;
    const worker = new Worker(source, { eval: true });
    const answer = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    worker.postMessage(settings(pathToFileURL(join(clientFolder, 'dist/index.js')).href));
    expect(await answer).toEqual(outcome);
    await worker.terminate();
  });

  describe.skipIf(!executablePath)('in a browser, from an origin of CORS_ORIGINS', () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] }); // prettier-ignore
      page = await browser.newPage();
      await page.goto(files.origin);
    });
    afterAll(() => browser.close());
    const inPage = () => JSON.stringify(settings(`${files.origin}/index.js`));

    it('runs in a page', async () => {
      expect(await page.evaluate(`(${program})(${inPage()})`)).toEqual(outcome);
    });

    it('runs in a module worker', async () => {
      const source = `onmessage = async ({ data }) => postMessage(await (${program})(data));`;
      const answer = await page.evaluate(`new Promise((resolve, reject) => {
        const source = new Blob([${JSON.stringify(source)}], { type: 'text/javascript' });
        const worker = new Worker(URL.createObjectURL(source), { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(${inPage()});
      })`);
      expect(answer).toEqual(outcome);
    });

    it('is refused from another origin', async () => {
      const other = await browser.newPage();
      await other.goto(files.origin.replace('shop.', 'other.'));
      const answer = await other.evaluate(`(${program})(${inPage().replace(files.origin, files.origin.replace('shop.', 'other.'))})`); // prettier-ignore
      expect(answer).toMatchObject({ ok: false, failure: { kind: 'network' } });
    });
  });
});

/** Serves the built client and an empty page under a name that is not this machine's to the server. */
async function serveFiles() {
  const files = createServer((request, response) => {
    const file = join(clientFolder, 'dist', new URL(request.url!, 'http://files').pathname);
    const isScript = file.endsWith('.js') && existsSync(file);
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync(file) : '<!doctype html><title>Shop</title>');
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  const { port } = files.address() as AddressInfo;
  return { origin: `http://shop.localhost:${port}`, close: () => files.close() };
}
