import type { Bench, BenchServer } from './bench.ts';
import { coresBetween } from './cpu-times.ts';
import type { CoreShares } from './cpu-times.ts';
import { rounded, sum } from './figures.ts';
import type { LoopDelay } from './questions.ts';

export interface Saturation {
  frames_per_s: number;
  frames_per_server_cpu_s: number;
  cores: CoreShares;
  /** Of the first server. Saturated, it shows how much work one turn does. */
  loop_delay: LoopDelay;
}

/** The load that the servers handle when the connected students send as fast as they are acknowledged. */
export const measureSaturation = async (
  bench: Bench,
  servers: readonly BenchServer[],
  wantedFrames: number,
  limitS: number,
): Promise<Saturation> => {
  await bench.loopDelay(servers);
  const before = await bench.cpu(servers);
  const {
    frames,
    seconds,
    settled_frames: settled,
  } = await bench.generator.ask('saturate', {
    frames: wantedFrames,
    limitS,
  });
  const after = await bench.cpu(servers);
  const serverMs = sum(after.serversMs.map((ms, at) => ms - (before.serversMs[at] ?? 0)));
  return {
    frames_per_s: rounded(frames / seconds),
    frames_per_server_cpu_s: rounded(settled / (serverMs / 1000)),
    cores: coresBetween(before, after),
    loop_delay: await bench.loopDelay(servers),
  };
};
