import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
if (!executablePath) console.warn('GraphiQL is not tested in a browser: set CHROMIUM to the path of one.');

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!executablePath)('GraphiQL in a browser without internet', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const blocked: string[] = [];
  const pageErrors: string[] = [];

  beforeAll(async () => {
    server = await openTestServer();
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      if (/^(data|blob):$/.test(url.protocol) || url.hostname === '127.0.0.1') return route.continue();
      blocked.push(url.href);
      return route.abort();
    });
    await page.goto(`${server.url}/graphiql`);
    await page.locator('.graphiql-execute-button').waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const tabs = () => page.locator('.graphiql-tab-button').allInnerTexts();

  it('shows a tab for each example', async () => {
    await expect.poll(tabs).toEqual(['Rates', 'Purchase', 'Trackers', 'Address', 'Accounts']);
  });

  it('has the sandbox key in its headers, and example variables', async () => {
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.getByText('Bearer sandbox').first().waitFor();
    await page.getByRole('button', { name: 'Variables', exact: true }).click();
    await page.getByText('Sally Sender').first().waitFor();
  });

  it('shows rates after one click on the execute button', async () => {
    const response = page.waitForResponse(
      (received) =>
        received.url().endsWith('/graphql') && (received.request().postData() ?? '').includes('Rates'),
    );
    await page.locator('.graphiql-execute-button').click();
    const { data } = await (await response).json();
    expect(data.rates.rates.length).toBeGreaterThan(3);
    const result = page.locator('.result-window');
    await expect.poll(() => result.textContent()).toMatch(/"carrier":\s*"USPS"/);
    await page.screenshot({ path: join(tmpdir(), 'graphiql.png') });
  });

  it('shows the same tabs when the page is loaded again', async () => {
    await page.reload();
    await page.getByText('Sally Sender').first().waitFor();
    expect(await tabs()).toEqual(['Rates', 'Purchase', 'Trackers', 'Address', 'Accounts']);
  });

  it('loads nothing from other hosts, and no error occurs in the page', () => {
    expect(blocked).toEqual([]);
    expect(pageErrors).toEqual([]);
  });
});
