import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { RedisCluster } from '@invigil/testkit/services/redis-cluster';
import type { ClusterNode } from '@invigil/testkit/services/redis-cluster';
import { redisLink } from '../src/bus/redis-link.ts';
import { checkRedis } from '../src/commands/doctor/redis-checks.ts';
import { SessionClient, batch } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const hello = { type: 'hello', client_time_ms: 0 };
const batchFrames = 5;

const untilReady = (server: TestServer): Promise<boolean> =>
  waitUntil(async () => (await server.ask('GET', '/healthz')).status === 200, { timeout: 20_000 });

const dumpedSeqs = async (server: TestServer, sessionId: string): Promise<number[]> => {
  expect((await server.ask('POST', `/api/v1/session/${sessionId}/end`)).status).toBe(204);
  const dump = await readFile(join(server.dumpDir, `${sessionId}_frames.json`), 'utf8');
  return (JSON.parse(dump) as { frames: { seq: number }[] }).frames.map(({ seq }) => seq).toSorted((a, b) => a - b);
};

const range = (until: number): number[] => Array.from({ length: until }, (_, seq) => seq);

/** Sends batches and repeats each until it is acknowledged, as a page does. */
class Student {
  acked = -1;
  readonly #client: SessionClient;
  #stopped = false;

  constructor(client: SessionClient) {
    this.#client = client;
  }

