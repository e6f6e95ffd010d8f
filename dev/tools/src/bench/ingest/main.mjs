/** What the server can take, against a bare loop in the same run. `--help` says more. */
import { cpus } from 'node:os';
import { Bench } from './bench.mjs';
import { readOptions } from './options.ts';
import { connections, curve, replicas, throughput } from './parts.mjs';
import { profileText } from './profile.ts';
import { tableText } from './table.mjs';
import { runCommand } from '../../command/command-line.ts';
import { createProgress } from '../../command/progress.ts';
import { writeBetween } from '../../command/write-between.ts';

const performancePage = new URL('../../../../../docs/measurements/server.md', import.meta.url);

const machineText = () =>
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}.`;

const parts = { throughput, connections, curve, replicas };

/** What was promised of the server; null where it was not measured. */
const goalsOf = ({ throughput: rate, connections: quiet, curve: load }) => {
  const thousand = load?.steps.find(({ students }) => students === 1000);
  return {
    ratio_at_least_half: rate === undefined ? null : rate.ratio >= 0.5,
    relay_p99_under_50_ms_at_1000: thousand === undefined ? null : thousand.relay.p99_ms < 50,
    quiet_connection_at_most_25_kb: quiet === undefined ? null : quiet.invigil.rss_kb <= 25,
  };
};

const main = async () => {
  const options = readOptions();
  const bench = await Bench.open(options);
  const chosen = Object.entries(parts).filter(([name]) => options.parts.has(name));
  const results = {};
  try {
    for (const [name, measure] of chosen) {
      const progress = createProgress(`bench:ingest ${name}`);
      const say = (note, share) => progress.update(share * 100, 100, note);
      results[name] = await measure(bench, options, say);
      progress.done('done');
    }
  } finally {
    await bench.close();
  }
  const goals = goalsOf(results);
  const tables = tableText(results, goals);
  process.stdout.write(`${tables}\n`);
  if (options.write) writeBetween(performancePage, 'bench:ingest', `${machineText()}\n\n${tables}`);
  if (options.profileFolder !== null) process.stdout.write(`\n${await profileText(options.profileFolder)}\n`);
  if (options.json) {
    const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? null, node: process.version };
    console.log(JSON.stringify({ machine, ...results, goals }));
  }
};

await runCommand(main);
