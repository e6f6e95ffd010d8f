/** Measures the capacity of the server, against a bare loop in the same run. `--help` lists the options. */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../command/command-line.ts';
import { createProgress } from '../../command/progress.ts';
import { writeBetween } from '../../command/write-between.ts';
import { Bench } from './bench.ts';
import { measureConnections } from './connections.ts';
import { measureCurve } from './curve.ts';
import type { ReportProgress } from './figures.ts';
import { readOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { profileText } from './profile.ts';
import { measureReplicas } from './replicas.ts';
import { tableText } from './table.ts';
import type { BenchResults, Goals } from './table.ts';
import { measureThroughput } from './throughput.ts';

const performancePage = fileURLToPath(new URL('../../../../../docs/measurements/server.md', import.meta.url));

const machineText = (): string =>
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}.`;

/** Null where it was not measured. */
const goalsOf = ({ throughput, connections, curve }: BenchResults): Goals => {
  const thousand = curve?.steps.find(({ students }) => students === 1000);
  return {
    ratio_at_least_half: throughput === undefined ? null : throughput.ratio >= 0.5,
    relay_p99_under_50_ms_at_1000: thousand === undefined ? null : (thousand.relay.p99_ms ?? Infinity) < 50,
    quiet_connection_at_most_25_kb: connections === undefined ? null : connections.invigil.rss_kb <= 25,
  };
};

const measureAll = async (bench: Bench, options: BenchOptions): Promise<BenchResults> => {
  const part = async <T>(
    name: keyof BenchResults,
    measure: (bench: Bench, options: BenchOptions, report: ReportProgress) => Promise<T>,
  ): Promise<T | undefined> => {
    if (!options.parts.has(name)) return undefined;
    const progress = createProgress(`bench:ingest ${name}`);
    const result = await measure(bench, options, (note, share) => progress.update(share * 100, 100, note));
    progress.done('done');
    return result;
  };
  return {
    throughput: await part('throughput', measureThroughput),
    connections: await part('connections', measureConnections),
    curve: await part('curve', measureCurve),
    replicas: await part('replicas', measureReplicas),
  };
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const bench = await Bench.open(options);
  const results = await measureAll(bench, options).finally(() => bench.close());
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
