import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogEntry, ServerProcess } from '@invigil/testkit/server/server-process';
import { SessionClient, batch } from './session-client.ts';
import { startTwoWorkers } from './two-workers.ts';

const patience = { timeout: 15_000, interval: 100 };
/** A request that is still waiting then was not answered by the worker that could. */
const unansweredMs = 1000;

let server: ServerProcess;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ server, stop } = await startTwoWorkers());
}, 60_000);
afterAll(() => stop());

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

const metric = async (line: string): Promise<number> => {
  const text = await (await fetch(`${url()}/metrics`, { headers: { Connection: 'close' } })).text();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
};

/** Sends one frame in each of this many sessions; each session has its own connection. */
const sendFrames = async (prefix: string, count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const client = await new SessionClient(server, `${prefix}-${index}`).opened();
    client.send(batch(0, 0));
    await client.next('ack');
    client.close();
    await client.closed;
  }
};

test('no messages count as dropped because the workers were starting', async () => {
  expect(await metric('invigil_bus_messages_total{way="dropped"}')).toBe(0);
  expect(await metric('invigil_bus_messages_total{way="published"}')).toBeGreaterThan(0);
});

test('counters and histograms do not fall when workers end', async () => {
  const counted = () =>
    Promise.all([metric('invigil_frames_stored_total'), metric('invigil_message_seconds_count{channel="session"}')]);
  await sendFrames('before', 6);
  expect(await counted()).toEqual([6, 6]);
  // Not scraped before the workers stop.
  await sendFrames('since', 2);
  process.kill(server.pid, 'SIGHUP');
  const seen: number[] = [];
  await expect
    .poll(async () => {
      seen.push(await metric('invigil_frames_stored_total'));
      return entries('workers.replaced');
    }, patience)
    .toHaveLength(1);
  expect(seen.filter((value, at) => value < (seen[at - 1] ?? 6))).toEqual([]);
  expect(await counted()).toEqual([8, 8]);

  await sendFrames('later', 2);
  expect(await counted()).toEqual([10, 10]);
  process.kill(workerPids()[0]!, 'SIGKILL');
  await expect.poll(() => entries('worker.ended'), patience).toHaveLength(1);
  expect(await counted()).toEqual([10, 10]);
  await bothAreReady();
}, 60_000);

test('processes that are all suspended and resumed are not reported', async () => {
  const pids = [...workerPids(), server.pid];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  for (const pid of pids.toReversed()) process.kill(pid, 'SIGCONT');
  await bothAreReady();
  // Two pings later.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await workersPart()).toBe('ok');
  expect(entries('worker.unresponsive')).toEqual([]);
}, 60_000);

test('a worker that hangs is reported, and killed and replaced', async () => {
  const hung = entries('server.listening').find(({ pid }) => pid === workerPids()[0]);
  process.kill(hung!['pid'] as number, 'SIGSTOP');
  // This request may be the one that the worker does not accept; it is answered once the worker is killed.
  requests(2);
  await expect.poll(() => entries('worker.unresponsive'), patience).toMatchObject([{ worker: hung?.['worker'] }]);
  expect(await workersPart()).toBe(`1 of 2 workers are ready, not responding: ${String(hung?.['worker'])}`);
  const killed = { worker: hung?.['worker'], signal: 'SIGKILL' };
  await expect.poll(() => entries('worker.ended').at(-1), { timeout: 40_000, interval: 100 }).toMatchObject(killed);
  await bothAreReady();
}, 90_000);

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
  await expect.poll(() => entries('worker.ended'), patience).toHaveLength(5);
  await bothAreReady();
}, 60_000);
