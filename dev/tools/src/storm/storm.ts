import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { freePort } from '@invigil/testkit/services/free-port';
import { percentiles } from '../bench/ingest/percentiles.ts';
import type { Percentiles } from '../bench/ingest/percentiles.ts';
import { NodeClient } from '../faults/node-client.ts';
import { cpuMsOf } from './open-files.ts';

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
const warmMs = 4000;

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

const openAll = async (url: string, { clients: count, onProgress }: StormOptions): Promise<NodeClient[]> => {
  const clients: NodeClient[] = [];
  while (clients.length < count) {
    const from = clients.length;
    const some = Array.from({ length: Math.min(openedAtOnce, count - from) }, (_, place) =>
      NodeClient.open(url, `storm-${from + place}`),
    );
    clients.push(...(await Promise.all(some)));
    while (clients.filter(({ isReady }) => !isReady).length > openedAtOnce * 4) await delay(checkEveryMs);
    if (clients.length % 500 === 0) onProgress(`${clients.length} clients are connected`);
  }
  while (clients.some(({ isReady }) => !isReady)) await delay(checkEveryMs);
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
  const away = new Set(clients);
  const waiting = new Set(clients);
  let shownS = 0;
  while (waiting.size > 0) {
    await delay(checkEveryMs);
    const sinceMs = performance.now() - killedMs;
    for (const client of away) {
      // A client notices the kill only after a moment.
      if (!client.isReady || client.acknowledgedSeq === null) continue;
      if (sinceMs < checkEveryMs * 10) continue;
      registeredMs.push(sinceMs);
      away.delete(client);
    }
    for (const client of waiting) {
      if ((client.acknowledgedSeq ?? -1) < (first.get(client) ?? Infinity)) continue;
      acknowledgedMs.push(sinceMs);
      waiting.delete(client);
    }
    if (sinceMs > limitMs) break;
    if (Math.floor(sinceMs / 1000) === shownS) continue;
    shownS = Math.floor(sinceMs / 1000);
    onProgress(`${shownS} s: ${clients.length - away.size} registered, ${clients.length - waiting.size} acknowledged`);
  }
  return { registeredMs, acknowledgedMs };
};

/** Clients with a steady load lose the server, which is killed and started again at once. */
export const runStorm = async (options: StormOptions): Promise<StormFigures> => {
  const { folder, environment, onProgress } = options;
  const port = await freePort();
  const start = (): Promise<ServerProcess> =>
    startServer({ folder, port, isEnvironmentShared: false, environment: { NODE_ENV: 'production', ...environment } });
  let server = await start();
  const clients = await openAll(server.url, options);
  const stopRecording = recordSteadily(clients);
  await delay(warmMs);
  onProgress('the server is killed');
  const cpuBefore = process.cpuUsage();
  const killedMs = performance.now();
  await server.end('SIGKILL');
  let listeningMs = 0;
  const restarted = start().then((again) => {
    listeningMs = performance.now() - killedMs;
    return again;
  });
  try {
    const [{ registeredMs, acknowledgedMs }] = await Promise.all([watchReturn(clients, killedMs, options), restarted]);
    server = await restarted;
    const { user, system } = process.cpuUsage(cpuBefore);
    const serverCpuMs = cpuMsOf(server.pid);
    stopRecording();
    await Promise.all(clients.map((client) => client.finish()));
    return {
      clients: clients.length,
      listening_ms: Math.round(listeningMs),
      registered: percentiles(registeredMs),
      acknowledged: percentiles(acknowledgedMs),
      missing: clients.length - acknowledgedMs.length,
      frames_not_acknowledged: clients.reduce((sum, client) => sum + client.framesNotAcknowledged, 0),
      frames: clients.reduce((sum, { produced }) => sum + produced.length, 0),
      server_cpu_ms: serverCpuMs,
      clients_cpu_ms: Math.round((user + system) / 1000),
    };
  } finally {
    stopRecording();
    await (await restarted).end('SIGKILL');
  }
};
