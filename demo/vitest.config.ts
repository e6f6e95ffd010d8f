import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The rules come from their source, so that the tests of what is drawn need no build.
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'demo',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // A whole sitting wants the processor for itself.
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { groupOrder: 5 },
  },
});
