import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { eachWorkerOf, fitLine, serverCoresOf } from '../../sizing/costs.ts';
import type { StudentCosts } from '../../sizing/costs.ts';
import type { Bench, WorkersServer } from './bench.ts';
import { rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Paced } from './questions.ts';
import { ratesBetween } from './usage.ts';
import type { Rates, Usage } from './usage.ts';

export interface WorkersRun {
  workers: number;
  students: number;
  /** The other cores were kept busy. */
  is_crowded: boolean;
  /** Cores of all worker processes and their parent. */
  server_cores: number;
  /** By the runs with one worker; null for those. */
  predicted_cores: number | null;
  /** Predicted minus measured, as a share of measured. */
  error: number | null;
  redis_cores: number;
  postgres_cores: number;
  acked_share: number;
  relay_p99_ms: number | null;
}

export interface Workers {
  runs: WorkersRun[];
  costs: Omit<StudentCosts, 'measured'>;
}

interface Load {
  workers: number;
  students: number;
  isCrowded: boolean;
}

interface Measured extends Load {
  paced: Paced;
  rates: Rates;
  connectCpuMs: number;
  redisBytesPerFrame: number;
}

const framesPerSecond = 5;
/** How long a frame is in Redis, by default (`FRAME_BUFFER_RETENTION_SECONDS`). */
const hotSeconds = 120;
/** Four workers share two cores on a small machine: their cost is still measured, their capacity is not. */
const workerCounts = [2, 4] as const;

const measure = async (
  bench: Bench,
  { workers, students, isCrowded }: Load,
  { paceWarmS, paceS, manyStudents }: BenchOptions,
): Promise<Measured> => {
  const server = await bench.startWorkers(workers);
  const origins = [server.origin];
  const idle = await bench.usage(server);
  await bench.connectStudents({ origins, kind: 'invigil', count: students });
  const connected = await bench.usage(server);
  await bench.generator.ask('watch', { origins });
  const endCrowd = isCrowded ? keepBusy(availableParallelism() - 1) : () => undefined;
  const readings: Promise<Usage>[] = [];
  bench.onProgress((note) => {
    if (note.measuring === true || note.measured === true) readings.push(bench.usage(server));
  });
  // Each worker first gets the same number of frames, in which it compiles its code and grows its heap.
  const warmSeconds = (paceWarmS * manyStudents * workers) / students;
  const paced = await bench.generator.ask('pace', { warmSeconds, seconds: paceS }).finally(endCrowd);
  bench.onProgress(() => undefined);
  const [from, to] = await Promise.all(readings);
  if (from === undefined || to === undefined) throw new Error('the generator did not report when it measured');
  await stop(bench, server);
  return {
    workers,
    students,
    isCrowded,
    paced,
    rates: ratesBetween(from, to),
    connectCpuMs: (connected.serverMs - idle.serverMs) / students,
    redisBytesPerFrame: (to.redisBytes - from.redisBytes) / (paced.acked_frames_per_s * paceS),
  };
};

/** Ends the loops below if the benchmark was killed before it could. */
const busyLimitMs = 600_000;

/** Keeps this many cores busy until the returned function is called. */
const keepBusy = (cores: number): (() => void) => {
  const loop = `const end = Date.now() + ${busyLimitMs}; while (Date.now() < end);`;
  const loops = Array.from({ length: cores }, () => spawn(process.execPath, ['-e', loop], { stdio: 'ignore' }));
  return () => {
    for (const each of loops) each.kill();
  };
};

const stop = async (bench: Bench, server: WorkersServer): Promise<void> => {
  await bench.generator.ask('disconnect', {});
  await server.stop();
  await bench.emptyRedis();
};

/**
 * Lines through the runs with one worker, and how much more the larger one takes while the other cores are busy. The other runs show what each
 * further worker costs Redis and Postgres.
 */
const costsOf = (few: Measured, many: Measured, crowded: Measured, others: readonly Measured[]): Workers['costs'] => {
  const rounding = 7;
  const line = (of: (rates: Rates) => number) => {
    const { fixed, each } = fitLine([few, many].map(({ students, rates }) => [students, of(rates)] as const));
    return { fixed: rounded(fixed, rounding), each: rounded(each, rounding) };
  };
  const service = (of: (rates: Rates) => number) => {
    const alone = line(of);
    const runs = others.map((run) => ({ students: run.students, workers: run.workers, value: of(run.rates) }));
    return { ...alone, eachWorker: rounded(eachWorkerOf(alone, runs), rounding) };
  };
  const { students, paced, rates } = many;
  const { fromStudents, toStudents, toProctors } = paced.bytes_per_s;
  const each = (value: number): number => rounded(value / students);
  return {
    server: line(({ serverCores }) => serverCores),
    contention: rounded(Math.max(1, crowded.rates.serverCores / rates.serverCores), 3),
    redis: service(({ redisCores }) => redisCores),
    postgres: service(({ postgresCores }) => postgresCores),
    connectCpuMs: rounded(many.connectCpuMs, 2),
    fromStudent: each(fromStudents),
    toStudent: each(toStudents),
    toProctor: each(toProctors),
    toRedis: each(rates.redisInBytesPerS),
    fromRedis: each(rates.redisOutBytesPerS),
    redisBytes: rounded(many.redisBytesPerFrame * framesPerSecond * hotSeconds),
  };
};

const runOf = ({ workers, students, isCrowded, paced, rates }: Measured, costs: Workers['costs']): WorkersRun => {
  const predicted = workers === 1 ? null : serverCoresOf(costs, students, workers);
  return {
    workers,
    students,
    is_crowded: isCrowded,
    server_cores: rounded(rates.serverCores, 3),
    predicted_cores: predicted === null ? null : rounded(predicted, 3),
    error: predicted === null ? null : rounded(predicted / rates.serverCores - 1, 3),
    redis_cores: rounded(rates.redisCores, 3),
    postgres_cores: rounded(rates.postgresCores, 3),
    acked_share: rounded(paced.acked_frames_per_s / paced.offered_frames_per_s, 3),
    relay_p99_ms: paced.relay.p99_ms,
  };
};

/**
 * Measures what a student costs with one worker at two loads, and at the larger one while the other cores are busy. Checks the
 * predictions from these runs against two and four workers with the larger load. Records are in Postgres, which several workers need.
 */
export const measureWorkers = async (
  bench: Bench,
  options: BenchOptions,
  report: ReportProgress,
): Promise<Workers | null> => {
  if (process.platform !== 'linux') return null;
  const { fewStudents, manyStudents } = options;
  const one = { workers: 1, students: manyStudents, isCrowded: false };
  report(`1 worker, ${fewStudents} students`, 0);
  const few = await measure(bench, { ...one, students: fewStudents }, options);
  report(`1 worker, ${manyStudents} students`, 0.2);
  const many = await measure(bench, one, options);
  report(`1 worker, ${manyStudents} students, the other cores busy`, 0.4);
  const crowded = await measure(bench, { ...one, isCrowded: true }, options);
  const others: Measured[] = [];
  for (const [at, workers] of workerCounts.entries()) {
    report(`${workers} workers, ${manyStudents} students`, 0.6 + 0.2 * at);
    others.push(await measure(bench, { ...one, workers }, options));
  }
  const costs = costsOf(few, many, crowded, others);
  return { runs: [few, many, crowded, ...others].map((run) => runOf(run, costs)), costs };
};
