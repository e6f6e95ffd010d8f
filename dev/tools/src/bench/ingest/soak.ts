import { fitLine } from '../../sizing/costs.ts';
import type { Bench } from './bench.ts';
import { rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { LoopDelay } from './questions.ts';

export interface SoakMinute {
  minute: number;
  /** After garbage collection, megabytes. */
  heap_mb: number;
  rss_mb: number;
  redis_mb: number;
  acked_frames_per_s: number;
  relay_p99_ms: number | null;
  loop_delay: LoopDelay;
}

export interface Soak {
  students: number;
  minutes: SoakMinute[];
  /** Growth after `settlingMinutes`, megabytes an hour, by least squares; null for a shorter soak. */
  heap_mb_per_hour: number | null;
  rss_mb_per_hour: number | null;
  redis_mb_per_hour: number | null;
}

const megabyte = 1e6;
/** Redis fills until frames are archived, and the server's caches fill as long. */
const settlingMinutes = 5;

/** @param minutes after settling */
const growthOf = (minutes: readonly SoakMinute[], of: (minute: SoakMinute) => number): number | null => {
  if (minutes.length < 2) return null;
  const { each } = fitLine(minutes.map((minute) => [minute.minute, of(minute)] as const));
  return rounded(each * 60, 1);
};

/** Students at a constant load for minutes or hours: does memory stay flat? */
export const measureSoak = async (bench: Bench, options: BenchOptions, report: ReportProgress): Promise<Soak> => {
  const { soakMinutes, soakStudents: students } = options;
  const server = await bench.startInvigil();
  const origins = [server.origin];
  await bench.connectStudents({ origins, kind: 'invigil', count: students });
  await bench.generator.ask('watch', { origins });
  const minutes: SoakMinute[] = [];
  for (let minute = 1; minute <= soakMinutes; minute += 1) {
    await bench.loopDelay([server]);
    const paced = await bench.generator.ask('pace', { warmSeconds: 0, seconds: 60 });
    const loopDelay = await bench.loopDelay([server]);
    const { heldBytes, rssBytes } = await server.child.ask('memory', {});
    const redisBytes = await bench.redisBytes();
    minutes.push({
      minute,
      heap_mb: rounded(heldBytes / megabyte, 1),
      rss_mb: rounded(rssBytes / megabyte, 1),
      redis_mb: rounded(redisBytes / megabyte, 1),
      acked_frames_per_s: paced.acked_frames_per_s,
      relay_p99_ms: paced.relay.p99_ms,
      loop_delay: loopDelay,
    });
    const { heap_mb: heap, rss_mb: rss, redis_mb: redis } = minutes.at(-1)!;
    report(`minute ${minute}: heap ${heap} MB, RSS ${rss} MB, Redis ${redis} MB`, minute / soakMinutes);
  }
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  const settled = minutes.slice(settlingMinutes);
  return {
    students,
    minutes,
    heap_mb_per_hour: growthOf(settled, ({ heap_mb: heap }) => heap),
    rss_mb_per_hour: growthOf(settled, ({ rss_mb: rss }) => rss),
    redis_mb_per_hour: growthOf(settled, ({ redis_mb: redis }) => redis),
  };
};
