import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '@invigil/testkit/tokens/sign-token';
import { tokenSecret } from './bench.ts';
import type { Bench, BenchServer } from './bench.ts';
import { rounded } from './figures.ts';
import type { ReportProgress } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Connected, LoopDelay, ServerKind } from './questions.ts';

export interface QuietConnections extends Pick<Connected, 'started_per_s' | 'connects_per_s' | 'connect'> {
  connections: number;
  /** Memory for each connection: of the process, and of JavaScript. */
  rss_kb: number;
  held_kb: number;
  server_cpu_ms_per_connection: number;
  /** While they connect. */
  loop_delay: LoopDelay;
  /** Null for the bare loop. */
  reconnects_per_s: number | null;
  connects_per_server_cpu_s: number | null;
  reconnect_loop_delay: LoopDelay | null;
}

export interface Connections {
  bare: QuietConnections;
  invigil: QuietConnections;
}

/** Time for the server to finish what closed connections leave to do. */
const afterLeavingMs = 3000;

const measure = async (bench: Bench, kind: ServerKind, quiet: number): Promise<QuietConnections> => {
  const server = await (kind === 'bare' ? bench.startBare() : bench.startInvigil({ checksTokens: true }));
  const token = signToken(tokenSecret, { user_id: 'platform', role: 'ADMIN' }, 3600);
  const connect = (count: number): Promise<Connected> =>
    bench.generator.ask('connect', { origins: [server.origin], kind, count, token });
  // Warm up first: compiling code at first use is not a cost of each connection.
  await connect(Math.min(200, quiet));
  await bench.generator.ask('disconnect', {});
  const before = await server.child.ask('memory', {});
  await bench.loopDelay([server]);
  const cpuBefore = await bench.cpu([server]);
  const connected = await connect(quiet);
  const cpuAfter = await bench.cpu([server]);
  const loopDelay = await bench.loopDelay([server]);
  const cpuMs = (cpuAfter.serversMs[0] ?? 0) - (cpuBefore.serversMs[0] ?? 0);
  const after = await server.child.ask('memory', {});
  const again = await reconnect(bench, server, quiet, kind);
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
    server_cpu_ms_per_connection: rounded(cpuMs / quiet, 3),
    loop_delay: loopDelay,
    ...again,
  };
};

type Reconnected = Pick<QuietConnections, 'reconnects_per_s' | 'connects_per_server_cpu_s' | 'reconnect_loop_delay'>;

/** All at once, as after a restart. Their sessions exist, so that this is the cost of connecting alone. */
const reconnect = async (bench: Bench, server: BenchServer, quiet: number, kind: ServerKind): Promise<Reconnected> => {
  if (kind === 'bare') return { reconnects_per_s: null, connects_per_server_cpu_s: null, reconnect_loop_delay: null };
  await bench.generator.ask('leave', {});
  await delay(afterLeavingMs);
  return bench.profiled(server, 'reconnects', async () => {
    await bench.loopDelay([server]);
    const before = await bench.cpu([server]);
    const { connects_per_s: reconnectsPerS } = await bench.generator.ask('reconnect', {});
    const after = await bench.cpu([server]);
    const cpuS = ((after.serversMs[0] ?? 0) - (before.serversMs[0] ?? 0)) / 1000;
    return {
      reconnects_per_s: reconnectsPerS,
      connects_per_server_cpu_s: rounded(quiet / cpuS),
      reconnect_loop_delay: await bench.loopDelay([server]),
    };
  });
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
