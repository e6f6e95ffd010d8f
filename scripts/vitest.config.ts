import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'scripts',
    include: ['**/*.test.ts'],
    // Each test starts knip as a process of its own.
    testTimeout: 30_000,
    sequence: { groupOrder: 1 },
  },
});
