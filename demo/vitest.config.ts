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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A page on a machine that does other things as well; whatever is right sooner is not waited for.
    expect: { poll: { timeout: 20_000 } },
    sequence: { groupOrder: 5 },
  },
});
