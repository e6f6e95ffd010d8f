import { defineConfig } from 'vitest/config';

/** Delivery over real and hostile networks. No camera and no perception, so that files can run side by side. */
export default defineConfig({
  // Protocol and server come from their sources, so that these tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'engine-delivery',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../dev/testkit/src/property-seed.ts'],
    include: ['test/delivery/**/*.test.ts'],
    // A limit for machines on which browsers run beside these tests; a test may wait several times.
    testTimeout: 120_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    // Node 20 has the WebSocket of browsers behind a flag; later versions have it anyway.
    execArgv: ['--experimental-websocket'],
    sequence: { groupOrder: 3 },
  },
});
