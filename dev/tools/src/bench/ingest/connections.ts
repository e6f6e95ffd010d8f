import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '@invigil/testkit/tokens/sign-token';
import { tokenSecret } from './bench.ts';
import type { Bench, BenchServer } from './bench.ts';
import { median, rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Connected, LoopDelay, ServerKind } from './questions.ts';

/** All students connect; the answer to `hello` counts as connected. */
interface Connecting extends Connected {
  server_cpu_ms_per_connect: number;
  /** While they connect. */
  loop_delay: LoopDelay;
}

export interface QuietConnections {
  connections: number;
  /** Memory for each connection: of the process without V8's young generation, and of JavaScript. */
  rss_kb: number;
  held_kb: number;
  /** By how much the young generation grew meanwhile, for each connection. It is limited, whatever the number of connections. */
  young_kb: number;
  /** Null for the bare loop, which has no sessions to start. */
  started_per_s: number | null;
  server_cpu_ms_per_start: number | null;
  first: Connecting;
  /** Each time, all connect again, as after a restart. */
  again: Connecting[];
  /** The median of `again`. */
  connects_per_server_cpu_s: number;
}

export interface Connections {
  bare: QuietConnections;
  invigil: QuietConnections;
  /** Reconnects per second of server CPU, as a share of the bare loop's. */
  ratio: number;
}

/** Time for the server to finish what closed connections leave to do. */
const afterLeavingMs = 3000;

/** Runs `work`. @returns what it returned, and the CPU time that the server used meanwhile, milliseconds */
const timed = async <T>(bench: Bench, server: BenchServer, work: () => Promise<T>): Promise<[T, number]> => {
  const before = await bench.cpu([server]);
  const result = await work();
  const after = await bench.cpu([server]);
  return [result, (after.serversMs[0] ?? 0) - (before.serversMs[0] ?? 0)];
};

const connectAll = async (bench: Bench, server: BenchServer, quiet: number): Promise<Connecting> => {
  await bench.loopDelay([server]);
  const [connected, cpuMs] = await timed(bench, server, () => bench.generator.ask('connect', {}));
  const loopDelay = await bench.loopDelay([server]);
  return { ...connected, server_cpu_ms_per_connect: rounded(cpuMs / quiet, 3), loop_delay: loopDelay };
};

/** Their sessions exist, so that this is the cost of connecting alone. */
const connectAgain = async (
  bench: Bench,
  server: BenchServer,
  { quiet, rounds }: BenchOptions,
): Promise<Connecting[]> => {
  const again: Connecting[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await bench.generator.ask('leave', {});
    await delay(afterLeavingMs);
    again.push(await bench.profiled(server, 'reconnects', () => connectAll(bench, server, quiet)));
  }
  return again;
};

const measure = async (bench: Bench, kind: ServerKind, options: BenchOptions): Promise<QuietConnections> => {
  const { quiet } = options;
  const server = await (kind === 'bare' ? bench.startBare() : bench.startInvigil({ checksTokens: true }));
  const token = signToken(tokenSecret, { user_id: 'platform', role: 'ADMIN' }, 3600);
  const start = { origins: [server.origin], kind, token };
  // Warm up first: compiling code at first use is not a cost of each connection.
  await bench.connectStudents({ ...start, count: Math.min(200, quiet) });
  await bench.generator.ask('disconnect', {});
  const before = await server.child.ask('memory', {});
  const [{ started_per_s: startedPerS }, startMs] = await timed(bench, server, () =>
    bench.generator.ask('start', { ...start, count: quiet }),
  );
  const first = await bench.profiled(server, 'connects', () => connectAll(bench, server, quiet));
  const after = await server.child.ask('memory', {});
  const again = await connectAgain(bench, server, options);
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  const youngBytes = after.youngBytes - before.youngBytes;
  const kbEach = (bytes: number): number => rounded(bytes / quiet / 1024, 1);
  return {
    connections: quiet,
    rss_kb: kbEach(after.rssBytes - before.rssBytes - youngBytes),
    held_kb: kbEach(after.heldBytes - before.heldBytes),
    young_kb: kbEach(youngBytes),
    started_per_s: startedPerS,
    server_cpu_ms_per_start: kind === 'bare' ? null : rounded(startMs / quiet, 3),
    first,
    again,
    connects_per_server_cpu_s: rounded(1000 / median(again.map((each) => each.server_cpu_ms_per_connect))),
  };
};

/** The rate at which students connect, and the cost of a student who sends nothing. */
export const measureConnections = async (
  bench: Bench,
  options: BenchOptions,
  report: ReportProgress,
): Promise<Connections> => {
  report('connections, bare loop', 0);
  const bare = await measure(bench, 'bare', options);
  report('connections, Invigil', 0.4);
  const invigil = await measure(bench, 'invigil', options);
  return { bare, invigil, ratio: rounded(invigil.connects_per_server_cpu_s / bare.connects_per_server_cpu_s, 3) };
};
