import { defineConfig } from 'vitest/config';

/** Files that drive their own browser and server, or build and pack the engine. */
export default defineConfig({
  // Protocol and server come from their sources, so that these tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'engine-pages',
    // Loading the modules again for each file would take long.
    isolate: false,
    include: ['test/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts', 'test/alone/**', 'test/delivery/**'],
    // One file packs, installs and compiles packages.
    testTimeout: 120_000,
    // Polls return as soon as the condition holds; the limit is for slow machines.
    expect: { poll: { timeout: 20_000 } },
    // Node 20 has the WebSocket of browsers behind a flag; later versions have it anyway.
    execArgv: ['--experimental-websocket'],
    // Each file analyses images in one page, which keeps one processor busy.
    maxWorkers: 2,
    sequence: { groupOrder: 4 },
  },
});
