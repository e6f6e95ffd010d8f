import { defineConfig } from 'vitest/config';

/** Components and pure parts of the pages, without a browser. */
export default defineConfig({
  // Engine and protocol are resolved from source, so that unit tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    name: 'demo',
    setupFiles: ['../dev/testkit/src/property-seed.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 2 },
  },
});
