import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { useDemoBrowser } from './support/demo-browser.ts';

const narrowPx = 360;

const demo = useDemoBrowser();

/** Violations of the page's own policy. */
const violationsOf = async (page: Page, path: string): Promise<string[]> => {
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(globalThis, { found });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      found.push(`${violatedDirective} ${blockedURI}`);
    });
  });
  const response = await page.goto(demo.server.url + path);
  expect(response?.headers()['content-security-policy']).toContain("default-src 'self'");
  expect(response?.headers()['x-content-type-options']).toBe('nosniff');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return page.evaluate(() => (globalThis as unknown as { found: string[] }).found);
};

describe.each(['/', '/check/', '/exam/', '/report/', '/proctor/', '/setup/', '/docs'])('%s', (path) => {
  test(
    'complies with its Content-Security-Policy, and loads nothing from other origins',
    { timeout: 60_000 },
    async () => {
      const page = await demo.browser.newPage();
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== new URL(demo.server.url).origin) elsewhere.push(request.url());
      });
      expect(await violationsOf(page, path)).toEqual([]);
      expect(elsewhere).toEqual([]);
      await page.close();
    },
  );
});

test('the API reference lists the operations and fits into a narrow window', { timeout: 60_000 }, async () => {
  const page = await demo.browser.newPage();
  await page.goto(`${demo.server.url}/docs`);
  await page.getByText('/api/v1/session/start').first().waitFor({ state: 'attached' });
  expect(await sidewaysPx(page, narrowPx)).toBe(0);
  await page.close();
});
