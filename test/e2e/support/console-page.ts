import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const artefacts = resolve(import.meta.dirname, '../../artefacts');

export interface PageOptions {
  readonly persona: string;
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** The console in a browser of its own, signed in by clicking as a persona, with everything the browser complained about. */
export interface ConsolePage {
  readonly page: Page;
  /** Errors, uncaught exceptions and violations of the content security policy so far. */
  complaints(): Promise<readonly string[]>;
  /** Keeps a picture in test/artefacts. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the sign-in page, clicks the persona and waits for the overview. */
export async function openConsole(browser: Browser, url: string, options: PageOptions): Promise<ConsolePage> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    locale: 'en-GB',
  });
  const complaints: string[] = [];
  await context.exposeFunction('twinhubViolation', (text: string) => void complaints.push(`CSP: ${text}`));
  await context.addInitScript({ path: join(import.meta.dirname, 'in-browser.js') });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`Uncaught: ${error.message}`));
  await page.goto(`${url}/`);
  await page.waitForURL(/\/sign-in/);
  await page.click(`button[value=${options.persona}]`);
  await page.waitForURL(/\/console/);
  return {
    page,
    complaints: async () => [...complaints],
    picture: async (name) => {
      await mkdir(artefacts, { recursive: true });
      await page.screenshot({ path: join(artefacts, `${name}.png`) });
    },
    close: () => context.close(),
  };
}

/** What a person with a keyboard or a screen reader would stumble over: controls without a name, headings out of order. */
export function stumblingBlocks(page: Page): Promise<readonly string[]> {
  return page.evaluate('twinhubChecks.stumblingBlocks()');
}

/** Goes through the page with Tab and gives the controls whose focus cannot be seen. */
export async function unseenFocus(page: Page, steps: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const unseen: string | null = await page.evaluate('twinhubChecks.unseenFocus()');
    if (unseen) found.push(unseen);
  }
  return found;
}

/** Pixels by which the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

/** How many pixels of each chart are drawn, and a number that changes with the picture. */
export function inkOfCharts(
  page: Page,
): Promise<readonly { readonly drawn: number; readonly sum: number }[]> {
  return page.evaluate('twinhubChecks.inkOfCharts()');
}
