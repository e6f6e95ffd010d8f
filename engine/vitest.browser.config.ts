import { createRequire } from 'node:module';
import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions, runnerImport } from 'vite';
import { defineConfig } from 'vitest/config';

// Vite leaves imports of packages in its configuration to Node, which cannot read TypeScript.
const { module: browser } = await runnerImport<typeof import('@invigil/testkit/browser/chromium')>(
  createRequire(import.meta.url).resolve('@invigil/testkit/browser/chromium'),
);

/** Tests that need a browser, in a real Chromium with a fake camera. */
export default defineConfig({
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  test: {
    name: 'engine-browser',
    include: ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'],
    testTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
    sequence: { groupOrder: 5 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: browser.launchOptions(browser.fakeCameraArguments()) }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