  async run(everyMs: number): Promise<void> {
    while (!this.#stopped) {
      this.#client.send(batch(this.acked + 1, this.acked + batchFrames));
      await this.#answered();
      await delay(everyMs);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** An acknowledgement, or a refusal because the store is unavailable. */
  async #answered(): Promise<void> {
    const answers = this.#client.messages;
    await waitUntil(() => answers.length > 0, { timeout: 15_000, interval: 2 });
    for (const { type, up_to_seq: upTo } of answers.splice(0)) if (type === 'ack') this.acked = upTo as number;
  }
}

const startStudent = async (server: TestServer, sessionId: string): Promise<Student> => {
  const client = await new SessionClient(server, sessionId).opened();
  client.send(hello);
  await client.next('welcome');
  return new Student(client);
};

describe('three nodes', () => {
  let cluster: RedisCluster;
  let one: TestServer;
  let two: TestServer;
  const environment = () => ({ REDIS_URL: cluster.url });

  beforeAll(async () => {
    // No node is replaced here, and a busy machine may stop one for seconds.
    cluster = await RedisCluster.start({ nodes: 3, nodeTimeoutMs: 15_000 });
    [one, two] = await Promise.all([startServer(environment()), startServer(environment())]);
    await Promise.all([one, two].map(untilReady));
  });
  afterAll(async () => {
    await one?.close();
    await two?.close();
    await cluster?.stop();
    await removeFolders();
  });

  test('hold the keys of each session in one slot, and sessions run and end as with a single Redis', async () => {
    const ids = ['ada', 'bob', 'cy', 'dee', 'eve', 'fay'];
    const used = new Set<number>();
    for (const id of ids) {
      const client = await new SessionClient(one, id).opened();
      client.send(hello);
      await client.next('welcome');
      client.send(batch(0, 9));
      expect(await client.next('ack')).toMatchObject({ up_to_seq: 9 });
      const { port } = await cluster.primaryOf(`frames_meta:{${id}}`);
      used.add(port);
      expect(await cluster.command(port, 'ZCARD', `frames_meta:{${id}}`)).toBe('10');
      expect(await cluster.command(port, 'EXISTS', `frame_meta:{${id}}:3`)).toBe('1');
      client.close();
    }
    expect(used.size).toBeGreaterThan(1);
    for (const id of ids) expect(await dumpedSeqs(one, id)).toEqual(range(10));
    const keys = await Promise.all(cluster.nodes.map(({ port }) => cluster.command(port, 'KEYS', 'frame*')));
    // The seals, which refuse messages on their way.
    const left = keys.flatMap((list) => list.split(/\s+/)).filter((key) => key !== '');
    expect(left.toSorted()).toEqual(ids.map((id) => `frames_state:{${id}}`));
  });

  test('carry messages and limits between the server’s replicas', async () => {
    const older = await new SessionClient(one, 'gus').opened();
    older.send(hello);
    await older.next('welcome');
    older.send(batch(0, 4));
    await older.next('ack');
    const newer = await new SessionClient(two, 'gus').opened();
    newer.send(hello);
    expect(await newer.next('welcome')).toMatchObject({ up_to_seq: 4 });
    expect((await older.closed).code).toBe(4001);
    newer.close();
    const analyze = (server: TestServer) => server.ask('POST', '/api/v1/session/gus/analyze');
    const answers = await Promise.all([one, two, one, two, one, two].map(analyze));
    expect(answers.map(({ status }) => status)).toContain(429);
  });

  test('are what the doctor demands', async () => {
    expect((await checkRedis(cluster.url, 0, Date.now)).findings).toEqual([]);
    const [first = ''] = cluster.url.split(',');
    expect((await checkRedis(first, 0, Date.now)).findings).toMatchObject([
      { level: 'error', problem: expect.stringContaining('names one node of a Redis Cluster') },
    ]);
  });

  test('have no replicas that frames could wait for, and the doctor names each primary', async () => {
    const { findings } = await checkRedis(cluster.url, 1, Date.now);
    const problems = cluster.nodes.map(
      ({ port }) =>
        `error REDIS_WAIT_REPLICAS: is 1, but Redis at 127.0.0.1:${port} has 0 connected replicas, so no frame on it is acknowledged`,
    );
    expect(findings.map(({ level, subject, problem }) => `${level} ${subject}: ${problem}`).toSorted()).toEqual(
      problems.toSorted(),
    );
  });

  test('move a slot while its session runs', async () => {
    const student = await startStudent(one, 'hal');
    const running = student.run(5);
    await waitUntil(() => student.acked >= 100, { timeout: 15_000 });
    for (let move = 0; move < 2; move += 1) {
      const from = await cluster.primaryOf('frames_state:{hal}');
      const to = cluster.nodes[(cluster.nodes.indexOf(from) + 1) % cluster.nodes.length]!;
      await cluster.moveSlotOf('frames_state:{hal}', to);
      const atMove = student.acked;
      await waitUntil(() => student.acked >= atMove + 50, { timeout: 15_000 });
    }
    student.stop();
    await running;
    expect((await dumpedSeqs(one, 'hal')).slice(0, student.acked + 1)).toEqual(range(student.acked + 1));
  });
});

describe.runIf(process.env['LONG_TESTS'] === '1')('six nodes, with frames acknowledged by a replica', () => {
  let cluster: RedisCluster;
  let server: TestServer;

  beforeAll(async () => {
    cluster = await RedisCluster.start({ nodes: 6 });
    server = await startServer({ REDIS_URL: cluster.url, REDIS_WAIT_REPLICAS: '1' });
    await untilReady(server);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await cluster?.stop();
    await removeFolders();
  });

  test('are enough for one replica, and not for two', async () => {
    // Three of six are named; the doctor finds the primaries among them and the others.
    const named = cluster.url.split(',').slice(3).join(',');
    expect((await checkRedis(named, 1, Date.now)).findings).toEqual([]);
    const { findings } = await checkRedis(named, 2, Date.now);
    expect(findings.map(({ subject }) => subject)).toEqual(Array(3).fill('REDIS_WAIT_REPLICAS'));
    expect(findings[0]?.problem).toMatch(/has 1 connected replica, so no frame on it is acknowledged$/);
  });

  test.each([
    ['is killed', 'killed', (node: ClusterNode) => node.service.stop(), (node: ClusterNode) => node.service.start()],
    [
      'hangs',
      'hung',
      async (node: ClusterNode) => node.service.pause(),
      async (node: ClusterNode) => node.service.resume(),
    ],
  ])(
    'lose no acknowledged frame when a primary %s under load',
    async (_what, prefix, fail, recover) => {
      const ids = Array.from({ length: 12 }, (_, student) => `${prefix}-${student}`);
      const students = await Promise.all(ids.map((id) => startStudent(server, id)));
      const running = students.map((student) => student.run(5));
      await delay(1000);
      const primary = await cluster.primaryOf(`frames_state:{${prefix}-0}`);
      await fail(primary);
      await waitUntil(
        async () => {
          const answers = cluster.nodes.filter((node) => node !== primary).map((node) => cluster.isPrimary(node));
          return (await Promise.all(answers)).filter(Boolean).length === 3;
        },
        { timeout: 30_000, interval: 100 },
      );
      await recover(primary);
      await cluster.untilOk();
      const recovered = students.map(({ acked }) => acked);
      await waitUntil(() => students.every(({ acked }, at) => acked >= recovered[at]! + 20), { timeout: 30_000 });
      for (const student of students) student.stop();
      await Promise.all(running);
      for (const [at, id] of ids.entries()) {
        const { acked } = students[at]!;
        expect((await dumpedSeqs(server, id)).slice(0, acked + 1)).toEqual(range(acked + 1));
      }
    },
    120_000,
  );

  test('carry messages when any node is killed', async () => {
    const [near, far] = [redisLink(cluster.url), redisLink(cluster.url)];
    const received = new Set<string>();
    await far.follow('exams.>', (_subject, text) => received.add(text)).ready;
    let sent = 0;
    const isHeard = async (): Promise<boolean> => {
      sent += 1;
      near.publish('exams.one', String(sent));
      await delay(20);
      return received.has(String(sent));
    };
    for (const node of cluster.nodes) {
      await node.service.stop();
      await waitUntil(isHeard, { timeout: 15_000, interval: 100 });
      await node.service.start();
      await cluster.untilOk();
    }
    await near.close();
    await far.close();
    expect(received.size).toBeGreaterThanOrEqual(cluster.nodes.length);
  }, 180_000);
});
