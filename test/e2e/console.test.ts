import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '#test/services/chromium.ts';
import { eventually, signIn, type HubClient } from './support/client.ts';
import {
  inkOfCharts,
  openConsole,
  overflow,
  stumblingBlocks,
  unseenFocus,
  type ConsolePage,
} from './support/console-page.ts';
import { freePort, startHub, type HubProcess } from './support/hub-process.ts';
import { plantEndpointOf, scenario, untilJudged } from './support/loop.ts';

/** The console as people use it, in a real browser on a hub started with npm start. */
const found = await findChromium();
if ('unavailable' in found && process.env['CI'])
  throw new Error(`Chromium is needed under CI: ${found.unavailable}`);
const skip = 'unavailable' in found ? `no Chromium: ${found.unavailable}` : false;

let hub: HubProcess;
let port: number;
let plantPort: number;
let browser: Browser;
let client: HubClient;
let olivia: ConsolePage;
const others: ConsolePage[] = [];

before(
  async () => {
    if (!('path' in found)) return;
    [port, plantPort] = [await freePort(), await freePort()];
    hub = await startHub({ port, plantPort });
    browser = await chromium.launch({
      executablePath: found.path,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
    client = await signIn(hub, 'ravi');
  },
  { timeout: 240_000 },
);

after(async () => {
  await browser?.close();
  await client?.close();
  await hub?.stop();
});

async function open(
  persona: string,
  options: { width?: number; height?: number; scheme?: 'light' | 'dark' } = {},
): Promise<ConsolePage> {
  const console = await openConsole(browser, hub.url, { persona, ...options });
  others.push(console);
  return console;
}

const text = (page: Page, selector: string) => page.locator(selector).first().innerText();

/** Waits until a part of the page reads otherwise than now. */
async function changes(page: Page, selector: string): Promise<void> {
  const before = await text(page, selector);
  await eventually(`${selector} changes`, async () => (await text(page, selector)) !== before);
}

async function chartsLoaded(page: Page): Promise<void> {
  await page.waitForSelector('.signal canvas');
  await eventually('charts loaded', async () => (await page.locator('.plot-note').count()) === 0);
}

const views = ['plant', 'asset/P-101', 'asset/P-101.bearing-de', 'inbox', 'workflows'];

test(
  'choosing a persona leads to the plant with live values of P-101',
  { skip, timeout: 240_000 },
  async () => {
    olivia = await open('olivia');
    const tile = '.tile:has(a[href$="/asset/P-101"])';
    await olivia.page.waitForSelector(`${tile} .value b`);
    assert.match(await text(olivia.page, tile), /Cooling water pump/);
    assert.match(await text(olivia.page, tile), /m³\/h/);
    await changes(olivia.page, `${tile} .value b`);
    await eventually('live', async () => (await text(olivia.page, '.live')) === 'Live');
    await untilJudged(client, 'P-101');
    await olivia.page.waitForSelector(`${tile} .health-normal`, { timeout: 120_000 });
    assert.equal(
      await olivia.page.locator('.alert').count(),
      0,
      'nothing asks for attention while all is normal',
    );
    await olivia.picture('overview-normal-light-desktop');
  },
);

test('the asset page draws charts, and they move with the values', { skip, timeout: 180_000 }, async () => {
  const { page } = olivia;
  await page.click('.tile a[href$="/asset/P-101"]');
  await page.waitForSelector('.signal canvas');
  await eventually('all charts drawn', async () => {
    const ink = await inkOfCharts(page);
    return ink.length >= 12 && ink.every(({ drawn }) => drawn > 500);
  });
  const before = await inkOfCharts(page);
  await eventually('all charts moved', async () =>
    (await inkOfCharts(page)).every(({ sum }, index) => sum !== before[index]?.sum),
  );
  assert.match(
    (await page.locator('.signal [role=img]').first().getAttribute('aria-label')) ?? '',
    /over the last 5 min: .* to .*, now/,
  );
  await page.click('button:text-is("30 min")');
  await eventually('half an hour drawn', async () =>
    (await inkOfCharts(page)).every(({ drawn }) => drawn > 500),
  );
  await olivia.picture('asset-normal-light-desktop');
});

test(
  'every view fits a tablet, in light and dark, with names, headings in order and visible focus',
  { skip, timeout: 300_000 },
  async () => {
    for (const [width, height, scheme] of [
      [1024, 768, 'dark'],
      [768, 1024, 'light'],
      [1440, 900, 'dark'],
    ] as const) {
      const console = await open('petra', { width, height, scheme });
      for (const view of views) {
        await console.page.goto(`${hub.url}/console/${view}`);
        await console.page.waitForSelector('main h1');
        if (view === 'asset/P-101') await chartsLoaded(console.page);
        const where = `${view} at ${width}x${height} ${scheme}`;
        assert.ok((await overflow(console.page)) <= 0, `${where} is wider than the window`);
        assert.deepEqual(await stumblingBlocks(console.page), [], where);
        await console.picture(`${view.replaceAll(/\W/g, '-')}-${scheme}-${width}x${height}`);
      }
      await console.page.goto(`${hub.url}/console/plant`);
      await console.page.waitForSelector('.tile');
      assert.deepEqual(await unseenFocus(console.page, 20), []);
    }
  },
);

test('a twin is found with the keyboard alone', { skip, timeout: 180_000 }, async () => {
  const { page } = olivia;
  await page.keyboard.press('/');
  await page.keyboard.type('chill');
  await page.waitForSelector('.found li:has-text("CH-101")');
  await eventually('only chillers', async () => (await page.locator('.found li').count()) === 1);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/asset\/CH-101/);
  await page.keyboard.press('/');
  await page.keyboard.type('p-101');
  await eventually('the pump first', async () => /^P-101 /.test(await text(page, '.found li')));
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.keyboard.press('1');
  await page.waitForSelector('.tile');
});

test(
  'bearing wear appears by itself with the reason, what to do and who decides',
  { skip, timeout: 420_000 },
  async () => {
    await scenario('start', 'bearing-wear', await plantEndpointOf(client));
    const { page } = olivia;
    await page.goto(`${hub.url}/console/plant`);
    await page.waitForSelector('.alert:has-text("P-101"):has-text("Rolling bearing wear")', {
      timeout: 300_000,
    });
    const alert = await text(page, '.alert:has-text("P-101")');
    assert.match(alert, /Why/);
    assert.match(alert, /What to do\s+.*decide whether to act/s);
    assert.match(alert, /Who decides\s+Reliability engineer or planner/);
    await olivia.picture('overview-bearing-wear-light-desktop');
    await page.click('.alert a[href$="/asset/P-101"]');
    await page.waitForSelector('.findings li');
    assert.match(await text(page, '.findings'), /instead of/);
    assert.match(await text(page, '[aria-label="History of events"]'), /Recommendation/);
    await page.waitForSelector('.signal.abnormal canvas');
    await chartsLoaded(page);
    await olivia.picture('asset-bearing-wear-light-desktop');
  },
);

let workflowUrl = '';

test('ravi accepts in the inbox with the keyboard', { skip, timeout: 180_000 }, async () => {
  const ravi = await open('ravi');
  const { page } = ravi;
  await page.waitForSelector('.top .count');
  await page.keyboard.press('2');
  await page.waitForSelector('.inbox article');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await ravi.picture('inbox-light-desktop');
  await page.keyboard.press('a');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.type('Lines at BPFO are clear.');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.toast:has-text("Accepted")');
  workflowUrl = (await page.locator('.toast a').getAttribute('href')) ?? '';
  assert.match(workflowUrl, /\/console\/workflow\//);
  await page.waitForSelector('text=Nothing waits for you');
});

test(
  'petra reads why an amendment is refused and approves, marc approves, by buttons',
  { skip, timeout: 240_000 },
  async () => {
    const petra = await open('petra', { width: 1024, height: 768 });
    const { page } = petra;
    await page.click('nav a:has-text("Inbox")');
    await page.click('button:has-text("Amend the plan")');
    assert.match(
      await text(page, 'dialog .facts:has-text("cannot approve")'),
      /Who amends a plan cannot approve it/,
    );
    await page.fill('dialog label:has-text("Done by") input', '2020-01-01T00:00:00');
    assert.deepEqual(await stumblingBlocks(page), []);
    await petra.picture('amend-light-1024x768');
    await page.click('dialog button.main');
    await page.waitForSelector('dialog [role=alert]:has-text("The window ends before it starts")');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.click('.actions button:has-text("Approve")');
    await page.click('dialog button.main');
    await page.waitForSelector('.toast:has-text("Approved")');

    const marc = await open('marc', { width: 768, height: 1024, scheme: 'dark' });
    await marc.page.click('nav a:has-text("Inbox")');
    await marc.page.waitForSelector('section[aria-label=Approvals]:has-text("Petra")');
    await marc.page.click('.actions button:has-text("Approve")');
    await marc.picture('approve-dark-768x1024');
    await marc.page.click('dialog button.main');
    await marc.page.waitForSelector('.toast:has-text("Approved")');
  },
);

test(
  'the timeline shows each step and the messages to and from SAP PM',
  { skip, timeout: 300_000 },
  async () => {
    const { page } = olivia;
    await page.goto(`${hub.url}${workflowUrl}`);
    await page.waitForSelector('.message.out:has-text("to SAP PM")', { timeout: 120_000 });
    await page.waitForSelector('.message.in:has-text("from SAP PM")', { timeout: 120_000 });
    await page.locator('.message.out summary').first().click();
    assert.match(await text(page, '.message.out pre'), /^\{/);
    await olivia.picture('workflow-running-light-desktop');
    // Nothing is loaded anew: each step arrives.
    await page.waitForSelector('h1:has-text("Awaiting feedback")', { timeout: 280_000 });
    assert.ok(await page.locator('.message.out pre').first().isVisible(), 'what was opened stays open');
    for (const system of ['SAP PM', 'MES', 'WMS'])
      assert.ok((await page.locator(`.message:has-text("${system}")`).count()) > 0, system);
    assert.match(await text(page, '[aria-label="Work order"]'), /SAP PM order\s+\d+/);
    assert.deepEqual(await stumblingBlocks(page), []);
    await page.keyboard.press('a');
    await page.click('dialog button.main');
    await page.waitForSelector('.stages li.done:has-text("Closed")');
    await olivia.picture('workflow-closed-light-desktop');
    for (const [width, height] of [
      [768, 1024],
      [1024, 768],
    ] as const) {
      await page.setViewportSize({ width, height });
      assert.ok((await overflow(page)) <= 0, `the timeline is wider than ${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  },
);

test(
  'the browser has nothing to complain about: no errors, no violation of the content security policy',
  { skip },
  async () => {
    for (const console of others) assert.deepEqual(await console.complaints(), []);
  },
);

test(
  'the console says when it is not live, and comes back by itself',
  { skip, timeout: 240_000 },
  async () => {
    const { page } = olivia;
    await page.click('nav a:has-text("Plant")');
    await page.waitForSelector('.tile .value b');
    await hub.kill();
    await page.waitForSelector('.not-live:has-text("Not live since")');
    assert.match(await text(page, '.live'), /Not live/);
    await eventually('values called old', async () => /old: /.test(await text(page, '.tile .value')));
    await olivia.picture('not-live-light-desktop');
    hub = await startHub({ dataDir: hub.dataDir, port, plantPort });
    await page.waitForSelector('.not-live', { state: 'detached' });
    await eventually('live again', async () => (await text(page, '.live')) === 'Live');
    await changes(page, '.tile .value b');
    assert.match(page.url(), /\/console\/plant/, 'the session outlives the restart');
  },
);
