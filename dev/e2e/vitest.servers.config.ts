import { defineConfig } from 'vitest/config';

/** Server processes and their clients, without a camera, so that files can run side by side. */
export default defineConfig({
  // Packages come from their sources, except the server process, which runs as built.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'e2e-servers',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../testkit/src/property-seed.ts'],
    include: ['test/servers/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 3 },
  },
});
