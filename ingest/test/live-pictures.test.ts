import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '@invigil/protocol/frame';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { jpegOf } from '@invigil/testkit/jpeg';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { loadConfig } from '../src/config.ts';
import { alertsTimings } from '../src/config/channel-timings.ts';
import { LiveClient, openProctor, openSentinel, socketOf } from './live-client.ts';
import { startNats } from '@invigil/testkit/services/nats-service';
import { SessionClient, batch, startMs } from './session-client.ts';
import type { Message } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** A recognisable JPEG, so that the test finds it anywhere it must not appear. */
const marker = jpegOf(151, 113, 7);
const picture = (data = marker) => ({ type: 'picture', timestamp: startMs, data });
const bytesOf = (base64: string): number => Buffer.from(base64, 'base64').length;
const willing = { type: 'hello', client_time_ms: startMs, pictures: true };

let nats: Awaited<ReturnType<typeof startNats>>;
/** Students connect to one replica, proctors to the other; both have the exams, because they share a folder. */
let here: TestServer;
let there: TestServer;
beforeAll(async () => {
  nats = await startNats();
  // An alert without its thumbnail fails the test, so a busy machine gets more time to send one.
  const alertTimings = { ...alertsTimings, pictureWithinMs: 15_000 };
  const overrides = { proctoring: { ...loadConfig({}).proctoring, alerts: alertTimings } };
  here = await startServer({ NATS_URL: nats.url }, overrides);
  there = await startServer({ NATS_URL: nats.url, DATA_DIR: here.dataDir, DUMP_DIR: here.dumpDir }, overrides);
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await nats?.stop();
  await removeFolders();
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

let exams = 0;
const startSession = async (policy: object): Promise<{ sessionId: string; examId: string; pin: string }> => {
  const examId = `pictured-${++exams}`;
  const exam = await here.ask('POST', '/api/v1/exams', { exam_id: examId, policy });
  const started = await here.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: 'ada' });
  return { sessionId: started.json.session_id, examId, pin: exam.json.pin };
};
const student = async (sessionId: string, hello: object = willing): Promise<SessionClient> => {
  const client = await new SessionClient(here, sessionId).opened();
  open.push(client);
  client.send(hello);
  await client.next('welcome');
  return client;
};
const proctor = async (): Promise<LiveClient> => {
  const client = await openProctor(there);
  open.push({ close: () => client.socket.close() });
  return client;
};
const subscribe = async (watching: LiveClient, sentinelId: string): Promise<void> => {
  await watching.next('server.update-sentinels', ({ payload }) => JSON.stringify(payload).includes(sentinelId));
  watching.send({ type: 'proctor.subscribe', payload: { sentinelId }, timestamp: 0 });
};
const shown = (watching: LiveClient): Message[] =>
  watching.messages.filter(({ type }) => type === 'server.frame').flatMap(({ payload }) => payload.frames);
const picturesShown = (watching: LiveClient): string[] =>
  shown(watching).flatMap(({ data }) => (data === null ? [] : [data]));

describe('an exam whose policy allows live view', () => {
  test('requests thumbnails from the student’s page while a proctor watches, and forwards them', async () => {
    const { sessionId } = await startSession({ live_view: 'thumbnails' });
    const ada = await student(sessionId);
    const watching = await proctor();
    await subscribe(watching, sessionId);
    expect(await ada.next('pictures')).toEqual({ type: 'pictures', every_ms: 2000, now: false });
    ada.send(picture());
    await waitUntil(() => picturesShown(watching).length === 1);
    expect(shown(watching).at(-1)).toEqual({
      sentinelId: sessionId,
      frameId: `picture-${startMs}`,
      index: 1,
      data: marker,
    });

    // A new watcher gets the last one at once.
    const second = await proctor();
    await subscribe(second, sessionId);
    await waitUntil(() => picturesShown(second).length === 1);
    for (const client of [watching, second]) {
      client.send({ type: 'proctor.revoke-subscription', payload: { sentinelId: sessionId }, timestamp: 0 });
    }
    expect(await ada.next('pictures')).toEqual({ type: 'pictures', every_ms: null, now: false });
    await ada.settled();
    expect(ada.messages).toEqual([]);
  });

  test('requests again after a reconnect, and stops when the proctor disappears without closing', async () => {
    const { sessionId } = await startSession({ live_view: 'thumbnails' });
    const before = await student(sessionId);
    const watching = await proctor();
    await subscribe(watching, sessionId);
    await before.next('pictures');
    const after = await student(sessionId);
    expect(await after.next('pictures')).toMatchObject({ every_ms: 2000 });
    watching.socket.terminate();
    expect(await after.next('pictures')).toMatchObject({ every_ms: null });
  });

  test('does not request from a page that did not inform its student', async () => {
    const { sessionId } = await startSession({ live_view: 'thumbnails' });
    const ada = await student(sessionId, { ...willing, pictures: false });
    const watching = await proctor();
    await subscribe(watching, sessionId);
    ada.send(batch(0, 0));
    await waitUntil(() => shown(watching).length > 0);
    await ada.settled();
    expect(ada.messages.map(({ type }) => type)).toEqual(['ack']);
  });

  test('drops what is too large, not base64 or over the rate, and reports it; frames continue', async () => {
    const { sessionId } = await startSession({ live_view: 'thumbnails' });
    const ada = await student(sessionId);
    const watching = await proctor();
    await subscribe(watching, sessionId);
    await ada.next('pictures');
    const largest = jpegOf(160, 120, limits.pictureBytes - bytesOf(jpegOf(160, 120)));
    ada.send(picture(largest));
    await waitUntil(() => picturesShown(watching).includes(largest));
    for (const data of [`${largest}AAAA`, '<svg onload=…>', null]) {
      ada.send({ ...picture(), data });
      expect(await ada.next('error')).toMatchObject({ code: 'PICTURE_REFUSED', field: 'data' });
    }
    for (const data of ['AAAA', jpegOf(4000, 3000), largest.slice(0, 4000)]) {
      ada.send(picture(data));
      expect(await ada.next('error')).toMatchObject({ code: 'PICTURE_REFUSED' });
    }
    for (let count = 0; count < 10; count++) ada.send(picture());
    expect(await ada.next('error')).toMatchObject({ code: 'PICTURE_REFUSED' });
    ada.send(batch(0, 4));
    expect(await ada.next('ack')).toMatchObject({ up_to_seq: 4 });
    expect(picturesShown(watching).length).toBeLessThan(10);
  });
});

