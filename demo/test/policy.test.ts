import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { sidewaysPx } from '@invigil/testkit/browser/accessibility';

const narrowPx = 360;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-policy-'));
  server = await startServer({ folder });
  browser = await chromium.launch(launchOptions());
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Violations of the page's own policy. */
const violationsOf = async (page: Page, path: string): Promise<string[]> => {
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(globalThis, { found });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      found.push(`${violatedDirective} ${blockedURI}`);
    });
  });
  const response = await page.goto(server.url + path);
  expect(response?.headers()['content-security-policy']).toContain("default-src 'self'");
  expect(response?.headers()['x-content-type-options']).toBe('nosniff');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return page.evaluate(() => (globalThis as unknown as { found: string[] }).found);
};

describe.each(['/', '/check/', '/exam/', '/report/', '/proctor/', '/docs'])('%s', (path) => {
  test(
    'complies with its Content-Security-Policy, and loads nothing from other origins',
    { timeout: 60_000 },
    async () => {
      const page = await browser.newPage();
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== new URL(server.url).origin) elsewhere.push(request.url());
      });
      expect(await violationsOf(page, path)).toEqual([]);
      expect(elsewhere).toEqual([]);
      await page.close();
    },
  );
});

test('the API reference lists the operations and fits into a narrow window', { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/docs`);
  await page.getByText('/api/v1/session/start').first().waitFor({ state: 'attached' });
  expect(await sidewaysPx(page, narrowPx)).toBe(0);
  await page.close();
});
