import { defineConfig } from 'vitest/config';

/** Several sessions at once, figures that need the processor, and examples, which are installed and built first. */
export default defineConfig({
  // Packages come from their sources, except the server process and the pages, which run as built.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'e2e-alone',
    // Loading the modules again for each file would take long.
    isolate: false,
    include: ['test/alone/**/*.test.ts', 'test/examples/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 6 },
  },
});
