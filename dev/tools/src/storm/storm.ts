import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { freePort } from '@invigil/testkit/services/free-port';
import { CommandError } from '../command/command-line.ts';
import { percentiles } from '../bench/ingest/percentiles.ts';
import type { Percentiles } from '../bench/ingest/percentiles.ts';
import { productionFlags } from '../bench/ingest/production-flags.ts';
import { treeCpuMs } from '../bench/ingest/process-tree.ts';
import { NodeClient } from '../faults/node-client.ts';

export interface StormOptions {
  clients: number;
  /** Folder of the server's data. */
  folder: string;
  environment: Record<string, string>;
  /** After this, clients that are not back count as missing, milliseconds. */
  limitMs: number;
  onProgress: (text: string) => void;
}

/** Times in milliseconds since the server was killed. */
export interface StormFigures {
  clients: number;
  /** The new process accepted connections. */
  listening_ms: number;
  /** Until the server welcomed each client again. */
  registered: Percentiles;
  /** Until each client's first frame after the kill was acknowledged. */
  acknowledged: Percentiles;
  /** Clients that were not back at the limit. */
  missing: number;
  /** Frames that the clients still hold or gave up, after all of them had a minute to deliver. */
  frames_not_acknowledged: number;
  frames: number;
  /** CPU time from the kill until the last client was back; the server's includes its start. */
  server_cpu_ms: number;
  clients_cpu_ms: number;
}

const frameEveryMs = 1000;
const openedAtOnce = 25;
const checkEveryMs = 50;
/** Longer than a connection takes to count as stable. */
const warmMs = 11_000;
/** For the first connections, milliseconds. */
const connectLimitMs = 60_000;

/** Each client records a frame a second, spread over that second. @returns stops them */
const recordSteadily = (clients: readonly NodeClient[]): (() => void) => {
  const turns = 20;
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % turns;
    for (let index = turn; index < clients.length; index += turns) clients[index]?.record();
  }, frameEveryMs / turns);
  return () => clearInterval(timer);
};

/** Waits until at most `most` clients are not connected. @throws CommandError after a minute */
const demandReady = async (clients: readonly NodeClient[], most: number): Promise<void> => {
  const untilMs = performance.now() + connectLimitMs;
  for (;;) {
    const away = clients.filter(({ isReady }) => !isReady).length;
    if (away <= most) return;
    if (performance.now() > untilMs) {
      throw new CommandError(`${away} of ${clients.length} clients did not connect within ${connectLimitMs / 1000} s`);
    }
    await delay(checkEveryMs);
  }
};

const openAll = async (url: string, { clients: count, onProgress }: StormOptions): Promise<NodeClient[]> => {
  const clients: NodeClient[] = [];
  while (clients.length < count) {
    const from = clients.length;
    const some = Array.from({ length: Math.min(openedAtOnce, count - from) }, (_, place) =>
      NodeClient.open(url, `storm-${from + place}`),
    );
    clients.push(...(await Promise.all(some)));
    await demandReady(clients, openedAtOnce * 4);
    if (clients.length % 500 === 0) onProgress(`${clients.length} clients are connected`);
  }
  await demandReady(clients, 0);
  return clients;
};

/** Watches the clients come back. @returns when each was registered, and its first frame acknowledged; shorter lists if some were not */
const watchReturn = async (
  clients: readonly NodeClient[],
  killedMs: number,
  { limitMs, onProgress }: StormOptions,
): Promise<{ registeredMs: number[]; acknowledgedMs: number[] }> => {
  const first = new Map(clients.map((client) => [client, client.nextSeq]));
  for (const client of clients) client.record();
  const [registeredMs, acknowledgedMs]: [number[], number[]] = [[], []];
  // A client notices the kill only after a moment; until then its old connection seems ready.
  const unaware = new Set(clients);
  const away = new Set<NodeClient>();
  const waiting = new Set(clients);
  let shownS = 0;
  while (waiting.size > 0) {
    await delay(checkEveryMs);
    const sinceMs = performance.now() - killedMs;
    for (const client of away) {
      if (!client.isReady) continue;
      registeredMs.push(sinceMs);
      away.delete(client);
    }
    for (const client of unaware) {
      if (client.isReady) continue;
      unaware.delete(client);
      away.add(client);
    }
    for (const client of waiting) {
      if ((client.acknowledgedSeq ?? -1) < (first.get(client) ?? Infinity)) continue;
      acknowledgedMs.push(sinceMs);
      waiting.delete(client);
    }
    if (sinceMs > limitMs) break;
    if (Math.floor(sinceMs / 1000) === shownS) continue;
    shownS = Math.floor(sinceMs / 1000);
    onProgress(`${shownS} s: ${registeredMs.length} registered, ${clients.length - waiting.size} acknowledged`);
  }
  return { registeredMs, acknowledgedMs };
};

interface Running {
  clients: readonly NodeClient[];
  server: ServerProcess;
  start: () => Promise<ServerProcess>;
}

/** Kills the server, starts it again at once, and watches the clients come back. */
const killAndWatch = async ({ clients, server, start }: Running, options: StormOptions) => {
  const cpuBefore = process.cpuUsage();
  const killedMs = performance.now();
  await server.end('SIGKILL');
  const restart = async (): Promise<{ pid: number; listeningMs: number }> => {
    const { pid } = await start();
    return { pid, listeningMs: performance.now() - killedMs };
  };
  const [times, { pid, listeningMs }] = await Promise.all([watchReturn(clients, killedMs, options), restart()]);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...times, listeningMs, clientsCpuMs: (user + system) / 1000, serverCpuMs: await treeCpuMs(pid) };
};

/** Clients with a steady load lose the server, which is killed and started again at once. */
export const runStorm = async (options: StormOptions): Promise<StormFigures> => {
  const { folder, environment, onProgress } = options;
  const port = await freePort();
  const settings = { NODE_ENV: 'production', ...environment };
  const starts: Promise<ServerProcess>[] = [];
  const start = (): Promise<ServerProcess> => {
    const starting = startServer({
      folder,
      port,
      isEnvironmentShared: false,
      environment: settings,
      nodeArguments: productionFlags,
    });
    starts.push(starting);
    return starting;
  };
  let stopRecording = (): void => undefined;
  try {
    const server = await start();
    const clients = await openAll(server.url, options);
    stopRecording = recordSteadily(clients);
    await delay(warmMs);
    onProgress('the server is killed');
    const figures = await killAndWatch({ clients, server, start }, options);
    stopRecording();
    await Promise.all(clients.map((client) => client.finish()));
    return {
      clients: clients.length,
      listening_ms: Math.round(figures.listeningMs),
      registered: percentiles(figures.registeredMs),
      acknowledged: percentiles(figures.acknowledgedMs),
      missing: clients.length - figures.acknowledgedMs.length,
      frames_not_acknowledged: clients.reduce((sum, client) => sum + client.framesNotAcknowledged, 0),
      frames: clients.reduce((sum, { produced }) => sum + produced.length, 0),
      server_cpu_ms: Math.round(figures.serverCpuMs),
      clients_cpu_ms: Math.round(figures.clientsCpuMs),
    };
  } finally {
    stopRecording();
    for (const started of await Promise.allSettled(starts)) {
      if (started.status === 'fulfilled') await started.value.end('SIGKILL');
    }
  }
};
