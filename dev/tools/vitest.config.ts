import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@invigil/source'] },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  test: {
    name: 'tools',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    sequence: { groupOrder: 1 },
  },
});
