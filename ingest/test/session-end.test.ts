import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordsDatabase } from '../src/records/records-database.ts';
import { SessionEndRecords } from '../src/records/session-end-records.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { startServer as startServerProcess } from '@invigil/testkit/server/server-process';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient, batch } from './session-client.ts';
import type { Message } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** These clients send as fast as they can; the default limits of a connection would prevent that. */
const unlimited = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_MESSAGE_BURST: '100000',
  MAX_BYTES_PER_SECOND: '1000000000',
  MAX_FRAME_BURST: '10000000',
};

const dumpFile = (server: TestServer, sessionId: string): string => join(server.dumpDir, `${sessionId}_frames.json`);

const dumpOf = async (server: TestServer, sessionId: string): Promise<Message> =>
  JSON.parse(await readFile(dumpFile(server, sessionId), 'utf8'));

const seqsOf = (dump: Message): number[] => dump.frames.map((frame: Message) => frame.seq);

const upTo = (seq: number): number[] => Array.from({ length: seq + 1 }, (_, n) => n);

/** Without tokens, any message on the session channel creates the session. */
const open = (server: TestServer, sessionId: string) =>
  server.ask('POST', '/api/v1/session/ws/fallback', { session_id: sessionId, type: 'ping' });

const end = (server: TestServer, sessionId: string): Promise<number> =>
  server.ask('POST', `/api/v1/session/${sessionId}/end`).then(({ status }) => status);

/**
 * Sends batches without pause until the server reports the end of the session; returns the highest acknowledged number.
 */
const sendUntilEnded = async (server: TestServer, sessionId: string): Promise<number> => {
  const client = await new SessionClient(server, sessionId).opened();
  let isOpen = true;
  void client.closed.then(() => (isOpen = false));
  for (let n = 0; isOpen; n++) {
    client.send(batch(n * 5, n * 5 + 4));
    await new Promise(setImmediate);
  }
  await client.next('session_ended');
  return Math.max(-1, ...client.messages.filter(({ type }) => type === 'ack').map((ack) => ack.up_to_seq));
};

