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
    include: ['test/delivery/**/*.test.ts'],
    testTimeout: 30_000,
    // Node 20 has the WebSocket of browsers behind a flag; later versions have it anyway.
    execArgv: ['--experimental-websocket'],
    sequence: { groupOrder: 3 },
  },
});
