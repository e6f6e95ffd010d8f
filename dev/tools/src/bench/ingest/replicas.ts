import { cpus } from 'node:os';
import type { Bench, BenchServer } from './bench.ts';
import { rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { measureSaturation } from './saturation.ts';
import type { Saturation } from './saturation.ts';

export interface Replicas {
  one: Saturation;
  two: Saturation;
  /** Work that two replicas do with twice the CPU of one, relative to the work of that one. */
  scaling: number;
  scaling_of_frames_per_s: number;
}

const measure = async (
  bench: Bench,
  { warmFrames, roundFrames, limitS, saturating }: BenchOptions,
  cores: readonly string[],
): Promise<Saturation> => {
  const servers: BenchServer[] = [];
  for (const core of cores) {
    servers.push(await bench.startInvigil({ cores: core, folder: `replicas-${cores.length}` }));
  }
  const origins = servers.map(({ origin }) => origin);
  await bench.connectStudents({ origins, kind: 'invigil', count: saturating });
  await measureSaturation(bench, servers, warmFrames * cores.length, limitS);
  const result = await measureSaturation(bench, servers, roundFrames * cores.length, limitS);
  await bench.generator.ask('disconnect', {});
  for (const server of servers) await bench.stop(server);
  await bench.emptyRedis();
  return result;
};

/**
 * One replica, then two, each pinned to a core, on one Redis; the generator and Redis run on the same cores. On a small
 * machine, frames per second therefore mean little; compare frames per second of server CPU. Null if this cannot be
 * measured.
 */
export const measureReplicas = async (
  bench: Bench,
  options: BenchOptions,
  report: ReportProgress,
): Promise<Replicas | null> => {
  if (process.platform !== 'linux' || cpus().length < 2) return null;
  report('1 replica', 0);
  const one = await measure(bench, options, ['0']);
  report('2 replicas', 0.4);
  const two = await measure(bench, options, ['0', '1']);
  return {
    one,
    two,
    scaling: rounded((2 * two.frames_per_server_cpu_s) / one.frames_per_server_cpu_s, 2),
    scaling_of_frames_per_s: rounded(two.frames_per_s / one.frames_per_s, 2),
  };
};
