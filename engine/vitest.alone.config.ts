import { defineConfig } from 'vitest/config';

/** Files that state what a session costs or how fast it reads, which they can only do with the processor to themselves. */
export default defineConfig({
  // Protocol and server come from their sources, so that these tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'engine-alone',
    // Loading the modules again for each file would take long.
    isolate: false,
    include: ['test/alone/**/*.test.ts'],
    testTimeout: 30_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    // Node 20 has the WebSocket of browsers behind a flag; later versions have it anyway.
    execArgv: ['--experimental-websocket'],
    fileParallelism: false,
    sequence: { groupOrder: 6 },
  },
});
