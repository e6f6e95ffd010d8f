import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages come from their sources, except the server process and the pages, which run as built.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'e2e',
    // Loading the modules again for each file would take long.
    isolate: false,
    include: ['test/**/*.test.ts'],
    exclude: ['test/alone/**', 'test/examples/**', 'test/servers/**'],
    // Each file analyses images in one page, which keeps one processor busy.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 4 },
  },
});
