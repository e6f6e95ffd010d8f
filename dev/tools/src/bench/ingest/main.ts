/** Measures the capacity of the server, against a bare loop in the same run. `--help` lists the options. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../command/command-line.ts';
import { createProgress } from '../../command/progress.ts';
import { costsFile } from '../../sizing/costs.ts';
import { writeBetween } from '../../command/write-between.ts';
import { Bench } from './bench.ts';
import { measureConnections } from './connections.ts';
import { measureCurve } from './curve.ts';
import { measureEnding } from './ending.ts';
import type { ReportProgress } from './figures.ts';
import { readOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { profileText } from './profile.ts';
import { measureReplicas } from './replicas.ts';
import { tableText } from './table.ts';
import type { BenchResults, Goals } from './table.ts';
import { measureSoak } from './soak.ts';
import { measureThroughput } from './throughput.ts';
import { measureWorkers } from './workers.ts';

const performancePage = fileURLToPath(new URL('../../../../../docs/measurements/server.md', import.meta.url));

const machineText = (): string =>
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}.`;

const partNames = ['throughput', 'connections', 'curve', 'ending', 'replicas', 'workers', 'soak'] as const;
const nothing: BenchResults = {
  throughput: undefined,
  connections: undefined,
  curve: undefined,
  ending: undefined,
  replicas: undefined,
  workers: undefined,
  soak: undefined,
};

/** Null where it was not measured. */
const goalsOf = ({ throughput, connections, curve, ending, workers }: BenchResults): Goals => {
  const thousand = curve?.steps.find(({ students }) => students === 1000);
  const steps = curve?.steps.filter(({ students }) => students >= 4000) ?? [];
  const errors = (workers?.runs ?? []).map(({ error }) => error).filter((error) => error !== null);
  return {
    frames_at_least_60_percent_of_the_bare_loop: throughput === undefined ? null : throughput.ratio >= 0.6,
    connects_at_least_2000_per_cpu_second:
      connections === undefined ? null : connections.invigil.connects_per_server_cpu_s >= 2000,
    quiet_connection_at_most_25_kb: connections === undefined ? null : connections.invigil.rss_kb <= 25,
    relay_p99_at_most_25_ms_at_1000: thousand === undefined ? null : (thousand.relay.p99_ms ?? Infinity) <= 25,
    event_loop_p99_at_most_20_ms_at_1000: thousand === undefined ? null : thousand.loop_delay.p99_ms <= 20,
    event_loop_p99_at_most_20_ms_while_long_sessions_end:
      ending === undefined ? null : ending.meanwhile.loop_delay.p99_ms <= 20,
    event_loop_max_at_most_100_ms_while_long_sessions_end:
      ending === undefined ? null : ending.meanwhile.loop_delay.max_ms <= 100,
    students_4000_on_one_core: steps.length === 0 ? null : steps.some(({ limit }) => limit === null),
    workers_predicted_within_20_percent: errors.length === 0 ? null : errors.every((error) => Math.abs(error) <= 0.2),
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
    ending: await part('ending', measureEnding),
    replicas: await part('replicas', measureReplicas),
    workers: await part('workers', measureWorkers),
    soak: await part('soak', measureSoak),
  };
};

/** Each part has its own place, so that parts can be measured one at a time. */
const writeResults = (results: BenchResults): void => {
  for (const name of partNames) {
    const part = results[name];
    if (part === undefined) continue;
    const own = { ...nothing, [name]: part };
    writeBetween(performancePage, `bench:ingest ${name}`, `${machineText()}\n\n${tableText(own, goalsOf(own))}`);
  }
  if (results.workers == null) return;
  writeFileSync(costsFile, `${JSON.stringify({ measured: machineText(), ...results.workers.costs }, null, 2)}\n`);
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const bench = await Bench.open(options);
  const results = await measureAll(bench, options).finally(() => bench.close());
  const goals = goalsOf(results);
  process.stdout.write(`${tableText(results, goals)}\n`);
  if (options.write) writeResults(results);
  if (options.profileFolder !== null) process.stdout.write(`\n${await profileText(options.profileFolder)}\n`);
  if (options.json) {
    const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? null, node: process.version };
    console.log(JSON.stringify({ machine, ...results, goals }));
  }
};

await runCommand(main);
