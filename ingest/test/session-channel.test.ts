import { readFile } from 'node:fs/promises';
import { setImmediate as nextTick } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { linkOf } from '../src/frames/chain-hash.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { SessionClient, batch, frames, startMs } from './session-client.ts';
import type { Message } from './session-client.ts';

let server: TestServer;
let sessions = 0;

beforeAll(async () => {
  server = await startServer({}, { heartbeatMs: 60 });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const connect = async (sessionId = `sitting-${sessions++}`): Promise<SessionClient & { id: string }> => {
  const client = await new SessionClient(server, sessionId).opened();
  return Object.assign(client, { id: sessionId });
};

const dump = async (sessionId: string): Promise<Message[]> => {
  await server.ask('POST', `/api/v1/session/${sessionId}/end`);
  return JSON.parse(await readFile(`${server.dumpDir}/${sessionId}_frames.json`, 'utf8')).frames;
};

const counted = async (name: string): Promise<number> => {
  const { text } = await server.ask('GET', '/metrics');
  const line = text.split('\n').find((candidate) => candidate.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? 0);
};

describe('documented shapes', () => {
  const features = { face_present: 1, no_of_face: 1, phone_present: 0 };

  test.each([
    ['extracted_features', { extracted_features: features }],
    ['type frame', { type: 'frame', payload: features }],
    ['raw', (id: string) => ({ session_id: id, ...features })],
    ['frame_data', (id: string) => ({ frame_data: { session_id: id, ...features } })],
  ])('stores a frame sent as %s, and answers nothing', async (_shape, message) => {
    const client = await connect();
    client.send(typeof message === 'function' ? message(client.id) : message);
    await client.settled();
    expect(client.messages.filter(({ type }) => type !== 'heartbeat')).toEqual([]);
    expect(await dump(client.id)).toEqual([
      { frame_id: 'srv-0', seq: 0, ...features, timestamp: expect.any(Number), received_at: expect.any(Number) },
    ]);
  });

  test('sends heartbeats repeatedly, and nothing before the first', async () => {
    const client = await connect();
    const first = await client.next('heartbeat');
    expect(first).toEqual({ type: 'heartbeat', session_id: client.id, timestamp: expect.any(String) });
    expect(new Date(first.timestamp).toISOString()).toBe(first.timestamp);
    await client.next('heartbeat');
    expect(client.messages.filter(({ type }) => type !== 'heartbeat')).toEqual([]);
    client.close();
  });

  test('tells the clients of a session that it has ended, then closes', async () => {
    const clients = [await connect('shared'), await connect('shared')];
    await server.ask('POST', '/api/v1/session/shared/end');
    for (const client of clients) {
      expect(await client.next('session_ended')).toEqual({
        type: 'session_ended',
        session_id: 'shared',
        timestamp: expect.any(String),
      });
      expect((await client.closed).code).toBe(4000);
    }
  });

  test('tells a client that connects after the end that the session has ended', async () => {
    (await connect('over')).close();
    await server.ask('POST', '/api/v1/session/over/end');
    const client = await connect('over');
    await client.next('session_ended');
    expect((await client.closed).code).toBe(4000);
  });
});

describe('batches', () => {
  test('welcomes with the stored state, and acknowledges the frames that it stores', async () => {
    const client = await connect();
    client.send({ type: 'hello', client_time_ms: startMs });
    const welcome = await client.next('welcome');
    expect(welcome).toEqual({
      type: 'welcome',
      session_id: client.id,
      server_time_ms: expect.any(Number),
      up_to_seq: -1,
      highest_seq: -1,
      chain: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const head = linkOf(welcome.chain, frames(0, 4));
    client.send({ ...batch(0, 4), chain: head });
    expect(await client.next('ack')).toEqual({ type: 'ack', up_to_seq: 4, seqs: [[0, 4]], chain: head });
    client.cut();
    const again = await connect(client.id);
    again.send({ type: 'hello', client_time_ms: startMs, last_seq: 9 });
    expect(await again.next('welcome')).toMatchObject({ up_to_seq: 4, chain: head });
    again.close();
  });

  test('stores each frame once, despite repetition and reordering', async () => {
    const client = await connect();
    for (const [from, to] of [
      [5, 9],
      [0, 4],
      [3, 7],
      [0, 9],
    ] as const)
      client.send(batch(from, to));
    await client.settled();
    expect((await dump(client.id)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('moves frames of the future back to their arrival, together, and states it in frame and report', async () => {
    const client = await connect();
    const aheadMs = 86_400_000;
    const nowMs = Date.now();
    client.send({
      type: 'batch',
      frames: [0, 1, 2].map((seq) => ({ seq, timestamp: nowMs + aheadMs + seq * 200, no_of_face: 1 })),
    });
    await client.next('ack');
    client.send({ extracted_features: { no_of_face: 1, timestamp: nowMs + aheadMs } });
    await client.settled();
    const { json } = await server.ask('GET', `/api/v1/session/${client.id}/report`);
    expect(json.integrity.clock_corrected.frames).toBe(4);
    const [zero, one, two, single] = await dump(client.id);
    expect(two.timestamp).toBe(two.received_at);
    expect([one.timestamp - zero.timestamp, two.timestamp - one.timestamp]).toEqual([200, 200]);
    expect(two.timestamp - two.clock_corrected_ms).toBe(nowMs + aheadMs + 400);
    expect(single).toMatchObject({ timestamp: single.received_at, clock_corrected_ms: expect.any(Number) });
    const { json: report } = await server.ask('GET', `/api/v1/session/${client.id}/report`);
    expect(report.coverage.duration_s).toBeLessThan(60);
    client.close();
  });

  test('refuses bad frames one by one and settles their numbers as lost', async () => {
    const client = await connect();
    const [zero, one, two, three] = frames(0, 3);
    client.send({
      type: 'batch',
      frames: [zero, { ...one, face_conf: 101 }, { ...two, head_yaw: 'left' }, 'nonsense', three],
    });
    expect(await client.next('error')).toMatchObject({ code: 'INVALID_FRAME', field: 'frames.1.face_conf', seq: 1 });
    expect(await client.next('error')).toMatchObject({ code: 'INVALID_FRAME', field: 'frames.2.head_yaw', seq: 2 });
    expect(await client.next('error')).toMatchObject({ code: 'INVALID_FRAME' });
    expect(await client.next('ack')).toMatchObject({
      up_to_seq: 3,
      seqs: [
        [0, 0],
        [3, 3],
      ],
    });
    await server.ask('POST', `/api/v1/session/${client.id}/end`);
    const { json } = await server.ask('GET', `/api/v1/session/${client.id}/report`);
    expect(json.integrity).toMatchObject({ frames: 2, frames_lost: 2, losses: { rejected: 2 } });
  });

  test('closes a gap that the client reports as lost, with its reason in the report', async () => {
    const client = await connect();
    client.send(batch(0, 1));
    client.send(batch(5, 6));
    await client.next('ack');
    expect(await client.next('ack')).toMatchObject({ up_to_seq: 1 });
    client.send({ type: 'losses', counts: { outbox_full: 3 }, ranges: [{ reason: 'outbox_full', seqs: [2, 4] }] });
    expect(await client.next('ack')).toMatchObject({ up_to_seq: 6, seqs: [] });
    const { json } = await server.ask('POST', `/api/v1/session/${client.id}/analyze`);
    expect(json.integrity).toMatchObject({ frames: 4, frames_lost: 3, losses: { outbox_full: 3 } });
    client.close();
  });
});

describe('bad input', () => {
  const refused = [
    ['bad JSON', '{"type":', 'BAD_JSON'],
    ['not an object', '[1,2]', 'INVALID_MESSAGE'],
    ['an unknown type', { type: 'video' }, 'INVALID_MESSAGE'],
    ['a wrong type', { extracted_features: { face_present: 'yes' } }, 'INVALID_FRAME'],
    ['a number out of range', { extracted_features: { no_of_face: -1 } }, 'INVALID_FRAME'],
    ['no feature at all', { extracted_features: { colour: 'red' } }, 'INVALID_FRAME'],
    ['another session', { session_id: 'somebody-else', face_present: 1 }, 'INVALID_MESSAGE'],
    [
      'another session in frame_data',
      { frame_data: { session_id: 'somebody-else', face_present: 1 } },
      'INVALID_MESSAGE',
    ],
    [
      '10,000 extra fields',
      { extracted_features: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field${n}`, n])) },
      'TOO_MANY_FIELDS',
    ],
    ['too many frames', { type: 'batch', frames: Array.from({ length: 501 }, () => ({})) }, 'TOO_MANY_FRAMES'],
    ['prototype pollution', '{"__proto__":{"type":"ping"}}', 'INVALID_MESSAGE'],
    ['too many gaps', { type: 'batch', frames: frames(0, 499).map((f, n) => ({ ...f, seq: n * 2 })) }, 'TOO_MANY_GAPS'],
  ] as const;

  test.each(refused)('answers %s with an error, counts it and keeps earlier frames', async (_what, message, code) => {
    const client = await connect();
    client.send(batch(0, 4));
    await client.next('ack');
    const before = await counted(`invigil_messages_refused_total{code="${code}"}`);
    client.send(message);
    expect(await client.next('error')).toMatchObject({ code, message: expect.any(String) });
    expect(await counted(`invigil_messages_refused_total{code="${code}"}`)).toBe(before + 1);
    client.send(batch(5, 6));
    expect(await client.next('ack')).toMatchObject({ up_to_seq: 6 });
    expect(await dump(client.id)).toHaveLength(7);
  });

  test('closes on binary messages with 1003', async () => {
    const client = await connect();
    client.send(batch(0, 0));
    await client.next('ack');
    client.send(Buffer.from([0xff, 0xd8]));
    expect((await client.closed).code).toBe(1003);
    expect(await dump(client.id)).toHaveLength(1);
  });

  test('accepts compressed messages, and closes on one that exceeds the limit when decompressed', async () => {
    const client = await new SessionClient(server, 'packed', '', { perMessageDeflate: { threshold: 0 } }).opened();
    client.send(batch(0, 99));
    expect(await client.next('ack')).toMatchObject({ up_to_seq: 99 });
    client.send(JSON.stringify({ type: 'batch', frames: [], padding: ' '.repeat(300_000) }));
    expect((await client.closed).code).toBe(1009);
  });

  test('closes on messages over the limit with 1009', async () => {
    const client = await connect();
    client.send(JSON.stringify({ extracted_features: { note: 'x'.repeat(300_000) } }));
    expect((await client.closed).code).toBe(1009);
  });

  test.each(['a%2Fb', 'a%00b', 'x'.repeat(129), 'a:b'])('refuses the id %s', async (id) => {
    const client = new SessionClient(server, id);
    expect((await client.closed).code).toBe(1008);
    expect(client.messages[0]).toMatchObject({ type: 'error', code: 'INVALID_MESSAGE', field: 'session_id' });
  });

  test('refuses pages of other origins, and admits its own and the listed ones', async () => {
    const listed = await startServer({ ALLOWED_ORIGINS: 'https://exam.example.org' });
    const from = (origin: string): SessionClient => new SessionClient(listed, 'origins', '', { headers: { origin } });
    await expect(from('https://evil.example.org').opened()).rejects.toThrow('403');
    await expect(from('null').opened()).rejects.toThrow('403');
    for (const origin of [listed.origin, 'https://exam.example.org']) (await from(origin).opened()).close();
    await listed.close();
  });
});

describe('rates', () => {
  let slow: TestServer;
  beforeAll(async () => {
    slow = await startServer({ MAX_MESSAGES_PER_SECOND: '5', MAX_MESSAGE_BURST: '10' });
  });
  afterAll(() => slow.close());

  test('drops messages over the rate limit, reports it and keeps earlier frames', async () => {
    const client = await new SessionClient(slow, 'burst').opened();
    for (let n = 0; n < 30; n++) client.send(batch(n, n));
    expect(await client.next('error')).toMatchObject({ code: 'RATE_EXCEEDED' });
    const { retry_after_ms: retryAfterMs } = await client.next('slow_down');
    expect(retryAfterMs).toBeGreaterThan(0);
    await expect.poll(() => client.messages.findLast(({ type }) => type === 'ack')?.up_to_seq).toBe(9);
    const { json } = await slow.ask('POST', '/api/v1/session/burst/analyze');
    expect(json.integrity.frames).toBe(10);
    client.close();
  });

  test('closes a connection that keeps exceeding the limit with 4002', async () => {
    const client = await new SessionClient(slow, 'flood').opened();
    for (let n = 0; n < 400; n++) client.send({ type: 'ping' });
    expect((await client.closed).code).toBe(4002);
  });

  test('refuses connections beyond the limit', async () => {
    const small = await startServer({ MAX_CONNECTIONS: '2' });
    const first = await new SessionClient(small, 'a').opened();
    await new SessionClient(small, 'b').opened();
    await expect(new SessionClient(small, 'c').opened()).rejects.toThrow('503');
    first.close();
    await first.closed;
    await expect
      .poll(() =>
        new SessionClient(small, 'c').opened().then(
          () => 'in',
          () => 'out',
        ),
      )
      .toBe('in');
    await small.close();
  });
});

test('asks clients to reconnect when it stops, and answers messages it had received', async () => {
  const stopping = await startServer();
  const client = await new SessionClient(stopping, 'stopping').opened();
  for (let n = 0; n < 20; n++) client.send(batch(n, n));
  await expect.poll(() => client.messages.length).toBeGreaterThan(0);
  await stopping.close();
  expect((await client.closed).code).toBe(1001);
  await stopping.close();
});

test('stores frames without a number that were on their way when it stops: their client does not send them again', async () => {
  const folder = await makeFolder();
  const unlimited = { MAX_MESSAGES_PER_SECOND: '10000', MAX_MESSAGE_BURST: '100000', MAX_FRAME_BURST: '10000000' };
  const stopping = await startServer(unlimited, {}, folder);
  const socket = new WebSocket(`ws://127.0.0.1:${stopping.port}/api/v1/session/ws/on-its-way`);
  await new Promise((resolve) => socket.once('open', resolve));
  let sent = 0;
  let closing: Promise<void> = Promise.resolve();
  while (sent < 40 && socket.readyState === socket.OPEN) {
    socket.send('{"extracted_features":{"no_of_face":1}}');
    sent += 1;
    if (sent === 20) closing = stopping.close();
    await nextTick();
  }
  await closing;
  const next = await startServer({}, {}, folder);
  expect((await next.ask('POST', '/api/v1/session/on-its-way/end')).status).toBe(204);
  const { frames: kept } = JSON.parse(await readFile(`${next.dumpDir}/on-its-way_frames.json`, 'utf8'));
  expect(kept).toHaveLength(sent);
  await next.close();
});
