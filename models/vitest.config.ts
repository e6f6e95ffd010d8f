import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'models',
    include: ['**/*.test.ts'],
    // Each test starts the installer as a process of its own, several times.
    testTimeout: 30_000,
    sequence: { groupOrder: 1 },
  },
});
