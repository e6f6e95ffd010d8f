import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { parseDump } from '../src/dump/analyze-dump.ts';
import type { FramesDump } from '../src/dump/frames-dump.ts';
import { verifyDump } from '../src/dump/verify-dump.ts';
import { linkOf } from '../src/frames/chain-hash.ts';
import { runScript } from '@invigil/testkit/run-script';
import type { ScriptResult } from '@invigil/testkit/run-script';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient, batch, frames, startMs } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const verify = async (...words: string[]): Promise<Pick<ScriptResult, 'code' | 'stdout'>> => {
  const { code, stdout } = await runScript('verify', ...words);
  return { code, stdout };
};

afterAll(removeFolders);

/**
 * A session with everything that can happen to a chain: confirmed heads, a lost acknowledgement, HTTP requests, another replica, a client
 * without numbers.
 */
const runSession = async (replicas: readonly [TestServer, TestServer], sessionId: string): Promise<string> => {
  const client = await new SessionClient(replicas[0], sessionId).opened();
  client.send({ type: 'hello', client_time_ms: startMs });
  const { chain: nonce } = await client.next('welcome');
  const first = linkOf(nonce, frames(0, 4));
  client.send({ ...batch(0, 4), chain: first });
  expect(await client.next('ack')).toMatchObject({ chain: first });
  // Sent again with more frames after the answer was lost, so the client's head also covers frames that the server already had.
  client.send({ ...batch(3, 9), chain: linkOf(first, frames(3, 9)) });
  const { chain: head } = await client.next('ack');
  expect(head).toBe(linkOf(first, frames(5, 9)));
  client.send({ type: 'losses', counts: {}, ranges: [{ reason: 'outbox_full', seqs: [10, 11] }] });
  expect(await client.next('ack')).toMatchObject({ chain: head });
  client.cut();
  const fallback = { session_id: sessionId, ...batch(20, 24) };
  expect(await replicas[1].ask('POST', '/api/v1/session/ws/fallback', fallback)).toMatchObject({ status: 200 });
  const again = await new SessionClient(replicas[1], sessionId).opened();
  again.send({ type: 'hello', client_time_ms: startMs });
  const { chain: goneOn } = await again.next('welcome');
  const last = linkOf(goneOn, frames(12, 19));
  again.send({ ...batch(12, 19), chain: last });
  expect(await again.next('ack')).toMatchObject({ chain: last, up_to_seq: 24 });
  for (const features of [{ face_present: 1 }, { face_present: 0 }]) again.send({ extracted_features: features });
  await again.settled();
  await replicas[0].ask('POST', `/api/v1/session/${sessionId}/end`);
  return last;
};

