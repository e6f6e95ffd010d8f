import type { Bench, BenchServer } from './bench.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { LoopDelay, Paced } from './questions.ts';

export interface EndingWindow extends Pick<Paced, 'offered_frames_per_s' | 'acked_frames_per_s' | 'relay' | 'ack'> {
  loop_delay: LoopDelay;
}

export interface Ending {
  students: number;
  long_sessions: number;
  frames_each: number;
  /** Nothing ends. */
  before: EndingWindow;
  /** From the end of the long sessions to the last of their reports. */
  meanwhile: EndingWindow;
  /** From the end of each session to its report, seconds. */
  reports_after_s: number[];
}

const longSessions = 3;
const framesPerHour = 5 * 3600;

const measureWindow = async (
  bench: Bench,
  server: BenchServer,
  { warmSeconds, seconds }: { warmSeconds: number; seconds: number },
  onMeasuring: () => void = () => undefined,
): Promise<EndingWindow> => {
  let loopDelay: Promise<LoopDelay> | null = null;
  bench.onProgress((note) => {
    if (note.measured) loopDelay = bench.loopDelay([server]);
    if (!note.measuring) return;
    void bench.loopDelay([server]);
    onMeasuring();
  });
  const paced = await bench.generator.ask('pace', { warmSeconds, seconds });
  bench.onProgress(() => undefined);
  if (loopDelay === null) throw new Error('the generator did not report when it measured');
  const { offered_frames_per_s, acked_frames_per_s, relay, ack } = paced;
  return { offered_frames_per_s, acked_frames_per_s, relay, ack, loop_delay: await (loopDelay as Promise<LoopDelay>) };
};

/** Students at a constant load, first alone, then while long sessions end: are the others delayed? */
export const measureEnding = async (bench: Bench, options: BenchOptions, report: ReportProgress): Promise<Ending> => {
  const { endingStudents: students, endingHours, endingS, paceWarmS: warmSeconds, fillLimitS, reportLimitS } = options;
  const framesEach = endingHours * framesPerHour;
  const server = await bench.startInvigil();
  const origins = [server.origin];
  report(`${longSessions} sessions of ${framesEach} frames`, 0);
  const { ids } = await bench.generator.ask('fill', {
    origins,
    sessions: longSessions,
    framesEach,
    limitS: fillLimitS,
  });
  report(`${students} students`, 0.5);
  await bench.connectStudents({ origins, kind: 'invigil', count: students });
  await bench.generator.ask('watch', { origins });
  const before = await measureWindow(bench, server, { warmSeconds, seconds: endingS });
  report('the long sessions end', 0.75);
  let ending: Promise<{ reportsAfterS: number[] }> | null = null;
  const meanwhile = await measureWindow(bench, server, { warmSeconds, seconds: reportLimitS }, () => {
    ending = bench
      .profiled(server, 'ending', () => bench.generator.ask('end', { origins, ids, limitS: reportLimitS }))
      // Time after the last report would hide the delays that the reports cause.
      .finally(() => bench.generator.ask('stopPace', {}));
    // A failure is thrown after the window.
    ending.catch(() => undefined);
  });
  if (ending === null) throw new Error('the generator did not report when it measured');
  const { reportsAfterS } = await (ending as Promise<{ reportsAfterS: number[] }>);
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  return {
    students,
    long_sessions: longSessions,
    frames_each: framesEach,
    before,
    meanwhile,
    reports_after_s: reportsAfterS,
  };
};
