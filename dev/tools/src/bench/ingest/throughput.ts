import type { Bench } from './bench.ts';
import { median, rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { BareWork, ServerKind } from './questions.ts';
import { measureSaturation } from './saturation.ts';
import type { Saturation } from './saturation.ts';

interface Way {
  title: string;
  kind: ServerKind;
  isCompressed: boolean;
  work?: BareWork;
}

export interface WayResult {
  /** Medians of the rounds. */
  frames_per_s: number;
  frames_per_server_cpu_s: number;
  rounds: Saturation[];
}

export interface Throughput {
  connections: number;
  bare: WayResult;
  /** The bare loop with the hash chain, and with the analysis as well. */
  chained: WayResult;
  analysed: WayResult;
  invigil: WayResult;
  compressed: WayResult;
  /** Frames per second of server CPU, as a share of the bare loop's. */
  ratio: number;
  ratio_compressed: number;
}

const ways = {
  bare: { title: 'bare loop', kind: 'bare', isCompressed: false },
  chained: { title: 'bare loop with hash chain', kind: 'bare', isCompressed: false, work: 'chain' },
  analysed: { title: 'bare loop with hash chain and analysis', kind: 'bare', isCompressed: false, work: 'analysis' },
  invigil: { title: 'Invigil', kind: 'invigil', isCompressed: false },
  compressed: { title: 'Invigil, compressed', kind: 'invigil', isCompressed: true },
} as const satisfies Record<string, Way>;

const measureRound = async (
  bench: Bench,
  { kind, isCompressed, work }: Way,
  { warmFrames, roundFrames, limitS, saturating }: BenchOptions,
): Promise<Saturation> => {
  const server = await (kind === 'bare' ? bench.startBare(work) : bench.startInvigil());
  await bench.connectStudents({ origins: [server.origin], count: saturating, kind, isCompressed });
  // The server first compiles its code and grows its heap, so that the measurement shows the long run.
  await measureSaturation(bench, [server], warmFrames, limitS);
  const measure = (): Promise<Saturation> => measureSaturation(bench, [server], roundFrames, limitS);
  const measured = await (kind === 'bare'
    ? measure()
    : bench.profiled(server, isCompressed ? 'throughput-compressed' : 'throughput', measure));
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  return measured;
};

const resultOf = (rounds: Saturation[]): WayResult => ({
  frames_per_s: median(rounds.map((each) => each.frames_per_s)),
  frames_per_server_cpu_s: median(rounds.map((each) => each.frames_per_server_cpu_s)),
  rounds,
});

/**
 * Alternates between bare loop and server, on the same machine in the same minute, each under as much load as it can
 * take. In a third variant, the server's clients compress, as browsers do; the bare loop cannot.
 */
export const measureThroughput = async (
  bench: Bench,
  options: BenchOptions,
  report: ReportProgress,
): Promise<Throughput> => {
  const names = ['bare', 'chained', 'analysed', 'invigil', 'compressed'] as const;
  const rounds: Record<keyof typeof ways, Saturation[]> = {
    bare: [],
    chained: [],
    analysed: [],
    invigil: [],
    compressed: [],
  };
  for (let round = 0; round < options.rounds; round += 1) {
    for (const name of names) {
      report(`throughput, ${ways[name].title}`, round / options.rounds);
      rounds[name].push(await measureRound(bench, ways[name], options));
    }
  }
  const [bare, invigil, compressed] = [resultOf(rounds.bare), resultOf(rounds.invigil), resultOf(rounds.compressed)];
  const [chained, analysed] = [resultOf(rounds.chained), resultOf(rounds.analysed)];
  const ratioOf = (way: WayResult): number => rounded(way.frames_per_server_cpu_s / bare.frames_per_server_cpu_s, 3);
  return {
    connections: options.saturating,
    bare,
    chained,
    analysed,
    invigil,
    compressed,
    ratio: ratioOf(invigil),
    ratio_compressed: ratioOf(compressed),
  };
};
