import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { socketOf } from './live-client.ts';

const rounds = 20;
const outages = 3;
const replacedCode = 4001;

let redis: Awaited<ReturnType<typeof startRedis>>;
let replicas: TestServer[];
beforeAll(async () => {
  redis = await startRedis();
  replicas = [await startServer({ REDIS_URL: redis.url }), await startServer({ REDIS_URL: redis.url })];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await redis.stop();
  await removeFolders();
});

/** A connection and the code that closed it; null while it is open. */
interface Watched {
  socket: WebSocket;
  code: number | null;
  types: string[];
}

const connect = (url: string, first: object | null): Watched => {
  const watched: Watched = { socket: new WebSocket(url), code: null, types: [] };
  watched.socket.on('close', (code) => (watched.code = code));
  watched.socket.on('message', (data: Buffer) => watched.types.push((JSON.parse(data.toString()) as Message).type));
  watched.socket.on('open', () => first !== null && watched.socket.send(JSON.stringify(first)));
  return watched;
};
interface Message {
  type: string;
}

/** A connection to each replica at the same moment. Resolves when one was replaced and the other still answers. */
const oneOfTwoStays = async (path: string, first: object | null): Promise<void> => {
  const both = replicas.map((replica) => connect(socketOf(replica) + path, first));
  const closed = (): Watched[] => both.filter(({ code }) => code !== null);
  await vi.waitUntil(() => closed().length > 0, { timeout: 15_000, interval: 5 });
  expect(closed().map(({ code }) => code)).toEqual([replacedCode]);
  const [left] = both.filter(({ code }) => code === null);
  // Answered after everything that the replica had received before.
  left?.socket.send(JSON.stringify({ type: 'ping', timestamp: new Date().toISOString() }));
  await vi.waitUntil(() => left?.types.includes('pong'), { timeout: 15_000, interval: 5 });
  expect(closed()).toHaveLength(1);
  left?.socket.close();
  await vi.waitUntil(() => left?.code !== null, { timeout: 15_000, interval: 5 });
};

/** Cuts the connections through which the replicas receive the bus; they reconnect by themselves. */
const cutBus = async (): Promise<void> => {
  const client = await createClient({ url: redis.url }).connect();
  await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
  await client.close();
};

describe.each([
  ['of a proctor to the alerts channel', (round: string) => `/ws/alerts/tina-${round}`, null],
  [
    'that number the frames of a session',
    (round: string) => `/api/v1/session/ws/twice-${round}`,
    { type: 'hello', client_time_ms: 0 },
  ],
] as const)('two connections %s, opened on two replicas at the same moment', (_name, path, first) => {
  test(`leave one, in each of ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) await oneOfTwoStays(path(String(round)), first);
  });

  test('leave one, though the bus was cut when they arrived', async () => {
    for (let round = 0; round < outages; round += 1) {
      await cutBus();
      await oneOfTwoStays(path(`cut-${round}`), first);
    }
  });
});
