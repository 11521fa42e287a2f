import { existsSync } from 'node:fs';

import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The path of a Chromium; undefined where there is none. */
export const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path && existsSync(path),
);

/** Starts a browser that calls no service of its own. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What a page did that it must not. */
export interface PageFaults {
  /** Errors of scripts, and what the content security policy refused. */
  readonly errors: string[];
  /** Requests to other hosts than this machine, which are not sent. */
  readonly blocked: string[];
}

/** Opens a page without internet, and collects its faults. */
export async function openOfflinePage(
  browser: Browser,
  { errors, blocked }: PageFaults,
  viewport: { readonly width: number; readonly height: number },
  isMobile = false,
): Promise<Page> {
  const page = await browser.newPage({ viewport, isMobile });
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/security policy/i.test(message.text())) errors.push(message.text());
  });
  await page.route('**/*', async (route) => {
    if (new URL(route.request().url()).hostname === '127.0.0.1') return route.continue();
    blocked.push(route.request().url());
    return route.abort();
  });
  return page;
}

/** Returns what is not accessible in the present state of a page: the rule and the element of each violation. */
export async function findViolations(page: Page): Promise<string[]> {
  // What fades in has too little contrast until it is there.
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished))`);
  // Evaluated, since a content security policy refuses a script element.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