test.each([{ live_view: 'numbers' }, { live_view: 'none' }, {}])(
  'with the policy %o no thumbnail is requested, and an image is refused',
  async (policy) => {
    const { sessionId } = await startSession(policy);
    const ada = await student(sessionId);
    const watching = await proctor();
    await subscribe(watching, sessionId);
    ada.send(picture());
    expect(await ada.next('error')).toMatchObject({ code: 'PICTURE_REFUSED' });
    ada.send(batch(0, 0));
    await ada.next('ack');
    await ada.settled();
    expect(ada.messages).toEqual([]);
    expect(picturesShown(watching)).toEqual([]);
  },
);

const phone = (from: number, to: number): object => ({
  type: 'batch',
  frames: Array.from({ length: to - from }, (_, index) => ({
    seq: from + index,
    timestamp: startMs + (from + index) * 200,
    no_of_face: 1,
    phone_present: from + index >= 10 && from + index < 30 ? 1 : 0,
    phone_conf: 90,
  })),
});
const alerts = async (server = there): Promise<LiveClient> => {
  const client = await LiveClient.open(`${socketOf(server)}/ws/alerts/dev`);
  open.push({ close: () => client.socket.close() });
  return client;
};
const alertOf = (client: LiveClient, sessionId: string): Promise<Message> =>
  client.next('anomaly_detected', ({ stream_id }) => stream_id === sessionId, 30_000);

describe('an alert', () => {
  test('includes a current thumbnail if the policy allows it, also for proctors who connect later', async () => {
    const { sessionId } = await startSession({ live_view: 'none', evidence: 'thumbnail' });
    const [ada, watching] = [await student(sessionId), await alerts()];
    ada.send(phone(0, 30));
    expect(await ada.next('pictures')).toEqual({ type: 'pictures', every_ms: null, now: true });
    ada.send(picture());
    expect(await alertOf(watching, sessionId)).toMatchObject({ frame: marker });
    watching.socket.close();
    await watching.closed;
    expect(await alertOf(await alerts(), sessionId)).toMatchObject({ frame: marker });
    // Live view is off.
    const live = await proctor();
    await subscribe(live, sessionId);
    ada.send(picture());
    ada.send(phone(30, 31));
    await ada.next('ack');
    await ada.settled();
    expect(picturesShown(live)).toEqual([]);
  });

  test('includes it also for a proctor who connects while it is awaited', async () => {
    const { sessionId } = await startSession({ evidence: 'thumbnail' });
    const ada = await student(sessionId);
    ada.send(phone(0, 30));
    expect(await ada.next('pictures')).toMatchObject({ now: true });
    const watching = await alerts(here);
    ada.send(picture());
    expect(await alertOf(watching, sessionId)).toMatchObject({ frame: marker });
  });

  test('comes without one if the page has none, or if the policy does not allow it', async () => {
    const uninformed = await startSession({ evidence: 'thumbnail' });
    const withoutHello = await startSession({ live_view: 'thumbnails' });
    const watching = await alerts();
    const ada = await student(uninformed.sessionId, { ...willing, pictures: false });
    ada.send(phone(0, 30));
    expect(await alertOf(watching, uninformed.sessionId)).not.toHaveProperty('frame');
    const bob = await student(withoutHello.sessionId);
    bob.send(picture());
    bob.send(phone(0, 30));
    expect(await alertOf(watching, withoutHello.sessionId)).not.toHaveProperty('frame');
  });
});

