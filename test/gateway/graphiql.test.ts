import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { startGateway, until } from './support.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);
const skip = browser || process.env['CI'] ? false : 'no Chromium on this machine';

test(
  'GraphiQL runs from our own files under a strict policy, with the session cookie for queries and streams',
  { skip, timeout: 240_000 },
  async (t) => {
    const { url, plant } = await startGateway(t);
    const instance = await chromium.launch({
      executablePath: browser ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    t.after(() => instance.close());
    const context = await instance.newContext();
    await context.addCookies([{ name: 'session', value: 'ada', url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => void complaints.push(error.message));
    page.on(
      'request',
      (request) => void (request.url().startsWith('http') && hosts.add(new URL(request.url()).host)),
    );
    const run = async (query: string) => {
      await page.goto(`${url}/graphiql?query=${encodeURIComponent(query)}`);
      await page.locator('.graphiql-query-editor .CodeMirror').waitFor();
      await page.locator('.graphiql-query-editor', { hasText: query.slice(0, 12) }).waitFor();
      await page.locator('.graphiql-execute-button').click();
    };
    const shown = (text: string) =>
      page.locator('.result-window', { hasText: text }).waitFor({ timeout: 60_000 });
    await run('{ whoami asset(id: 7) { name } }');
    await shown('asset 7');
    await run('subscription { reading { value asset { name } } }');
    await until(() => plant.readings.listenerCount === 1, 'the stream starts');
    plant.readings.publish({ id: 'p9', value: 41.5 });
    await shown('41.5');
    await shown('asset p9');
    await page.locator('button[aria-label="Show Documentation Explorer"]').click();
    await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
    assert.deepEqual(complaints, []);
    assert.deepEqual([...hosts], [new URL(url).host]);
  },
);
