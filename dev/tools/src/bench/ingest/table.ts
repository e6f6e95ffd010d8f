import type { Connections, QuietConnections } from './connections.ts';
import type { Curve } from './curve.ts';
import type { Ending, EndingWindow } from './ending.ts';
import { median, rounded } from './figures.ts';
import type { LoopDelay } from './questions.ts';
import type { Replicas } from './replicas.ts';
import type { Soak } from './soak.ts';
import type { Throughput, WayResult } from './throughput.ts';
import type { Workers } from './workers.ts';

/** Undefined if a part was not requested. */
export interface BenchResults {
  throughput: Throughput | undefined;
  connections: Connections | undefined;
  curve: Curve | undefined;
  ending: Ending | undefined;
  /** Null where replicas cannot be measured. */
  replicas: Replicas | null | undefined;
  /** Null where workers cannot be measured. */
  workers: Workers | null | undefined;
  soak: Soak | undefined;
}

/** Whether each goal is met; null where it was not measured. */
export type Goals = Record<string, boolean | null>;

const number = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en'));

/** Medians of the rounds. */
const loopText = (rounds: readonly { loop_delay: LoopDelay }[]): string => {
  const medianOf = (figure: 'p99_ms' | 'max_ms'): number => median(rounds.map((round) => round.loop_delay[figure]));
  return `${medianOf('p99_ms')} / ${medianOf('max_ms')}`;
};

const shareOf = (way: WayResult, { frames_per_server_cpu_s: bare }: WayResult): number =>
  rounded(way.frames_per_server_cpu_s / bare, 3);

const throughputLines = ({
  bare,
  chained,
  analysed,
  invigil,
  compressed,
  ratio,
  ratio_compressed: ratioCompressed,
  connections,
}: Throughput): string[] => [
  `| ${connections} connections, as fast as they are answered | frames for a second of server CPU | of the bare loop’s | frames a second | event loop delay p99 / max, ms |`,
  '|---|---|---|---|---|',
  `| bare loop | ${number(bare.frames_per_server_cpu_s)} | 1 | ${number(bare.frames_per_s)} | ${loopText(bare.rounds)} |`,
  `| bare loop with hash chain | ${number(chained.frames_per_server_cpu_s)} | ${shareOf(chained, bare)} | ${number(chained.frames_per_s)} | ${loopText(chained.rounds)} |`,
  `| bare loop with hash chain and analysis | ${number(analysed.frames_per_server_cpu_s)} | ${shareOf(analysed, bare)} | ${number(analysed.frames_per_s)} | ${loopText(analysed.rounds)} |`,
  `| Invigil | ${number(invigil.frames_per_server_cpu_s)} | ${ratio} | ${number(invigil.frames_per_s)} | ${loopText(invigil.rounds)} |`,
  `| Invigil, clients that compress | ${number(compressed.frames_per_server_cpu_s)} | ${ratioCompressed} | ${number(compressed.frames_per_s)} | ${loopText(compressed.rounds)} |`,
  '',
];

const connectionLines = ({ bare, invigil, ratio }: Connections): string[] => {
  const row = (title: string, of: (server: QuietConnections) => string | number): string =>
    `| ${title} | ${of(bare)} | ${of(invigil)} |`;
  return [
    `| ${number(invigil.connections)} quiet connections | bare loop | Invigil |`,
    '|---|---|---|',
    row('memory of the process for each, without V8’s young generation, kB', ({ rss_kb: kb }) => kb),
    row('of which held by JavaScript, kB', ({ held_kb: kb }) => kb),
    row('growth of the young generation, for each, kB', ({ young_kb: kb }) => kb),
    row('connects a second', ({ first }) => number(first.connects_per_s)),
    row('reconnects a second', ({ again }) => number(median(again.map((each) => each.connects_per_s)))),
    row('server CPU to start a session, ms', (server) => number(server.server_cpu_ms_per_start)),
    row('server CPU to connect for the first time, hello answered, ms', ({ first }) => first.server_cpu_ms_per_connect),
    row('server CPU of each round of reconnects, ms', ({ again }) =>
      again.map((each) => each.server_cpu_ms_per_connect).join(', '),
    ),
    row('reconnects for a second of server CPU', (server) => number(server.connects_per_server_cpu_s)),
    `| of the bare loop’s | 1 | ${ratio} |`,
    row('event loop delay p99 / max while they reconnect, ms', ({ again }) => loopText(again)),
    '',
  ];
};

