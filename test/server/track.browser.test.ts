import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { chromiumPath, findViolations, launchBrowser, openOfflinePage } from '../support/browser.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

if (!chromiumPath) console.warn('/track is not tested in a browser: set CHROMIUM to the path of one.');

// A browser on a loaded machine takes long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.skipIf(!chromiumPath)('/track in a browser without internet', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const blocked: string[] = [];
  const errors: string[] = [];
  const number = uspsTrackingNumber(33_333);

  beforeAll(async () => {
    server = await openTestServer();
    browser = await launchBrowser();
    page = await openPage({ width: 1280, height: 900 });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const openPage = (viewport: { width: number; height: number }, isMobile = false) =>
    openOfflinePage(browser, { errors, blocked }, viewport, isMobile);
  /** Makes the parcel move, and lets somebody ask for it. */
  const scan = async (code: '03' | '07' | 'OF' | '01', city: string) => {
    server.clock.advance(3_600_000);
    server.sandbox.usps.scan(number, code, { city, state: 'NY', ZIP: '10001' });
    await server.ask(
      `{ tracker(trackingNumber: "${number}", carrier: "USPS", maxAgeSeconds: 0) { status } }`,
    );
  };
  const textOf = (of: Page, selector: string) => of.locator(selector).allInnerTexts();

  it('finds a parcel by keyboard alone, and shows each change as it happens', async () => {
    server.sandbox.usps.parcel({ trackingNumber: number, accepted: undefined });
    await page.goto(`${server.url}/track`);
    await page.keyboard.press('Tab');
    await page.keyboard.type(number.replace(/(.{4})/g, '$1 '));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The label was created' }).waitFor();
    await scan('03', 'BUFFALO');
    await page.getByRole('heading', { name: 'Accepted by the carrier' }).waitFor();
    await scan('07', 'NEW YORK');
    await scan('OF', 'NEW YORK');
    await page.getByRole('heading', { name: 'Out for delivery' }).waitFor();
    expect(await textOf(page, '#stops li')).toEqual(['SAN FRANCISCO, CA', 'BUFFALO, NY', 'NEW YORK, NY']);
    expect(await page.locator('#stops [aria-current]').allInnerTexts()).toEqual(['NEW YORK, NY']);
    expect((await textOf(page, '#timeline strong'))[0]).toBe('Out for Delivery');
    expect(await page.title()).toBe(`Out for delivery · ${number}`);
    expect(await findViolations(page)).toEqual([]);
    await page.screenshot({ path: join(tmpdir(), 'track-desktop.png'), fullPage: true });
  });

  it('goes on after the server was restarted, with what it missed', async () => {
    const { port } = new URL(server.url);
    await server.restart();
    // The server listens on another port after a restart: requests to the one before are sent there.
    const { port: newPort } = new URL(server.url);
    await page.route(`http://127.0.0.1:${port}/**`, (route) =>
      route.continue({ url: route.request().url().replace(`:${port}`, `:${newPort}`) }),
    );
    await scan('01', 'NEW YORK');
    await page.getByRole('heading', { name: 'Delivered' }).waitFor();
  });

  it('says what is wrong with a number', async () => {
    await page.goto(`${server.url}/track`);
    await page.getByLabel('Tracking number').fill('?');
    await page.getByRole('button', { name: 'Track' }).click();
    await page.getByText('trackingNumber must have 4 to 40 letters and digits.').waitFor();
  });

  it('opens by a signed link on a phone, without a search and without a wider page than the screen', async () => {
    const response = await fetch(`${server.url}/track/links`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({ trackingNumber: number, carrier: 'USPS' }),
    });
    const { url } = (await response.json()) as { url: string };
    const phone = await openPage({ width: 390, height: 844 }, true);
    await phone.goto(url);
    await phone.getByRole('heading', { name: 'Delivered' }).waitFor();
    expect(await phone.locator('form').isVisible()).toBe(false);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await phone.screenshot({ path: join(tmpdir(), 'track-phone.png'), fullPage: true });
    await phone.close();
  });

  it('loads nothing from other hosts, and no error occurs in the page', () => {
    expect(blocked).toEqual([]);
    expect(errors).toEqual([]);
  });
});
