import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'tools',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../testkit/src/property-seed.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 1 },
  },
});
