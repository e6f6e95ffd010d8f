import { defineConfig } from 'vitest/config';

/** Pure parts, and delivery against a model of the network. */
export default defineConfig({
  // Protocol and server come from their sources, so that these tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'engine',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../dev/testkit/src/property-seed.ts'],
    include: ['src/**/*.test.ts', 'cli/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts'],
    testTimeout: 30_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    // Node 20 has the WebSocket of browsers behind a flag; later versions have it anyway.
    execArgv: ['--experimental-websocket'],
    sequence: { groupOrder: 2 },
  },
});
