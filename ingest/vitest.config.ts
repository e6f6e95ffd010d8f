import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Resolve packages to their sources, so that a test never runs against an old build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'ingest',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../dev/testkit/src/property-seed.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Real Redis and Postgres servers are started and stopped.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 15_000 } },
    sequence: { groupOrder: 2 },
  },
});
