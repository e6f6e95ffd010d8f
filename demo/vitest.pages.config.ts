import { defineConfig } from 'vitest/config';

/** Whole pages in a real browser, against a real server. */
export default defineConfig({
  // Engine and protocol are resolved from source; the pages run as built.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'demo-pages',
    // Loading the modules again for each file would take long.
    isolate: false,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Pages can be slow on a busy machine; polling ends as soon as the expectation holds.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 3 },
  },
});
