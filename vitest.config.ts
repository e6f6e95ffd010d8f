import { defineConfig } from 'vitest/config';
import { SlowFirst } from './scripts/slow-first.ts';

/** One run for everything. Each package says how its tests run; groups keep heavy ones from running side by side. */
export default defineConfig({
  test: {
    projects: [
      ...['protocol', 'models', 'ingest', 'engine', 'demo', 'dev/tools', 'dev/e2e', 'scripts'].map(
        (name) => `${name}/vitest.config.ts`,
      ),
      'engine/vitest.delivery.config.ts',
      'engine/vitest.pages.config.ts',
      'engine/vitest.browser.config.ts',
      'engine/vitest.alone.config.ts',
      'demo/vitest.pages.config.ts',
      'dev/e2e/vitest.servers.config.ts',
      'dev/e2e/vitest.alone.config.ts',
    ],
    reporters: ['default', './scripts/count-reporter.ts'],
    // One more than the processors of a small machine: many tests wait for timers, servers and browsers.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
  },
});
