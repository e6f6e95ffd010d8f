import type { Bench } from './bench.ts';
import { rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Connected, ServerKind } from './questions.ts';

export interface QuietConnections extends Pick<Connected, 'started_per_s' | 'connects_per_s' | 'connect'> {
  connections: number;
  /** Memory for each connection: of the process, and of JavaScript. */
  rss_kb: number;
  held_kb: number;
  server_cpu_ms_per_connection: number;
  /** Null for the bare loop. */
  reconnects_per_s: number | null;
}

export interface Connections {
  bare: QuietConnections;
  invigil: QuietConnections;
}

const measure = async (bench: Bench, kind: ServerKind, quiet: number): Promise<QuietConnections> => {
  const server = await (kind === 'bare' ? bench.startBare() : bench.startInvigil());
  const connect = (count: number): Promise<Connected> =>
    bench.generator.ask('connect', { origins: [server.origin], kind, count });
  // Warm up first: compiling code at first use is not a cost of each connection.
  await connect(Math.min(200, quiet));
  await bench.generator.ask('disconnect', {});
  const before = await server.child.ask('memory', {});
  const cpuBefore = await bench.cpu([server]);
  const connected = await connect(quiet);
  const cpuAfter = await bench.cpu([server]);
  const after = await server.child.ask('memory', {});
  const again = kind === 'bare' ? null : await bench.generator.ask('reconnect', {});
  await bench.generator.ask('disconnect', {});
  await bench.stop(server);
  await bench.emptyRedis();
  const kbEach = (bytes: number): number => rounded(bytes / quiet / 1024, 1);
  return {
    connections: quiet,
    rss_kb: kbEach(after.rssBytes - before.rssBytes),
    held_kb: kbEach(after.heldBytes - before.heldBytes),
    started_per_s: connected.started_per_s,
    connects_per_s: connected.connects_per_s,
    connect: connected.connect,
    server_cpu_ms_per_connection: rounded(((cpuAfter.serversMs[0] ?? 0) - (cpuBefore.serversMs[0] ?? 0)) / quiet, 3),
    reconnects_per_s: again?.connects_per_s ?? null,
  };
};

/** The rate at which students connect, and the cost of a student who sends nothing. */
export const measureConnections = async (
  bench: Bench,
  { quiet }: BenchOptions,
  report: ReportProgress,
): Promise<Connections> => {
  report('connections, bare loop', 0);
  const bare = await measure(bench, 'bare', quiet);
  report('connections, Invigil', 0.4);
  return { bare, invigil: await measure(bench, 'invigil', quiet) };
};
