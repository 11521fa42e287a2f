import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Fault } from '../../sandbox/emulator.ts';
import { chromiumPath, findViolations, launchBrowser } from '../support/browser.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

const folder = fileURLToPath(new URL('../../examples/storefront/', import.meta.url));
const isInstalled = existsSync(`${folder}node_modules`);
if (!chromiumPath) console.warn('The storefront is not tested: set CHROMIUM to the path of a browser.');
if (!isInstalled) console.warn('The storefront is not tested: run npm ci --prefix examples/storefront.');

// A browser on a loaded machine takes long.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Starts the storefront's server, and resolves with its URL once it listens. */
async function startStorefront(api: string, port = '0'): Promise<{ url: string; server: ChildProcess }> {
  const env = { PATH: process.env.PATH, PARCELGRAPH_URL: api, PARCELGRAPH_API_KEY: 'sandbox', PORT: port };
  const server = spawn(process.execPath, ['--no-warnings', 'server.ts'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return { url: String(line).trim(), server };
}

describe.skipIf(!chromiumPath || !isInstalled)('the storefront', () => {
  let api: TestServer;
  let storefront: Awaited<ReturnType<typeof startStorefront>>;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const recover: (() => void)[] = [];

  beforeAll(async () => {
    api = await openTestServer();
    execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: 'inherit',
    });
    storefront = await startStorefront(api.url);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => errors.push(error.message));
    // A violation of the content security policy is an error of the console.
    page.on(
      'console',
      (message) => void (/security policy/i.test(message.text()) && errors.push(message.text())),
    );
  });
  afterEach(() => {
    recover.splice(0).forEach((step) => step());
    // Equal parcels share a quote for a quarter of an hour.
    api.clock.advance(20 * 60_000);
  });
  afterAll(async () => {
    await browser.close();
    storefront.server.kill();
    await api.close();
  });

  const injectFault = (provider: 'usps' | 'easypost', fault: Fault) =>
    void recover.push(api.sandbox[provider].injectFault(fault));
  const charges = () => api.sandbox.usps.charges().length + api.sandbox.easypost.charges().length;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const quotes = { usps: /\/options\//, easypost: /\/shipments$/ };

  /** Fills the form in and asks for rates. */
  async function fillIn() {
    await page.goto('about:blank');
    await page.goto(storefront.url);
    await button('Fill in an example').click();
    await button('Use this address').click();
    await button('See rates').click();
  }
  async function quote() {
    await fillIn();
    await page.getByText('18 rates to choose from.').waitFor();
  }
  const choosePriorityMail = () =>
    page.getByRole('radio', { name: /^Priority Mail Arrives by .+ via USPS sandbox/ }).check();

  /** Records what the live region of a section says. */
  const recordAnnouncements = (name: string) =>
    page.getByRole('region', { name }).evaluate((region: any) => {
      const window = globalThis as any;
      window.announcements = [];
      const observer = new window.MutationObserver(() =>
        window.announcements.push(region.querySelector('[role=status]')?.textContent),
      );
      observer.observe(region, { childList: true, characterData: true, subtree: true });
    });
  const announcements = () => page.evaluate<string[]>('[...new Set(announcements)]');

  /** Looks at the page at both widths and in both schemes: for people who can't see or point well, and on a phone. */
  async function inspect(name: string) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await findViolations(page), `${name}, ${width} pixels, ${colorScheme}`).toEqual([]);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBe(width);
      const controls = await page
        .locator('button:visible, a:visible, input:not([type=radio]), select, summary, .rate')
        .all();
      const heights = await Promise.all(
        controls.map(async (control) => (await control.boundingBox())!.height),
      );
      expect(Math.min(...heights), name).toBeGreaterThanOrEqual(44);
      await page.screenshot({ path: join(tmpdir(), `storefront-${name}-${width}.png`), fullPage: true });
    }
  }

  it('goes from an address to a label by keyboard alone, while a slow provider is waited for', async () => {
    await page.goto(storefront.url);
    await page.getByText('Sandbox').waitFor();
    await recordAnnouncements('Rates');
    await page.getByLabel('Full name').focus();
    const fields = [
      'Rita Receiver',
      '415-555-0100',
      '388 Townsend',
      'Apt 20',
      'San Fransisco',
      'CA',
      '94107',
    ];
    for (const text of fields) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await button('Use this address').waitFor();
    await inspect('suggestion');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('This address can be delivered to.').waitFor();
    expect(await page.getByLabel('Street').inputValue()).toBe('388 TOWNSEND ST');

    injectFault('easypost', { path: quotes.easypost, method: 'POST', delayMs: 1_000 });
    await page.getByLabel('ZIP code').press('Enter');
    await page.getByText('18 rates to choose from.').waitFor();
    expect(await announcements()).toEqual([
      'Waiting for USPS sandbox and EasyPost sandbox …',
      '3 rates so far. Waiting for EasyPost sandbox …',
      '18 rates to choose from.',
    ]);
    expect(await page.locator('h2:focus').innerText()).toBe('Rates');
    expect(await page.locator('.arrival').allInnerTexts()).toContain('Arrives by Mon, Nov 23');
    await button('Fastest first').press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    const name = await page.locator('.rate:has(:checked) strong').first().innerText();
    await button(/^Buy label for/).press('Enter');
    await page.getByRole('heading', { name: 'Your label is ready' }).waitFor();
    await page.getByText(`${name} to Rita Receiver`).waitFor();
    expect(await page.locator('h1:focus').count()).toBe(1);
    const label = page.getByRole('img', { name: /^Shipping label of parcel \w+/ });
    await expect.poll(() => label.evaluate((image: any) => image.naturalWidth)).toBe(812);
    const pdf = await page.getByRole('link', { name: 'Print the label' }).getAttribute('href');
    const response = await fetch(new URL(pdf!, storefront.url));
    expect(response.headers.get('content-type')).toBe('application/pdf');
  });

  it('says calmly what a provider cannot do, and asks it again', async () => {
    injectFault('usps', {
      path: quotes.usps,
      response: { status: 429, headers: { 'retry-after': '40' }, body: '' },
    });
    injectFault('easypost', { path: quotes.easypost, times: 3, response: { status: 503, body: '' } });
    await fillIn();
    await page.getByText('No rates for this parcel.').waitFor();
    await page.getByText('USPS sandbox is too busy to quote this parcel right now. It should be back in 40 seconds.').waitFor(); // prettier-ignore
    expect(await button(/^Try again in \d\d seconds$/).isDisabled()).toBe(true);
    await page.getByText('EasyPost sandbox can’t quote this parcel right now.').waitFor();
    await inspect('failures');
    await button('Try again').last().click();
    await page.getByText('15 rates to choose from.').waitFor();
  });

  it('shows a price that has risen before it is paid', async () => {
    await quote();
    await choosePriorityMail();
    const before = charges();
    const price = await button(/^Buy label for/).innerText();
    api.clock.advance(20 * 60_000);
    api.sandbox.usps.raisePrices('1.00');
    recover.push(() => api.sandbox.usps.raisePrices('0'));
    await button(price).click();
    await page.getByText(/costs \d+\.\d\d USD now; .+ Nothing was bought\.$/).waitFor();
    await button(price.replace(/\d+(?=\.)/, (dollars) => String(Number(dollars) + 1))).waitFor();
    expect(charges()).toBe(before);
    await inspect('price');
  });

  it('buys once although the answer is lost and the page is loaded again, and voids the label', async () => {
    await quote();
    await choosePriorityMail();
    const before = charges();
    const isPurchase = (body: string | null) => body?.includes('"operationName":"ShipmentPurchase"');
    await page.route('**/graphql', async (route) => {
      if (!isPurchase(route.request().postData())) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await button(/^Buy label for/).click();
    await page.getByText('Trying again is safe').waitFor();
    await page.unroute('**/graphql');
    await page.reload();
    await page.getByRole('heading', { name: 'Your label is ready' }).waitFor();
    expect(charges()).toBe(before + 1);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);

    await button('Void this label').click();
    await inspect('void');
    await button('Void it').click();
    await page.getByRole('heading', { name: 'This label is voided' }).waitFor();
    expect(await page.getByRole('img', { name: 'Shipping label' }).count()).toBe(0);
  });

  it('follows a parcel, goes on after a lost connection, and sends it along', async () => {
    await quote();
    await choosePriorityMail();
    await button(/^Buy label for/).click();
    await page.getByRole('heading', { name: 'Waiting for the carrier' }).waitFor();
    await inspect('shipment');
    const number = (await page.locator('.number').innerText()).replace('USPS ', '');
    const scan = async (code: '03' | '07', city: string) => {
      api.clock.advance(3_600_000);
      api.sandbox.usps.scan(number, code, { city, state: 'NY', ZIP: '10001' });
      await api.ask(`{ tracker(trackingNumber: "${number}", carrier: "USPS", maxAgeSeconds: 0) { status } }`);
    };
    await scan('03', 'BUFFALO');
    await page.getByRole('heading', { name: 'Accepted by the carrier' }).waitFor();
    storefront.server.kill();
    await page.getByText('The connection was lost.').waitFor();
    await scan('07', 'NEW YORK');
    storefront = await startStorefront(api.url, new URL(storefront.url).port);
    await page.getByRole('heading', { name: 'On its way' }).waitFor();
    expect(await page.locator('.timeline li').allInnerTexts()).toEqual([
      expect.stringMatching(/NEW YORK, NY$/),
      expect.stringMatching(/BUFFALO, NY$/),
      expect.any(String),
    ]);

    await button('Send it along').click();
    await button('It arrives within 45 seconds').waitFor();
    const heading = page.locator('#tracking-heading');
    await expect
      .poll(
        () => {
          api.clock.advance(4_000);
          return heading.innerText();
        },
        { timeout: 60_000 },
      ) // prettier-ignore
      .toBe('Delivered');
  });

  it('sends no operation with its key that is not of the page', async () => {
    const post = async (body: object, type = 'application/json') => {
      const headers = { 'content-type': type };
      const response = await fetch(`${storefront.url}graphql`, { method: 'POST', headers, body: JSON.stringify(body) }); // prettier-ignore
      return response.status;
    };
    const operationName = 'QuotingAccounts';
    expect(await post({ operationName })).toBe(200);
    expect(await post({ query: '{ tenants { id } }' })).toBe(403);
    expect(await post({ operationName }, 'text/plain')).toBe(415);
  });

  it('has no error in the page', () => expect(errors).toEqual([]));
});
