import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { LogEntry, ServerProcess } from '@invigil/testkit/server/server-process';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { waitUntil } from '@invigil/testkit/timers/waits';

const patience = { timeout: 15_000, interval: 100 };
/** A request that is still waiting then was not answered by the worker that could. */
const unansweredMs = 1000;

let postgres: PostgresService;
let redis: Awaited<ReturnType<typeof startRedis>>;
let server: ServerProcess;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const stores = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const environment = { WORKERS: '2', DRAIN_SECONDS: '1', LOG_LEVEL: 'info', ...stores };
  server = await startServer({ folder: await makeFolder(), environment, isEnvironmentShared: false });
  await waitUntil(() => entries('workers.ready').length > 0, patience);
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await Promise.all([postgres?.remove(), redis?.stop()]);
  await removeFolders();
});

const entries = (event: string): LogEntry[] => server.log().filter((entry) => entry.event === event);

/** With PORT=0, a port of their own for workers that start while no other worker listens. */
const url = (): string => `http://127.0.0.1:${entries('server.listening').at(-1)?.port}`;

/** The newest two. */
const workerPids = (): number[] =>
  entries('server.listening')
    .map(({ pid }) => pid as number)
    .slice(-2);

const workersPart = async (): Promise<string | null> => {
  const health = await fetch(`${url()}/healthz`, { headers: { Connection: 'close' } }).catch(() => null);
  return ((await health?.json()) as { parts: { workers: string } } | undefined)?.parts.workers ?? null;
};
const bothAreReady = async (): Promise<void> => {
  await expect.poll(workersPart, patience).toBe('ok');
};

/** The answers to requests on connections of their own; a status, or `waiting`, or `failed`. */
const requests = (count: number): (number | 'waiting' | 'failed')[] => {
  const answers = Array.from({ length: count }, (): number | 'waiting' | 'failed' => 'waiting');
  for (const at of answers.keys()) {
    fetch(`${url()}/readyz`, { headers: { Connection: 'close' } }).then(
      ({ status }) => (answers[at] = status),
      () => (answers[at] = 'failed'),
    );
  }
  return answers;
};

const waitUnanswered = () => new Promise((resolve) => setTimeout(resolve, unansweredMs));

test('a connection that a killed worker had not accepted goes to another worker', async () => {
  const [first = 0] = workerPids();
  process.kill(first, 'SIGSTOP');
  const answers = requests(4);
  await waitUnanswered();
  expect(answers.filter((answer) => answer === 200)).toHaveLength(3);
  expect(answers).toContain('waiting');
  process.kill(first, 'SIGKILL');
  await expect.poll(() => answers, patience).toEqual([200, 200, 200, 200]);
  await bothAreReady();
}, 60_000);

test('a connection that no worker is left to accept is closed', async () => {
  const pids = workerPids();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const answers = requests(4);
  await waitUnanswered();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await expect.poll(() => answers, patience).toEqual(['failed', 'failed', 'failed', 'failed']);
  await expect.poll(() => entries('worker.ended'), patience).toHaveLength(3);
  await bothAreReady();
}, 60_000);