/** The effects of a session's end, on any stores. */
const contract = (start: () => Promise<TestServer>): void => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  test('writes report and dump, clears the store and serves the report from the records', async () => {
    const client = await new SessionClient(server, 'whole').opened();
    client.send(batch(0, 49));
    await client.next('ack');
    expect(await end(server, 'whole')).toBe(204);
    const dump = await dumpOf(server, 'whole');
    expect(seqsOf(dump)).toEqual(upTo(49));
    expect(dump).toMatchObject({ format: 'invigil-frames/2', session: { session_id: 'whole', status: 'ended' } });
    const analyzed = await server.ask('POST', '/api/v1/session/whole/analyze');
    expect(analyzed.json).toMatchObject({ session: { status: 'ended' }, integrity: { frames: 50, frames_lost: 0 } });
    // Reading is not throttled.
    const report = await server.ask('GET', '/api/v1/session/whole/report');
    expect(report.text).toBe(analyzed.text);
    expect((await server.ask('GET', '/api/v1/session/whole/report')).status).toBe(200);
    const { json: status } = await server.ask('GET', '/api/v1/session/whole');
    expect(status).toMatchObject({ status: 'ended', ended_at: dump.session.ended_at });
  });

  test('is analysed at most once a second, before and after it; reading the report does not count', async () => {
    const status = (method: string, what: string): Promise<number> =>
      server.ask(method, `/api/v1/session/paced/${what}`).then((answer) => answer.status);
    const client = await new SessionClient(server, 'paced').opened();
    await client.settled();
    expect(await status('GET', 'report')).toBe(200);
    /** Together, so that a slow machine takes no second between them. */
    const twoAnalyses = async (): Promise<number[]> =>
      (await Promise.all([status('POST', 'analyze'), status('POST', 'analyze')])).toSorted();
    expect(await twoAnalyses()).toEqual([200, 429]);
    expect(await end(server, 'paced')).toBe(204);
    await expect.poll(twoAnalyses, { interval: 250 }).toEqual([200, 429]);
    expect(await status('GET', 'report')).toBe(200);
  });

  test('can be requested many times, one after the other and at once', async () => {
    const client = await new SessionClient(server, 'twice').opened();
    client.send(batch(0, 9));
    await client.next('ack');
    expect(await Promise.all(Array.from({ length: 8 }, () => end(server, 'twice')))).toEqual(
      Array.from({ length: 8 }, () => 204),
    );
    const before = await readFile(dumpFile(server, 'twice'), 'utf8');
    expect(await end(server, 'twice')).toBe(204);
    expect(await readFile(dumpFile(server, 'twice'), 'utf8')).toBe(before);
    expect(seqsOf(JSON.parse(before))).toEqual(upTo(9));
  });

  test('has every acknowledged frame once in the dump when it comes while frames are arriving', async () => {
    const sending = sendUntilEnded(server, 'racing');
    await expect
      .poll(
        async () => {
          const { json } = await server.ask('POST', '/api/v1/session/racing/analyze');
          return json.integrity?.frames ?? 0;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(20);
    expect(await end(server, 'racing')).toBe(204);
    const acknowledged = await sending;
    const seqs = seqsOf(await dumpOf(server, 'racing'));
    expect(seqs).toEqual(upTo(seqs.length - 1));
    expect(acknowledged).toBeGreaterThan(0);
    // Frames that were stored but not yet acknowledged may be in it too.
    expect(seqs.length).toBeGreaterThan(acknowledged);
    const { json } = await server.ask('GET', '/api/v1/session/racing/report');
    expect(json.integrity.frames).toBe(seqs.length);
  });

  test('ends a session that never had a frame', async () => {
    await open(server, 'empty');
    expect(await end(server, 'empty')).toBe(204);
    expect((await dumpOf(server, 'empty')).frames).toEqual([]);
    const { json } = await server.ask('GET', '/api/v1/session/empty/report');
    expect(json).toMatchObject({ coverage: null, observations: [], risk: { value: 0 }, integrity: { frames: 0 } });
  });

  test('accepts nothing over HTTP after it either', async () => {
    await open(server, 'late');
    expect(await end(server, 'late')).toBe(204);
    const path = '/api/v1/session/ws/fallback';
    const single = await server.ask('POST', path, { session_id: 'late', extracted_features: { face_present: 1 } });
    expect(single).toMatchObject({ status: 409, json: { code: 'SESSION_ENDED' } });
    const { json } = await server.ask('POST', path, { session_id: 'late', ...batch(0, 1) });
    expect(json.messages).toMatchObject([{ type: 'session_ended', session_id: 'late' }]);
  });
};

describe('on the embedded stores', () => {
  contract(() => startServer(unlimited));
});

describe('on Redis and Postgres', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let postgres: PostgresService;
  let environment: Record<string, string>;

  beforeAll(async () => {
    redis = await startRedis();
    postgres = await startPostgres();
    environment = { ...unlimited, REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  });
  afterAll(async () => {
    await redis.stop();
    await postgres.remove();
  });

  contract(() => startServer(environment));

  const keysOf = async (sessionId: string): Promise<string[]> => {
    const client = createClient({ url: redis.url });
    await client.connect();
    const keys = await client.keys(`*${sessionId}*`);
    await client.close();
    return keys.filter((key) => !key.startsWith('throttle:'));
  };

  test('has the documented keys while it runs and only the seal after the end', async () => {
    const server = await startServer(environment);
    const client = await new SessionClient(server, 'keys').opened();
    client.send(batch(0, 1));
    await client.next('ack');
    expect(await keysOf('keys')).toEqual(
      expect.arrayContaining(['frames_meta:keys', 'frame_meta:keys:0', 'frame_meta:keys:1']),
    );
    await end(server, 'keys');
    // The seal, so that messages on their way are refused.
    expect(await keysOf('keys')).toEqual(['frames_state:keys']);
    await server.close();
  });

  test('ends once for all replicas, notifies all their clients, and has every acknowledged frame in one dump', async () => {
    const folder = await makeFolder();
    const [one, two] = [await startServer(environment, {}, folder), await startServer(environment, {}, folder)];
    const replicas = [one, two];
    const sending = replicas.map((replica) => sendUntilEnded(replica, 'replicas'));
    await expect
      .poll(() => keysOf('frame_meta:replicas').then((keys) => keys.length), { timeout: 15_000 })
      .toBeGreaterThan(20);
    const ends = await Promise.all([...replicas, ...replicas].map((replica) => end(replica, 'replicas')));
    expect(ends).toEqual([204, 204, 204, 204]);
    const acknowledged = Math.max(...(await Promise.all(sending)));
    const seqs = seqsOf(await dumpOf(one, 'replicas'));
    expect(seqs).toEqual(upTo(seqs.length - 1));
    expect(seqs.length).toBeGreaterThan(acknowledged);
    expect(await keysOf('replicas')).toEqual(['frames_state:replicas']);
    // The first request may add a version with frames that came too late.
    await one.ask('GET', '/api/v1/session/replicas/report');
    const reports = await Promise.all(replicas.map((replica) => replica.ask('GET', '/api/v1/session/replicas/report')));
    expect(new Set(reports.map(({ text }) => text)).size).toBe(1);
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  describe('while frames are on their way to the store', () => {
    let relay: TcpRelay;
    let one: TestServer;
    /** Reaches Redis through the relay. */
    let behind: TestServer;
    beforeAll(async () => {
      relay = await TcpRelay.start(Number(new URL(redis.url).port));
      const folder = await makeFolder();
      one = await startServer(environment, {}, folder);
      const throughRelay = { ...environment, REDIS_URL: `redis://127.0.0.1:${relay.port}` };
      behind = await startServer(throughRelay, { maxWaitForMessagesMs: 60_000 }, folder);
    });
    afterAll(async () => {
      await Promise.all([one.close(), behind.close()]);
      relay.close();
    });

    /** A client with five stored frames, whose next message has not reached the store. */
    const withHeldFrames = async (sessionId: string, ...messages: object[]): Promise<SessionClient> => {
      const client = await new SessionClient(behind, sessionId).opened();
      client.send(batch(0, 4));
      await client.next('ack');
      relay.hold();
      for (const message of messages) client.send(message);
      await client.received();
      await expect.poll(() => relay.holds(`frames_state:${sessionId}`), { timeout: 15_000 }).toBe(true);
      return client;
    };
    const answerOf = (client: SessionClient): Promise<Message> =>
      waitUntil(() => client.messages.find(({ type }) => type !== 'heartbeat'), { timeout: 15_000 });

    /** A running session of an exam in progress. */
    const begin = async (): Promise<string> => {
      const examId = `held-${randomUUID()}`;
      await one.ask('POST', '/api/v1/exams', { exam_id: examId });
      for (const step of ['open', 'start']) await one.ask('POST', `/api/v1/exams/${examId}/${step}`);
      const { json } = await one.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: 'ada' });
      return json.session_id;
    };
    const statusOf = async (sessionId: string): Promise<string> =>
      (await one.ask('GET', `/api/v1/session/${sessionId}`)).json.status;
    const complete = async (server: TestServer, sessionId: string): Promise<void> => {
      const { json } = await one.ask('GET', `/api/v1/session/${sessionId}`);
      expect((await server.ask('POST', `/api/v1/exams/${json.exam_id}/complete`)).status).toBe(200);
    };

    /**
     * Repeats with another session if Redis was held back for longer than the store waits: then the client was told to send its frames again.
     * @returns the session's id
     */
    const untilAnswered = async (attempt: (sessionId: string) => Promise<SessionClient>): Promise<string> => {
      for (;;) {
        const sessionId = await begin();
        const client = await attempt(sessionId);
        relay.release();
        const { type } = await answerOf(client);
        if (type === 'slow_down') {
          client.close();
          continue;
        }
        await client.closed;
        return sessionId;
      }
    };

    test.each([
      ['end', async (id: string) => expect(await end(one, id)).toBe(204)],
      [
        'completion of the exam',
        async (id: string) => {
          await complete(one, id);
          await expect.poll(() => statusOf(id), { timeout: 15_000 }).toBe('ended');
        },
      ],
    ])(
      'another replica’s %s counts them as lost, and the client is not told that they were stored',
      async (_way, endIt) => {
        const sessionId = await untilAnswered(async (id) => {
          const client = await withHeldFrames(id, batch(3, 9));
          await endIt(id);
          return client;
        });
        expect(seqsOf(await dumpOf(one, sessionId))).toEqual(upTo(4));
        const { json } = await one.ask('GET', `/api/v1/session/${sessionId}/report`);
        expect(json.integrity).toMatchObject({
          frames: 5,
          frames_lost: 5,
          losses: { session_over: 5 },
          received_too_late: 5,
        });
      },
    );

    test.each([
      ['end', async (id: string) => expect(await end(behind, id)).toBe(204)],
      ['completion of the exam', (id: string) => complete(behind, id)],
    ])('the %s on the same replica waits for all messages that it has received', async (_way, endIt) => {
      let ended: Promise<void> = Promise.resolve();
      const sessionId = await untilAnswered(async (id) => {
        const client = await withHeldFrames(id, batch(5, 9), batch(10, 14));
        ended = endIt(id);
        // It may fail if this attempt is repeated.
        ended.catch(() => undefined);
        await expect.poll(() => statusOf(id), { timeout: 15_000 }).toBe('ending');
        return client;
      });
      await ended;
      await expect.poll(() => statusOf(sessionId), { timeout: 15_000 }).toBe('ended');
      expect(seqsOf(await dumpOf(one, sessionId))).toEqual(upTo(14));
      const { json } = await one.ask('GET', `/api/v1/session/${sessionId}/report`);
      expect(json.integrity).toMatchObject({ frames: 15, frames_lost: 0 });
    });
  });

  test('analyses a running session at most once a second, on any replica', async () => {
    const [one, two] = [await startServer(environment), await startServer(environment)];
    const replicas = [one, two];
    const ask = (replica: TestServer) => replica.ask('POST', '/api/v1/session/throttled/analyze');
    await open(one, 'throttled');
    const [allowed, refused] = (await Promise.all(replicas.map(ask))).toSorted((a, b) => a.status - b.status);
    expect(allowed!.status).toBe(200);
    expect(refused).toMatchObject({ status: 429, json: { code: 'RATE_EXCEEDED', status: 429 } });
    expect(refused!.headers.get('retry-after')).toBe('1');
    expect(refused!.headers.get('content-type')).toContain('application/problem+json');
    await expect.poll(() => ask(two).then(({ status }) => status), { interval: 250 }).toBe(200);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});

describe('after a crash', () => {
  test('has every acknowledged frame after SIGKILL, and the client continues where it stopped', async () => {
    const folder = await makeFolder();
    const first = await startServerProcess({ folder });
    const client = await new SessionClient(first, 'killed').opened();
    for (let n = 0; n < 10; n++) client.send(batch(n * 5, n * 5 + 4));
    await expect.poll(() => client.messages.length).toBeGreaterThan(2);
    await first.end('SIGKILL');
    await client.closed;
    const acknowledged = client.messages.findLast(({ type }) => type === 'ack').up_to_seq;
    const server = await startServer({}, {}, folder);
    const again = await new SessionClient(server, 'killed').opened();
    again.send({ type: 'hello', client_time_ms: 0 });
    expect((await again.next('welcome')).up_to_seq).toBeGreaterThanOrEqual(acknowledged);
    again.send(batch(0, 49));
    expect(await again.next('ack')).toMatchObject({ up_to_seq: 49 });
    await end(server, 'killed');
    expect(seqsOf(await dumpOf(server, 'killed'))).toEqual(upTo(49));
    await server.close();
  });

  test('removes nothing while another replica ends the session', async () => {
    const server = await startServer();
    const client = await new SessionClient(server, 'elsewhere').opened();
    await client.settled();
    const database = new RecordsDatabase({ kind: 'sqlite', file: join(server.dataDir, 'records.db') });
    const ends = new SessionEndRecords(database);
    expect(await ends.claimEnd('elsewhere', 'another replica', Date.now(), 60_000)).toBe(true);
    client.send(batch(0, 4));
    await client.next('session_ended');
    await ends.releaseEnd('elsewhere', 'another replica');
    await database.close();
    expect(await end(server, 'elsewhere')).toBe(204);
    expect(seqsOf(await dumpOf(server, 'elsewhere'))).toEqual(upTo(4));
    await server.close();
  });

  test('finishes an end that failed before, as soon as it can', async () => {
    const folder = await makeFolder();
    const failing = await startServer({ DUMP_DIR: join(folder, 'blocked') }, {}, folder);
    // A file in place of the dump folder: the end fails after it has begun.
    await rm(failing.dumpDir, { recursive: true });
    await writeFile(failing.dumpDir, '');
    const client = await new SessionClient(failing, 'cut-off').opened();
    client.send(batch(0, 9));
    await client.next('ack');
    expect(await end(failing, 'cut-off')).toBe(500);
    expect(await failing.ask('GET', '/api/v1/session/cut-off')).toMatchObject({ json: { status: 'ending' } });
    client.send(batch(10, 14));
    await client.next('session_ended');
    await failing.close();

    const server = await startServer({}, {}, folder);
    await expect.poll(() => existsSync(dumpFile(server, 'cut-off'))).toBe(true);
    await expect.poll(async () => (await server.ask('GET', '/api/v1/session/cut-off')).json.status).toBe('ended');
    expect(seqsOf(await dumpOf(server, 'cut-off'))).toEqual(upTo(9));
    expect((await server.ask('GET', '/api/v1/session/cut-off/report')).json.integrity.frames).toBe(10);
    expect(await readdir(server.dumpDir)).toEqual(['cut-off_frames.json']);
    await server.close();
  });

  test('ends the other sessions when one cannot be ended', async () => {
    const folder = await makeFolder();
    const before = await startServer({}, {}, folder);
    for (const sessionId of ['blocked', 'free', 'free-too']) {
      const client = await new SessionClient(before, sessionId).opened();
      await client.settled();
      client.close();
    }
    // A folder in place of the dump: this end always fails.
    await mkdir(dumpFile(before, 'blocked'), { recursive: true });
    await before.close();
    const server = await startServer({}, { sessionLifetimeSeconds: 0 }, folder);
    const statusOf = async (sessionId: string) => (await server.ask('GET', `/api/v1/session/${sessionId}`)).json.status;
    await expect.poll(() => statusOf('free')).toBe('ended');
    await expect.poll(() => statusOf('free-too')).toBe('ended');
    expect(await statusOf('blocked')).toBe('ending');
    await server.close();
  });

  test('ends sessions that exceed their lifetime', async () => {
    const folder = await makeFolder();
    const before = await startServer({}, {}, folder);
    const { json } = await before.ask('POST', '/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' });
    await before.close();
    const server = await startServer({}, { sessionLifetimeSeconds: 0 }, folder);
    await expect
      .poll(async () => (await server.ask('GET', `/api/v1/session/${json.session_id}`)).json.status)
      .toBe('ended');
    await server.close();
  });
});

afterAll(removeFolders);
