import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { toApiKeyConfig } from '../../src/config/api-key.ts';
import { howToResolve } from '../../src/workflows/unresolved.ts';
import { chromiumPath, findViolations, launchBrowser, openOfflinePage } from '../support/browser.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

if (!chromiumPath) console.warn('/console is not tested in a browser: set CHROMIUM to the path of one.');

// A browser on a loaded machine takes long.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ratesQuery =
  'query Quote($input: RatesInput!) { rates(input: $input) { rates { id service { code } } failures { code } } }';
const purchaseMutation =
  'mutation Buy($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status trackingNumber } } }';
const endpointMutation =
  'mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) { endpoint { id } } }';
const testMutation =
  'mutation ($id: ID!) { webhookEndpointTest(input: { id: $id }) { delivery { status } } }';

describe.skipIf(!chromiumPath)('/console in a browser without internet', () => {
  let server: TestServer;
  let hook: Server;
  /** The status with which the receiver of webhooks answers. */
  let answer = 410;
  let browser: Browser;
  let page: Page;
  let uncertain: string;
  let trackingNumber: string;
  const blocked: string[] = [];
  const errors: string[] = [];

  const quote = async (account: string) => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: [account] };
    return (await server.ask(ratesQuery, { input })).data.rates.rates;
  };
  const buy = async (idempotencyKey: string) => {
    const rateId = (await quote('usps')).find((rate: any) => rate.service.code === 'PRIORITY_MAIL').id;
    const { data } = await server.ask(purchaseMutation, { input: { idempotencyKey, rateId } });
    return data.shipmentPurchase.shipment;
  };

  beforeAll(async () => {
    server = await openTestServer({
      quota: 20,
      tenants: ({ tenant }) => [
        {
          ...tenant,
          watch: { purchased: false },
          apiKeys: [
            ...tenant.apiKeys,
            toApiKeyConfig({ key: 'key-of-operator', permissions: ['admin'] }),
            toApiKeyConfig('key-of-storefront'),
          ],
        },
      ],
    });
    hook = createServer((_, response) => response.writeHead(answer).end());
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    await fillServer();
    browser = await launchBrowser();
    page = await openPage({ width: 1280, height: 900 });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    hook.close();
  });

  /** A shipment, a purchase of unknown outcome, a dead letter, a quota that is nearly used up and an open breaker. */
  async function fillServer() {
    trackingNumber = (await buy('bought')).trackingNumber;
    server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
    const lost = await buy('lost');
    expect(lost.status).toBe('UNCERTAIN');
    uncertain = lost.id;
    for (let call = 0; call < 19; call++) {
      server.clock.advance(60_000);
      await server.ask(`{ tracker(trackingNumber: "${trackingNumber}", maxAgeSeconds: 0) { status } }`);
    }
    server.sandbox.easypost.injectFault({ response: { status: 503, body: 'out of order' } });
    for (let call = 0; call < 2; call++) await quote('easypost');
    await server.ask('{ mailJobs(first: 1) { nodes { id } } }');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
    const created = await server.ask(endpointMutation, { input: { url, events: ['SHIPMENT_PURCHASED'] } });
    const { id } = created.data.webhookEndpointCreate.endpoint;
    expect((await server.ask(testMutation, { id })).data.webhookEndpointTest.delivery.status).toBe('DEAD');
  }

  const openPage = (viewport: { width: number; height: number }, isMobile = false) =>
    openOfflinePage(browser, { errors, blocked }, viewport, isMobile);

  /** Opens the console of a server that is no sandbox: it asks for a key. */
  async function openWithoutKey(): Promise<Page> {
    const phone = await openPage({ width: 390, height: 844 }, true);
    await phone.route('**/console', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(/ data-key="[^"]*"/, '') });
    });
    await phone.goto(`${server.url}/console`);
    return phone;
  }
  const enter = async (of: Page, key: string) => {
    await of.getByLabel('API key').fill(key);
    await of.keyboard.press('Enter');
  };
  const textsOf = (of: Page, selector: string) => of.locator(selector).allInnerTexts();
  const articles = (of: Page, name: string) =>
    of.locator('article', { has: of.getByRole('heading', { name }) });

  it('shows what needs attention, and what to do about it', async () => {
    await page.clock.install();
    await page.goto(`${server.url}/console`);
    await page.getByRole('link', { name: '1 purchase or operation is unresolved' }).waitFor();
    expect(await textsOf(page, '#attention li')).toEqual([
      '1 purchase or operation is unresolved',
      '1 circuit breaker is open',
      '1 quota is nearly used up',
      '1 webhook delivery failed',
    ]);
    const unresolved = await page.locator('#unresolved-content').innerText();
    expect(unresolved).toContain(howToResolve);
    expect(unresolved).toContain(uncertain);
    await page.screenshot({ path: join(tmpdir(), 'console-desktop.png'), fullPage: true });
  });

  it('shows each account: operations, credentials, breakers, quotas, and calls by the hour', async () => {
    const usps = await articles(page, 'usps').first().innerText();
    expect(usps).toMatch(
      /verify address, quote rates.*token valid until .*closed.*tracking nearly used up.*19 of 20 used/s,
    );
    const meter = page.getByRole('meter', { name: 'Quota of tracking' });
    expect([await meter.getAttribute('value'), await meter.getAttribute('max')]).toEqual(['19', '20']);
    await page.getByRole('img', { name: '19 calls in the last 24 hours, 0 failed' }).waitFor();
    expect(await articles(page, 'easypost').first().innerText()).toMatch(/open easypost: .* responded 503/);
    expect(await articles(page, 'easypost-connect').first().innerText()).toMatch(
      /certificate expires in \d+ days/,
    );
    await page.getByRole('img', { name: /^Latency of usps in the last hour: median \d+ ms/ }).waitFor();
  });

  it('shows failures with their mends, without the words of the provider', async () => {
    const failures = (await textsOf(page, '#failures-content li')).join('\n');
    expect(failures).toMatch(
      /UNAVAILABLE EasyPost answered 503\n+Try again later\.\n+easypost \(easypost\).*5 times/,
    );
    expect(failures).not.toContain('out of order');
  });

  it('links the last shipments to their labels and to their journeys', async () => {
    const label = await page.getByRole('link', { name: 'Label (PDF)' }).getAttribute('href');
    expect((await fetch(label!)).headers.get('content-type')).toBe('application/pdf');
    const track = page.getByRole('link', { name: `Track ${trackingNumber}` });
    expect(await track.getAttribute('href')).toBe(`/track#${trackingNumber}`);
  });

  it.each(['light', 'dark'] as const)(
    'has no fault that axe-core finds, in %s colors',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      expect(await findViolations(page)).toEqual([]);
    },
  );

  it('sends a webhook again by the keyboard', async () => {
    answer = 204;
    await page.getByRole('button', { name: 'Redeliver shipment purchased' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The delivery arrived.').waitFor();
    await page.getByText('No delivery of your tenant failed.').waitFor();
  });

  it('says that a refresh failed, and keeps what it shows', async () => {
    await page.route('**/console/data', (route) => route.fulfill({ status: 500, body: '{"errors":[{"message":"out of order"}]}' })); // prettier-ignore
    await page.clock.fastForward(10_000);
    await page.getByText('The last refresh failed: out of order.').waitFor();
    expect(await page.locator('#content.stale').innerText()).toContain(uncertain);
    await page.unroute('**/console/data');
    await page.clock.fastForward(10_000);
    await page.locator('#content:not(.stale)').waitFor();
    expect(await page.locator('#message').textContent()).toBe('');
  });

  it('asks for a key with the permission admin, and shows no more than that key may see, on a phone', async () => {
    const phone = await openWithoutKey();
    await enter(phone, 'key-of-storefront');
    await phone.getByText('a permission is missing: admin for the console.').waitFor();
    expect(await findViolations(phone)).toEqual([]);
    await enter(phone, 'key-of-operator');
    await phone.getByText('1 quota is nearly used up').waitFor();
    expect(await phone.locator('#shipments-content').innerText()).toMatch(
      /^a permission is missing: labels:write/,
    );
    await phone.getByRole('button', { name: 'Forget the key' }).click();
    expect(await phone.evaluate('sessionStorage.length')).toBe(0);
    await enter(phone, 'sandbox');
    await phone.getByRole('link', { name: 'Label (PDF)' }).waitFor();
    expect(await findViolations(phone)).toEqual([]);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(phone.url()).toBe(`${server.url}/console`);
    await phone.screenshot({ path: join(tmpdir(), 'console-phone.png'), fullPage: true });
    await phone.close();
  });

  it('loads nothing from other hosts, and no error occurs in the page', () => {
    expect(blocked).toEqual([]);
    expect(errors).toEqual([]);
  });
});