const suite = (open: () => Promise<[TestServer, TestServer]>): void => {
  let replicas: [TestServer, TestServer];
  let path: string;
  let head: string;
  let dump: () => FramesDump;

  beforeAll(async () => {
    replicas = await open();
    head = await runSession(replicas, 'sitting');
    path = join(replicas[0].dumpDir, 'sitting_frames.json');
    const text = await readFile(path, 'utf8');
    dump = () => parseDump(text);
  });
  afterAll(async () => {
    for (const replica of new Set(replicas)) await replica.close();
  });

  test('a dump verifies, and report, dump and client have the same head', async () => {
    const { json } = await replicas[0].ask('GET', '/api/v1/session/sitting/report');
    const { integrity } = json as Report;
    expect(integrity).toMatchObject({
      frames: 25,
      chain: head,
      chained: { links: 4, confirmed_links: 2, frames: 23, unchained_frames: 2 },
    });
    const report = join(await makeFolder(), 'report.json');
    await writeFile(report, JSON.stringify(json));
    const { code, stdout } = await verify(path, '--report', report, '--json');
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      verdict: 'whole',
      head,
      links: 4,
      confirmed_links: 2,
      unchecked_links: 0,
      chained_frames: 23,
      unchained_frames: 2,
      unknown_work_heads: [],
      broken: null,
    });
  });

  test('a changed frame is named with its link, and the exit code is 1', async () => {
    const changed = join(await makeFolder(), 'changed.json');
    await writeFile(changed, (await readFile(path, 'utf8')).replace('"seq":7,', '"seq":7,"phone_present":1,'));
    expect(await verify(changed)).toEqual({ code: 1, stdout: expect.stringContaining('BROKEN at link 2, frames 5–9') });
    expect((await verify(changed, '--head', head)).code).toBe(1);
  });

  test('an error that is not a verdict has exit code 3, not that of a broken chain', async () => {
    const other = join(await makeFolder(), 'other.json');
    await writeFile(other, '{"frames":[]}');
    const attempts = [
      [join(other, 'nothing')],
      [other],
      [path, '--report', join(other, 'nothing')],
      [path, '--report', other, '--head', head],
      [path, '--unknown'],
      [],
    ];
    const ran = await Promise.all(attempts.map((words) => verify(...words)));
    expect(ran).toEqual(attempts.map(() => ({ code: 3, stdout: '' })));
  });

  const frameOf = ({ frames: all }: FramesDump, seq: number): StoredFrame => {
    const found = all.find(({ frame_id: id }) => id === String(seq));
    if (found === undefined) throw new Error(`no frame ${seq}`);
    return found;
  };
  const isIn = (seqs: readonly (readonly [number, number])[], seq: number): boolean =>
    seqs.some(([from, to]) => seq >= from && seq <= to);
  const firstSeq = (found: FramesDump, place: number) => found.links?.[place - 1]?.seqs[0]?.[0];

  test.each<[string, (found: FramesDump) => void, number | null]>([
    ['a reading', (found) => void (frameOf(found, 2).head_yaw = 0.5), 1],
    ['a time', (found) => void (frameOf(found, 22).timestamp += 1), 3],
    ['a frame that was removed', (found) => void found.frames.splice(found.frames.indexOf(frameOf(found, 13)), 1), 4],
    [
      'a frame that was added',
      (found) => void found.frames.push({ ...frameOf(found, 2), frame_id: '40', seq: 40 }),
      null,
    ],
    ['a duplicated frame', (found) => void found.frames.push(frameOf(found, 2)), null],
    ['two links swapped', (found) => void found.links?.reverse(), 1],
    ['a link that was removed', (found) => void found.links?.splice(1, 1), 2],
    [
      'the last link removed with its frames',
      (found) => {
        found.links?.pop();
        found.frames = found.frames.filter(({ seq }) => seq < 12 || seq > 19);
      },
      null,
    ],
    ['the nonce', (found) => void Object.assign(found.chain ?? {}, { nonce: head }), 1],
    ['the head', (found) => void Object.assign(found.chain ?? {}, { head: '0'.repeat(64) }), null],
    ['all links removed', (found) => void delete found.links, null],
    [
      'links removed, and the dump declared as the first format',
      (found) => Object.assign(found, { chain: head, links: [] }),
      null,
    ],
    ['the chain as a whole', (found) => Object.assign(found, { chain: null, links: [] }), null],
  ])('finds %s', (_what, change, link) => {
    const found = dump();
    expect(verifyDump(found).verdict).toBe('whole');
    change(found);
    const { verdict, broken } = verifyDump(found);
    const frame = link === null ? broken?.seqs[0]?.[0] : firstSeq(found, link);
    expect({ verdict, link: broken?.link, frame: broken?.seqs[0]?.[0] }).toEqual({ verdict: 'broken', link, frame });
  });

  test('a dump declared as the first format, which had no links, never verifies as complete', () => {
    const { links: _links, ...found } = dump();
    frameOf(found, 2).head_yaw = 0.5;
    const old: FramesDump = { ...found, format: 'invigil-frames/1', chain: head };
    expect(verifyDump(old, { head, links: null }).verdict).toBe('unchecked');
  });

  test('a chain whose beginning was cut off is detected if the number of links is known', () => {
    const found = dump();
    const [first] = found.links?.splice(0, 1) ?? [];
    if (first === undefined || typeof found.chain !== 'object' || found.chain === null) throw new Error('no chain');
    found.frames = found.frames.filter(({ frame_id: id, seq }) => id !== String(seq) || !isIn(first.seqs, seq));
    Object.assign(found.chain, { nonce: first.link, links: found.chain.links - 1 });
    expect(verifyDump(found, { head, links: null }).verdict).toBe('whole');
    expect(verifyDump(found, { head, links: 4 })).toMatchObject({ verdict: 'broken', broken: { link: null } });
  });

  test('a recomputed chain is consistent in itself, but its head differs from the known one', () => {
    const found = dump();
    frameOf(found, 2).head_yaw = 0.5;
    if (typeof found.chain !== 'object' || found.chain === null) throw new Error('no chain');
    for (const link of found.links ?? []) {
      const covered = link.seqs.flatMap(([from, to]) =>
        found.frames.filter(({ seq, frame_id: id }) => id === String(seq) && seq >= from && seq <= to),
      );
      link.link = linkOf(found.links?.[(found.links?.indexOf(link) ?? 0) - 1]?.link ?? found.chain.nonce, covered);
      found.chain.head = link.link;
    }
    expect(verifyDump(found).verdict).toBe('whole');
    expect(verifyDump(found, { head, links: null })).toMatchObject({ verdict: 'broken', broken: { link: null } });
  });
};

describe('the chain of the embedded store', () => {
  suite(async () => {
    const server = await startServer();
    return [server, server];
  });
});

describe('the chain of two replicas on Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  suite(async () => {
    const folder = await makeFolder();
    const environment = { REDIS_URL: redis.url };
    const replicas: [TestServer, TestServer] = [
      await startServer(environment, {}, folder),
      await startServer(environment, {}, folder),
    ];
    for (const replica of replicas) {
      await waitUntil(async () => (await replica.ask('GET', '/healthz')).status === 200, { timeout: 10_000 });
    }
    return replicas;
  });

  test('frames that left Redis before the end are verified like the others', async () => {
    const server = await startServer({ REDIS_URL: redis.url, FRAME_BUFFER_RETENTION_SECONDS: '1' });
    const fallback = (from: number, to: number) =>
      server.ask('POST', '/api/v1/session/ws/fallback', { session_id: 'short', ...batch(from, to) });
    await expect.poll(async () => (await fallback(0, 59)).json.messages?.[0]?.type, { timeout: 10_000 }).toBe('ack');
    expect((await server.ask('POST', '/api/v1/session/short/analyze')).status).toBe(200);
    const client = await createClient({ url: redis.url }).connect();
    await expect.poll(() => client.exists('frame_meta:short:59'), { timeout: 10_000 }).toBe(0);
    client.destroy();
    await fallback(60, 64);
    await server.ask('POST', '/api/v1/session/short/end');
    const { code, stdout } = await verify(join(server.dumpDir, 'short_frames.json'), '--json');
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({
      code: 0,
      links: 2,
      unchecked_links: 0,
    });
    await server.close();
  });
});
