import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'protocol',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Properties run hundreds of sittings; a busy machine takes its time.
    testTimeout: 30_000,
    sequence: { groupOrder: 0 },
  },
});