test('a sentinel’s images are forwarded unless the exam’s policy forbids it', async () => {
  const watching = await proctor();
  for (const [policy, isShown] of [
    [{}, true],
    [{ live_view: 'thumbnails' }, true],
    [{ live_view: 'numbers' }, false],
    [{ live_view: 'none' }, false],
    [{ live_view: 'numbers', sentinel_pictures: true }, true],
    [{ sentinel_pictures: false }, false],
  ] as const) {
    const { pin } = await startSession(policy);
    const { client, sentinelId } = await openSentinel(here, Number(pin));
    await subscribe(watching, sentinelId);
    client.send({ type: 'sentinel.frame', payload: { frameId: 'f', index: 0, data: marker }, timestamp: 0 });
    const isThere = (): boolean => shown(watching).some((frame) => frame.sentinelId === sentinelId);
    const isRefused = (): boolean => client.messages.some(({ type }) => type === 'server.frame.reject');
    await waitUntil(() => isThere() || isRefused());
    expect([isThere(), isRefused()]).toEqual([isShown, !isShown]);
    client.socket.close();
  }
});

describe('a sentinel’s image of about 1 MB', () => {
  /** A JPEG of this many characters of base64, a multiple of four. */
  const ofChars = (chars: number): string => jpegOf(160, 120, (chars * 3) / 4 - bytesOf(jpegOf(160, 120)));
  /** The longest id, in characters of three bytes each. */
  const longestId = '☃'.repeat(128);
  const frame = (index: number, data: string) => ({ frameId: longestId, index, data });
  const indexesShown = (watching: LiveClient, data: string): number[] =>
    shown(watching).flatMap((each) => (each.data === data ? [each.index] : []));

  test('reaches proctors on every replica, or is refused with the reason while the others are shown', async () => {
    const { pin } = await startSession({});
    const { client, sentinelId } = await openSentinel(here, Number(pin));
    const watching = [await openProctor(here), await proctor()];
    for (const each of watching) {
      open.push({ close: () => each.socket.close() });
      await subscribe(each, sentinelId);
    }
    const [largest, tooLarge] = [ofChars(1_000_000), ofChars(1_000_004)];
    const send = (...frames: object[]): void =>
      client.send({ type: 'sentinel.frame', payload: { frames }, timestamp: 0 });
    // The subscription of another replica’s proctor takes a moment; repeated images are harmless.
    await waitUntil(() => {
      send(frame(0, marker));
      return watching.every((each) => indexesShown(each, marker).includes(0));
    });
    send(frame(1, tooLarge), frame(2, largest));
    expect((await client.next('server.frame.reject')).payload).toEqual({
      reason: 'the image has 1000004 characters of base64; at most 1000000 are allowed',
    });
    for (const each of watching) {
      await waitUntil(() => indexesShown(each, largest).length > 0);
      expect(indexesShown(each, largest)).toEqual([2]);
      expect(shown(each).map(({ index }) => index)).not.toContain(1);
    }
    // Who begins to watch later gets it as well.
    const late = await proctor();
    await subscribe(late, sentinelId);
    await waitUntil(() => indexesShown(late, largest).length > 0);
    expect(client.messages.filter(({ type }) => type === 'server.frame.reject')).toHaveLength(1);
    client.socket.close();
  });

  test('is not read in a message of more than 2 MB, which closes the connection with 1009', async () => {
    const { pin } = await startSession({});
    const { client } = await openSentinel(here, Number(pin));
    const frames = [0, 1, 2].map((index) => frame(index, ofChars(1_000_000)));
    client.send({ type: 'sentinel.frame', payload: { frames }, timestamp: 0 });
    expect(await client.closed).toBe(1009);
  });
});

test('over HTTP a page learns with its next answer that a proctor watches', async () => {
  const { sessionId } = await startSession({ live_view: 'thumbnails' });
  const post = async (message: object): Promise<Message[]> =>
    (await here.ask('POST', '/api/v1/session/ws/fallback', { session_id: sessionId, ...message })).json.messages;
  await post(willing);
  const watching = await proctor();
  await subscribe(watching, sessionId);
  await expect
    .poll(async () => (await post({ type: 'ping' })).map(({ type }) => type), { timeout: 15_000 })
    .toContain('pictures');
  expect(await post(picture())).toEqual([]);
  await waitUntil(() => picturesShown(watching).includes(marker));
});

test('no image is in any file of the server: store, records, dump', async () => {
  const { sessionId } = await startSession({ live_view: 'thumbnails', evidence: 'thumbnail' });
  const [ada, watching] = [await student(sessionId), await alerts()];
  ada.send(picture());
  ada.send(phone(0, 30));
  expect(await alertOf(watching, sessionId)).toMatchObject({ frame: marker });
  expect((await here.ask('POST', `/api/v1/session/${sessionId}/end`)).status).toBe(204);
  const folders = [here.dataDir, here.dumpDir];
  const files = (
    await Promise.all(folders.map(async (folder) => (await readdir(folder)).map((file) => join(folder, file))))
  ).flat();
  expect(files.filter((file) => /frames\.db|records\.db|_frames\.json/.test(file)).length).toBeGreaterThanOrEqual(3);
  for (const file of files) expect((await readFile(file)).includes(marker)).toBe(false);
});
