import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { LogEntry, ServerProcess } from '@invigil/testkit/server/server-process';
import { SessionClient, batch } from './session-client.ts';
import { startTwoWorkers } from './two-workers.ts';

const patience = { timeout: 30_000, interval: 100 };

let server: ServerProcess;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ server, stop } = await startTwoWorkers());
}, 60_000);
afterAll(() => stop());

const entries = (event: string): LogEntry[] => server.log().filter((entry) => entry.event === event);
const health = async () => (await fetch(`${server.url}/healthz`)).json() as Promise<{ status: string; parts: object }>;

const metric = async (line: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length + 1),
  );
};

/** A student's page: sends a frame, and reconnects when the server asks for it. */
const sit = (sessionId: string) => {
  const student = { stored: 0, connections: 0, leaving: false };
  const run = async (): Promise<void> => {
    while (!student.leaving) {
      // A connection that a killed worker had accepted is reset; pages try again.
      const client = new SessionClient(server, sessionId);
      const isOpen = await client.opened().then(
        () => true,
        () => false,
      );
      if (isOpen) {
        student.connections += 1;
        client.send(batch(student.stored, student.stored));
        const isAnswered = await Promise.race([client.next('ack').then(() => true), client.closed.then(() => false)]);
        if (isAnswered) student.stored += 1;
      }
      await client.closed;
    }
  };
  return { student, ended: run() };
};

test('workers share port, log, metrics and health, and are replaced without refusing anybody', async () => {
  const ports = Object.fromEntries(entries('server.listening').map(({ worker, port }) => [worker, port]));
  expect(ports).toEqual({ 1: server.port, 2: server.port });
  expect(await health()).toMatchObject({ status: 'ok', parts: { workers: 'ok' } });
  const students = Array.from({ length: 6 }, (_, index) => sit(`s${index}`));
  await expect.poll(() => students.every(({ student }) => student.stored === 1), patience).toBe(true);
  await expect.poll(() => metric('invigil_connections{channel="session",state="open"}'), patience).toBe(6);
  await expect.poll(() => metric('invigil_frames_stored_total'), patience).toBe(6);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/^invigil_build_info\{version="[^"]+"\} 1$/m);

  process.kill(entries('workers.ready')[0]!['pid'] as number, 'SIGHUP');
  const seen: number[] = [];
  await expect
    .poll(async () => {
      seen.push((await fetch(`${server.url}/readyz`, { headers: { Connection: 'close' } })).status);
      return entries('workers.replaced').map(({ workers }) => workers);
    }, patience)
    .toEqual([[3, 4]]);
  // A worker that is leaving may still answer that it is.
  expect(seen.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  await expect.poll(() => students.every(({ student }) => student.connections >= 2), patience).toBe(true);
  expect(entries('worker.ended')).toEqual([]);
  await expect.poll(() => metric('invigil_connections{channel="session",state="open"}'), patience).toBe(6);

  process.kill(entries('server.listening').find(({ worker }) => worker === 3)!['pid'] as number, 'SIGKILL');
  await expect.poll(() => entries('server.listening').map(({ worker }) => worker), patience).toContain(5);
  await expect.poll(async () => (await health()).status, patience).toBe('ok');
  expect(entries('worker.ended')).toMatchObject([{ worker: 3, signal: 'SIGKILL' }]);
  await expect.poll(() => metric('invigil_connections{channel="session",state="open"}'), patience).toBe(6);

  for (const { student } of students) student.leaving = true;
  const stopped = server.end('SIGTERM');
  await Promise.all(students.map(({ ended }) => ended));
  expect(await stopped).toBe(0);
}, 120_000);

test('more than one worker is refused with the embedded stores, and says what is needed', async () => {
  const environment = { WORKERS: '2' };
  await expect(startServer({ folder: await makeFolder(), environment, isEnvironmentShared: false })).rejects.toThrow(
    'exit code 1: WORKERS is "2"; allowed: 1 or auto, unless REDIS_URL and DATABASE_URL are set: the embedded stores belong to one process\n',
  );
});
