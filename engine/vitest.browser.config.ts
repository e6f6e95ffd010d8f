import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { fakeCameraArguments, launchOptions } from '../scripts/chromium.mjs';

/** What needs a browser, in a real Chromium with a fake camera. */
export default defineConfig({
  resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  test: {
    name: 'engine-browser',
    include: ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'],
    testTimeout: 60_000,
    fileParallelism: false,
    sequence: { groupOrder: 4 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: launchOptions(fakeCameraArguments()) }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
