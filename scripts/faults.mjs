#!/usr/bin/env node
/**
 * Breaks things while frames are on their way, and counts what became of each frame:
 *   npm run faults -- [--short] [--only NAME,NAME] [--json]
 * Real Chromium, real server processes, real Redis. Exit code 1 when a frame is unexplained or stored twice.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

const { values } = parseArgs({
  options: { short: { type: 'boolean' }, json: { type: 'boolean' }, only: { type: 'string' } },
});

// The scenarios are the engine's own sources, which Node alone does not read.
const vite = await createServer({
  root: fileURLToPath(new URL('../engine', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions: ['@invigil/source'] } },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
});

const columns = [26, 10, 10, 8, 13, 12, 8];
const row = (...cells) => cells.map((cell, index) => String(cell).padEnd(columns[index])).join('');
const isGood = (result) => 'skipped' in result || (result.unexplained === 0 && result.duplicates === 0);

let exitCode = 1;
try {
  const { runFaults, scenarios } = await vite.ssrLoadModule('/faults/run-faults.ts');
  console.error(row('scenario', 'produced', 'stored', 'lost', 'unexplained', 'duplicates', 'seconds'));
  const results = await runFaults(
    values.only?.split(',') ?? Object.keys(scenarios),
    values.short === true,
    (name, result) => {
      if ('skipped' in result) return console.error(row(name, `skipped: ${result.skipped}`));
      if ('failed' in result) return console.error(row(name, `FAILED: ${result.failed}`));
      const lost = Object.values(result.lost).reduce((sum, count) => sum + count, 0);
      const { produced, stored_once: stored, unexplained, duplicates, duration_s: seconds } = result;
      console.error(row(name, produced, stored, lost, unexplained, duplicates, seconds));
    },
  );
  exitCode = Object.values(results).every(isGood) ? 0 : 1;
  if (values.json) console.log(JSON.stringify({ ok: exitCode === 0, scenarios: results }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  await vite.close();
}
process.exit(exitCode);
