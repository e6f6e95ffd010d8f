import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'protocol',
    // Loading the modules again for each file would take long.
    isolate: false,
    setupFiles: ['../dev/testkit/src/property-seed.ts'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Property tests analyse hundreds of sessions, which takes long on a busy machine.
    testTimeout: 30_000,
    sequence: { groupOrder: 0 },
  },
});
