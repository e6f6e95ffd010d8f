#!/usr/bin/env node
/** Breaks things while frames are on their way, and counts what became of each frame. `--help` says more. */
import { runFaults, scenarios } from './run-faults.ts';
import { commandLineOrExit } from '../command/command-line.ts';

const usage = `npm run faults -- [--short] [--only NAME,NAME] [--json]

Breaks things while frames are on their way, and counts what became of each frame. Real Chromium, real server processes, real Redis.

  --short            shorter and fewer outages
  --only NAME,NAME   these scenarios, by their names in the table, such as network_cut,server_killed
  --json             prints the results as one object on the last line
  --help             this text

Exit code 0: every frame was stored once or is stated lost. 1: a frame is unexplained or stored twice, or a scenario failed.
2: the command was not understood.`;

const values = commandLineOrExit(usage, {
  short: { type: 'boolean' },
  json: { type: 'boolean' },
  only: { type: 'string' },
});

const columns = [26, 10, 10, 8, 13, 12, 8];
const row = (...cells) => cells.map((cell, index) => String(cell).padEnd(columns[index])).join('');
const isGood = (result) => 'skipped' in result || (result.unexplained === 0 && result.duplicates === 0);

let exitCode = 1;
try {
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
}
process.exit(exitCode);
