import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { examples } from '../../src/server/examples.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

if (!chromiumPath) console.warn('GraphiQL is not tested in a browser: set CHROMIUM to the path of one.');

// A browser on a loaded machine takes long.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe.skipIf(!chromiumPath)('GraphiQL in a browser without internet', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const blocked: string[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    server = await openTestServer();
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      if (/^(data|blob):$/.test(url.protocol) || url.hostname === '127.0.0.1') return route.continue();
      blocked.push(url.href);
      return route.abort();
    });
    // The server's clock stands still, and the page offers the next workday for a pickup.
    await page.addInitScript(`Date.now = () => ${server.clock.now()}`);
    await page.goto(`${server.url}/graphiql`);
    await page.locator('.graphiql-execute-button').waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const names = examples([], '').map(({ name }) => name);
  const tabs = () => page.locator('.graphiql-tab-button').allInnerTexts();

  it('shows a tab for each example', async () => {
    await expect.poll(tabs, { timeout: 60_000 }).toEqual(names);
  });

  it('has the sandbox key in its headers, and example variables', async () => {
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.getByText('Bearer sandbox').first().waitFor();
    await page.getByRole('button', { name: 'Variables', exact: true }).click();
    await page.getByText('Sally Sender').first().waitFor();
  });

  /**
   * Clicks on the execute button and returns the request of the operation. GraphiQL reads the operation's name a moment after
   * its text, and answers a click before that with an error of its own: the click is then repeated.
   */
  async function send(operation: string): Promise<Request> {
    const isSent = (request: Request) =>
      request.url().endsWith('/graphql') && (request.postData() ?? '').includes(operation);
    const sending = page.waitForRequest(isSent, { timeout: 2_000 }).catch(() => undefined);
    await page.locator('.graphiql-execute-button').click();
    return (await sending) ?? send(operation);
  }
  /** Sends an operation, and returns the response. */
  const execute = async (operation: string): Promise<any> =>
    (await (await send(operation)).response())!.json();
  /** Chooses a tab by one click, and waits until its variables are shown and filled. */
  async function choose(name: string) {
    await page.locator('.graphiql-tab-button', { hasText: name }).click();
    await page.locator(`.graphiql-tab-active:has-text("${name}")`).waitFor();
    const shown = () => page.evaluate(() => (globalThis as any).monaco.editor.getModels().map((model: any) => model.getValue()).join('\n')); // prettier-ignore
    await expect
      .poll(shown, { timeout: 60_000 })
      .toMatch(new RegExp(`(query|mutation|subscription) ${name}\\b`));
    await expect.poll(shown, { timeout: 60_000 }).not.toMatch(/"<[^"]*>"/);
  }

  it('shows rates after one click on the execute button', async () => {
    const { data } = await execute('Rates');
    expect(data.rates.rates.length).toBeGreaterThan(3);
    const result = page.locator('.result-window');
    await expect.poll(() => result.textContent(), { timeout: 60_000 }).toMatch(/"carrier":\s*"USPS"/);
    await page.screenshot({ path: join(tmpdir(), 'graphiql.png') });
  });

  it('chooses another tab by the first click, and fills its variables from the responses before', async () => {
    await choose('Purchase');
    const purchase = (await execute('Purchase')).data.shipmentPurchase;
    expect(purchase).toMatchObject({ shipment: { status: 'PURCHASED' }, userErrors: [], failure: null });
    const succeeds = async (name: string, field: string) => {
      await choose(name);
      const { data, errors } = await execute(name);
      expect(errors, name).toBeUndefined();
      expect(data[field], name).toMatchObject({ userErrors: [], failure: null });
    };
    await succeeds('Pickup', 'pickupSchedule');
    await choose('Labels');
    expect((await execute('Labels')).data.labelDocument).toMatchObject({ labels: 1, skipped: [] });
    await succeeds('Void', 'shipmentVoid');
    await choose('Return');
    expect((await execute('Return')).data.rates.rates.length).toBeGreaterThan(0);
    await choose('Purchase');
    const again = (await execute('Purchase')).data.shipmentPurchase;
    expect(again).toMatchObject({ shipment: { status: 'PURCHASED' }, userErrors: [], failure: null });
    expect(again.shipment.id).not.toBe(purchase.shipment.id);
    await succeeds('Manifest', 'manifestCreate');
    await choose('International');
    expect((await execute('International')).data.rates.rates.length).toBeGreaterThan(0);
    await choose('Rates');
  });

  it('shows the events of a subscription', async () => {
    await choose('Live');
    await send('Live');
    const result = page.locator('.result-window');
    await expect
      .poll(() => result.textContent(), { timeout: 60_000 })
      .toMatch(/"data"[^]*"trackerUpdated"[^]*"cursor"/);
    await page.locator('.graphiql-execute-button').click();
    await choose('Rates');
  });

  it('shows the same tabs when the page is loaded again', async () => {
    // GraphiQL stores its tabs and the text of each editor at different moments after a change. When it loads, it opens a new
    // tab unless the stored texts are those of a stored tab.
    const isStored = () =>
      page.evaluate(() => {
        const stored = (name: string) => (globalThis as any).localStorage.getItem(`graphiql:${name}`);
        const { activeTabIndex, tabs } = JSON.parse(stored('tabState'));
        const texts = ['query', 'variables', 'headers'];
        return activeTabIndex === 0 && texts.every((text) => stored(text) === tabs[0][text]);
      });
    await expect.poll(isStored, { timeout: 60_000 }).toBe(true);
    await page.reload();
    await page.getByText('Sally Sender').first().waitFor();
    expect(await tabs()).toEqual(names);
  });

  it('is as wide as a phone on a phone', async () => {
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, isMobile: true });
    phone.setDefaultTimeout(60_000);
    await phone.goto(`${server.url}/graphiql`);
    expect(await phone.evaluate('innerWidth')).toBe(390);
    await phone.close();
  });

  it('loads nothing from other hosts, and no error occurs in the page', () => {
    expect(blocked).toEqual([]);
    expect(pageErrors).toEqual([]);
  });

  it('is beside Apollo Sandbox at /graphql, which opens with an example and the key', async () => {
    const landing = await browser.newPage();
    const script = 'window.EmbeddedSandbox = class { constructor(options) { window.opened = options; } };';
    await landing.route(/embeddable-sandbox.umd/, (route) => route.fulfill({ body: script }));
    await landing.goto(`${server.url}/graphql?example=Tenants`);
    expect(await landing.evaluate('opened')).toMatchObject({
      initialEndpoint: `${server.url}/graphql`,
      initialState: {
        document: expect.stringMatching(/^query Tenants/),
        variables: {},
        headers: { authorization: 'Bearer sandbox' },
      },
    });
    await landing.goto(`${server.url}/graphql`);
    expect(await landing.evaluate('opened.initialState.document')).toMatch(/^query Rates/);
    await landing.close();
  });

  it('is linked from /graphql, whose own page needs internet', async () => {
    const landing = await browser.newPage();
    landing.setDefaultTimeout(60_000);
    await landing.route(/^https:/, (route) => route.abort());
    await landing.goto(`${server.url}/graphql`);
    await landing.getByRole('link', { name: 'GraphiQL' }).click();
    await landing.locator('.graphiql-execute-button').waitFor();
    await landing.close();
  });
});
