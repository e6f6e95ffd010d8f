import { cpus } from 'node:os';
import type { Bench, BenchServer } from './bench.ts';
import { coresBetween } from './cpu-times.ts';
import type { CoreShares, CpuTimes } from './cpu-times.ts';
import { rounded, sum } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Percentiles } from './percentiles.ts';
import type { LoopDelay, Paced } from './questions.ts';

type Limit = 'server' | 'redis' | 'generator' | 'machine' | 'unknown';

export interface CurveStep extends Paced {
  students: number;
  proctors: number;
  analyze: Percentiles | null;
  cores: CoreShares;
  loop_delay: LoopDelay;
  /** The saturated part; null while the server keeps up. */
  limit: Limit | null;
}

export interface Curve {
  steps: CurveStep[];
  bends_at: number | null;
  bends_first: Limit | null;
  redis_bytes_per_frame: number;
}

/** One step: a number of students who each send a batch of five frames a second, each watched by a proctor. */
const measureStep = async (
  bench: Bench,
  server: BenchServer,
  { paceWarmS, paceS, isCompressed }: BenchOptions,
  { students, connected }: { students: number; connected: number },
): Promise<Omit<CurveStep, 'limit'>> => {
  const origins = [server.origin];
  await bench.connectStudents({ origins, kind: 'invigil', isCompressed, count: students - connected });
  const { proctors } = await bench.generator.ask('watch', { origins });
  /** At the start of the measurement, then at its end. */
  const cpuTimes: Promise<CpuTimes>[] = [];
  let analyzing: Promise<Percentiles | null> = Promise.resolve(null);
  bench.onProgress((note) => {
    if (note.measuring) {
      void bench.loopDelay([server]);
      cpuTimes.push(bench.cpu([server]));
      analyzing = bench.generator.ask('analyze', { origins, seconds: paceS - 1 });
    }
    if (note.measured) cpuTimes.push(bench.cpu([server]));
  });
  const paced = await bench.profiled(server, `students-${students}`, () =>
    bench.generator.ask('pace', { warmSeconds: paceWarmS, seconds: paceS }),
  );
  bench.onProgress(() => undefined);
  const [from, to] = await Promise.all(cpuTimes);
  if (from === undefined || to === undefined) throw new Error('the generator did not report when it measured');
  return {
    students,
    proctors,
    ...paced,
    analyze: await analyzing,
    cores: coresBetween(from, to),
    loop_delay: await bench.loopDelay([server]),
  };
};

const fullCore = 0.93;

/** The saturated part, as far as the benchmark can measure it. */
const limitOf = (step: Omit<CurveStep, 'limit'>): Limit | null => {
  const { cores, generator_busy: busy, relay, acked_frames_per_s: acked, offered_frames_per_s: offered } = step;
  const isBent = acked < 0.97 * offered || (relay.p99_ms ?? Infinity) > 200;
  if (!isBent) return null;
  if (Math.max(...cores.server) > fullCore) return 'server';
  if (cores.redis > fullCore) return 'redis';
  if (busy > fullCore || cores.generator > fullCore) return 'generator';
  return sum([...cores.server, cores.redis, cores.generator]) > cpus().length * fullCore ? 'machine' : 'unknown';
};

/** Adds students to one server, step by step, until it no longer keeps up. */
export const measureCurve = async (bench: Bench, options: BenchOptions, report: ReportProgress): Promise<Curve> => {
  const server = await bench.startInvigil();
  const steps: CurveStep[] = [];
  for (const [at, students] of options.steps.entries()) {
    report(`${students} students`, at / options.steps.length);
    const step = await measureStep(bench, server, options, { students, connected: options.steps[at - 1] ?? 0 });
    steps.push({ ...step, limit: limitOf(step) });
  }
  const redisBytes = await bench.redisBytes();
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  const frames = sum(steps.map((step) => step.acked_frames_per_s * (options.paceWarmS + options.paceS)));
  await bench.emptyRedis();
  const bent = steps.find(({ limit }) => limit !== null);
  return {
    steps,
    bends_at: bent?.students ?? null,
    bends_first: bent?.limit ?? null,
    redis_bytes_per_frame: rounded((redisBytes - (await bench.redisBytes())) / frames),
  };
};
