#!/usr/bin/env node
/** Causes faults while frames are in flight, and accounts for every frame. `--help` prints the options. */
import { commandLine, runCommand } from '../command/command-line.ts';
import { runFaults, scenarios } from './run-faults.ts';
import type { ScenarioResult } from './run-faults.ts';

const usage = `npm run faults -- [--short] [--only NAME,NAME] [--json]

Causes faults while frames are in flight, and accounts for every frame. Real Chromium, real server processes, real Redis.

  --short            shorter and fewer outages
  --only NAME,NAME   these scenarios, by their names in the table, such as network_cut,server_killed
  --json             prints the results as one object on the last line
  --help             this text

Exit code 0: every frame was stored once or is stated lost. 1: a frame is unexplained or stored twice, or a scenario failed.
2: the command was not understood.`;

const columns = [26, 10, 10, 8, 13, 12, 8];
const row = (...cells: (string | number)[]): string =>
  cells.map((cell, index) => String(cell).padEnd(columns[index] ?? 0)).join('');

const isGood = (result: ScenarioResult): boolean =>
  'skipped' in result || (!('failed' in result) && result.unexplained === 0 && result.duplicates === 0);

const resultRow = (name: string, result: ScenarioResult): string => {
  if ('skipped' in result) return row(name, `skipped: ${result.skipped}`);
  if ('failed' in result) return row(name, `FAILED: ${result.failed}`);
  const lost = Object.values(result.lost).reduce((sum, count) => sum + count, 0);
  const { produced, stored_once: stored, unexplained, duplicates, duration_s: seconds } = result;
  return row(name, produced, stored, lost, unexplained, duplicates, seconds);
};

await runCommand(async () => {
  const flag = { type: 'boolean' } as const;
  const { values } = commandLine(usage, { short: flag, json: flag, only: { type: 'string' } });
  console.error(row('scenario', 'produced', 'stored', 'lost', 'unexplained', 'duplicates', 'seconds'));
  const names = values.only?.split(',') ?? Object.keys(scenarios);
  const results = await runFaults(names, values.short === true, (name, result) =>
    console.error(resultRow(name, result)),
  );
  const isOk = Object.values(results).every(isGood);
  process.exitCode = isOk ? 0 : 1;
  if (values.json) console.log(JSON.stringify({ ok: isOk, scenarios: results }));
});
// Connections that a failed scenario left open must not keep the process alive.
process.exit();