const curveLines = ({ steps, bends_at: at, bends_first: first, redis_bytes_per_frame: bytes }: Curve): string[] => [
  '| students | frames/s sent | acknowledged | relay p50 / p99 / p99.9 ms | ack p99 ms | analyze p99 ms | event loop p99 / max ms | cores: server, Redis, generator | limit |',
  '|---|---|---|---|---|---|---|---|---|',
  ...steps.map(
    ({
      students,
      offered_frames_per_s: sent,
      acked_frames_per_s: acked,
      relay,
      ack,
      analyze,
      loop_delay: loop,
      cores,
      limit,
    }) =>
      `| ${number(students)} | ${number(sent)} | ${number(acked)} | ${relay.p50_ms} / ${relay.p99_ms} / ${relay.p999_ms} | ${ack.p99_ms} | ${analyze?.p99_ms ?? '–'} | ${loop.p99_ms} / ${loop.max_ms} | ${cores.server.join(' + ')}, ${cores.redis}, ${cores.generator} | ${limit ?? ''} |`,
  ),
  '',
  at === null ? 'It does not bend within these steps.' : `Bends at ${number(at)} students; first: ${first}.`,
  `Redis holds ${bytes} bytes for each frame.`,
  '',
];

const endingLines = ({
  students,
  long_sessions: count,
  frames_each: frames,
  before,
  meanwhile,
  reports_after_s: seconds,
}: Ending): string[] => {
  const line = (name: string, { acked_frames_per_s: acked, relay, ack, loop_delay: loop }: EndingWindow): string =>
    `| ${name} | ${number(acked)} | ${relay.p50_ms} / ${relay.p99_ms} | ${ack.p99_ms} | ${loop.p99_ms} / ${loop.max_ms} |`;
  return [
    `| ${number(students)} students | frames/s acknowledged | relay p50 / p99 ms | ack p99 ms | event loop p99 / max ms |`,
    '|---|---|---|---|---|',
    line('nothing ends', before),
    line(`${count} sessions of ${number(frames)} frames end`, meanwhile),
    '',
    `Their reports were ready after ${seconds.map((each) => rounded(each, 1)).join(', ')} s.`,
    '',
  ];
};

const replicaLines = (found: Replicas | null): string[] =>
  found === null
    ? ['Replicas: needs Linux and two cores.', '']
    : [
        '| replicas, each on a core of its own | frames/s | frames for a second of server CPU | cores: servers, Redis, generator |',
        '|---|---|---|---|',
        ...[found.one, found.two].map(
          (each, at) =>
            `| ${at + 1} | ${number(each.frames_per_s)} | ${number(each.frames_per_server_cpu_s)} | ${each.cores.server.join(' + ')}, ${each.cores.redis}, ${each.cores.generator} |`,
        ),
        `Two replicas do ${found.scaling} times the work of one with twice its CPU; on this machine, where generator and Redis need CPU too, ${found.scaling_of_frames_per_s} times the frames a second.`,
        '',
      ];

const workersLines = (found: Workers | null): string[] =>
  found === null
    ? ['Workers: needs Linux.', '']
    : [
        '| workers | students | cores of all workers | predicted | error | Redis, cores | Postgres, cores | acknowledged in time | relay p99 ms |',
        '|---|---|---|---|---|---|---|---|---|',
        ...found.runs.map(
          (run) =>
            `| ${run.workers}${run.is_crowded ? ', other cores busy' : ''} | ${number(run.students)} | ${run.server_cores} | ${number(run.predicted_cores)} | ${run.error === null ? '–' : `${rounded(run.error * 100)} %`} | ${run.redis_cores} | ${run.postgres_cores} | ${rounded(run.acked_share * 100)} % | ${number(run.relay_p99_ms)} |`,
        ),
        '',
      ];

const soakLines = ({ students, minutes, ...growth }: Soak): string[] => [
  `| minute, ${number(students)} students | heap after GC, MB | RSS, MB | Redis, MB | frames/s acknowledged | relay p99 ms | event loop p99 / max ms |`,
  '|---|---|---|---|---|---|---|',
  ...minutes.map(
    (each) =>
      `| ${each.minute} | ${each.heap_mb} | ${each.rss_mb} | ${each.redis_mb} | ${number(each.acked_frames_per_s)} | ${number(each.relay_p99_ms)} | ${each.loop_delay.p99_ms} / ${each.loop_delay.max_ms} |`,
  ),
  '',
  `Growth after the first five minutes, MB an hour: heap ${growth.heap_mb_per_hour ?? '–'}, RSS ${growth.rss_mb_per_hour ?? '–'}, Redis ${growth.redis_mb_per_hour ?? '–'}.`,
  '',
];

/** The results as Markdown tables, so that they can go into a document as they are. */
export const tableText = (
  { throughput, connections, curve, ending, replicas, workers, soak }: BenchResults,
  goals: Goals,
): string =>
  [
    ...(throughput === undefined ? [] : throughputLines(throughput)),
    ...(connections === undefined ? [] : connectionLines(connections)),
    ...(curve === undefined ? [] : curveLines(curve)),
    ...(ending === undefined ? [] : endingLines(ending)),
    ...(replicas === undefined ? [] : replicaLines(replicas)),
    ...(workers === undefined ? [] : workersLines(workers)),
    ...(soak === undefined ? [] : soakLines(soak)),
    ...Object.entries(goals)
      .filter(([, met]) => met !== null)
      .map(([name, met]) => `- ${name.replaceAll('_', ' ')}: ${met === true ? 'met' : 'MISSED'}`),
  ].join('\n');
