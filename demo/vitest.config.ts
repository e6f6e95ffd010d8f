import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Engine and protocol are resolved from source, so that unit tests need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    name: 'demo',
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    // A whole session with a camera needs the processor to itself.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Pages can be slow on a busy machine; polling ends as soon as the expectation holds.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 5 },
  },
});
