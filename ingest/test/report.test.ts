import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { Report } from '@invigil/protocol/report';
import type { FramesDump } from '../src/dump/frames-dump.ts';
import { createIngest, loadConfig } from '../src/app.ts';
import type { Ingest } from '../src/app.ts';
import { runScript } from '@invigil/testkit/run-script';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { sourceArguments } from '@invigil/testkit/source-arguments';

const analyzeDump = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runScript('analyze', ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout;
};

const frames = (count: number): FeatureFrame[] =>
  Array.from({ length: count }, (_, seq) => ({
    seq,
    timestamp: Date.now() - (count - seq) * 200 + 0.25,
    no_of_face: seq % 90 > 70 ? 2 : 1,
    head_yaw: Math.sin(seq) / 10,
    head_pitch: -0,
    phone_present: seq > 100 && seq < 150 ? 1 : 0,
    phone_conf: 61.5,
    ...(seq === 20 ? { page_violations: [{ type: 'TAB_SWITCH' as const, timestamp: Date.now() }] } : {}),
  }));

const suite = (redisUrl: () => string): void => {
  let folder: string;
  let ingest: Ingest;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-report-'));
    ingest = createIngest({
      ...loadConfig({
        PORT: '0',
        DATA_DIR: join(folder, 'data'),
        DUMP_DIR: join(folder, 'dumps'),
        REDIS_URL: redisUrl(),
        LOG_LEVEL: 'silent',
      }),
      threadArguments: sourceArguments,
    });
    origin = `http://127.0.0.1:${(await ingest.listen()).port}/api/v1/session`;
  });
  afterAll(async () => {
    await ingest.close();
    await rm(folder, { recursive: true, force: true });
  });

  const post = (path: string, body?: unknown): Promise<Response> =>
    fetch(`${origin}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  /** Like a client, repeats until acknowledged, because a store may still be connecting. */
  const send = async (sessionId: string, list: readonly FeatureFrame[]): Promise<void> => {
    const batch = { session_id: sessionId, type: 'batch', frames: list };
    await expect
      .poll(async () => (await (await post('ws/fallback', batch)).json()).messages, { timeout: 10_000 })
      .toMatchObject([{ type: 'ack' }]);
  };
  const reportText = async (path: string): Promise<string> => {
    const answer = await fetch(`${origin}/${path}`);
    expect(answer.status).toBe(200);
    return answer.text();
  };

  test('can be reproduced from the dump, byte for byte', async () => {
    const all = frames(400);
    await send('again', all.slice(0, 190));
    await send('again', all.slice(250, 400));
    const live = (await (await post('again/analyze')).json()) as Report;
    expect(live).toMatchObject({ session: { status: 'running' }, integrity: { frames: 340 } });
    await send('again', all.slice(180, 250));
    await post('ws/fallback', { session_id: 'again', type: 'losses', counts: { engine_stalled: 3 } });
    expect((await post('again/end')).status).toBe(204);

    const text = await reportText('again/report');
    const report = JSON.parse(text) as Report;
    expect(report).toMatchObject({
      integrity: { frames: 400, frames_lost: 3, chained: { links: 3, frames: 400, unchained_frames: 0 } },
      violations: { total: 1 },
    });
    // Most of these frames have times before the session: they give observations, but no coverage.
    expect(report.integrity.outside_session).toBeGreaterThan(300);
    expect(report.coverage?.observed_s).toBeLessThanOrEqual(report.coverage?.duration_s ?? 0);
    expect(report.observations.map(({ type }) => type)).toContain('phone_visible');
    const dump = join(folder, 'dumps', 'again_frames.json');
    expect(await analyzeDump(dump)).toBe(text);
    expect(await analyzeDump(dump, '--rules', report.rules_version)).toBe(text);
    const other = report.rules_version === '1' ? '2' : '1';
    expect(JSON.parse(await analyzeDump(dump, '--rules', other))).toMatchObject({
      rules_version: other,
      integrity: { frames: 400 },
    });
    expect(JSON.parse(await analyzeDump(dump, '--weights', '1'))).toMatchObject({
      observations: report.observations,
      risk: { weights_version: '1' },
    });
    // Frames 0 to 70 have one face and no phone; frames 101 to 149 show a phone.
    const uneventful = JSON.parse(await analyzeDump(dump, '--to', '14.1')) as Report;
    expect(uneventful).toMatchObject({ observations: [], risk: { value: 0 }, integrity: { frames: 71 } });
    const eventful = JSON.parse(await analyzeDump(dump, '--from', '18', '--to', '32')) as Report;
    expect(eventful.observations.map(({ type }) => type)).toContain('phone_visible');
    await expect(analyzeDump(dump, '--from', 'noon')).rejects.toThrow('--from noon: must be a number');
    await expect(analyzeDump(dump, '--rules', '77')).rejects.toThrow('rules version 77 does not exist');
    await expect(analyzeDump(import.meta.filename)).rejects.toThrow('not JSON');
    // Each analysis is a process of its own, which a busy machine takes seconds to start.
  }, 60_000);

  test('of a session without frames can be reproduced too', async () => {
    // Any message creates the session.
    await post('ws/fallback', { session_id: 'empty', type: 'ping' });
    expect((await post('empty/end')).status).toBe(204);
    const text = await reportText('empty/report');
    expect(await analyzeDump(join(folder, 'dumps', 'empty_frames.json'))).toBe(text);
  });

  test('matches its published schema', async () => {
    const schema = await (await fetch(origin.replace('/session', '/schemas/report.json'))).json();
    const ajv = new Ajv2020({ strict: true, validateFormats: false });
    const isReport = ajv.compile(schema);
    for (const path of ['again/report', 'empty/report']) {
      const report = JSON.parse(await reportText(path)) as Report;
      isReport(report);
      expect(isReport.errors ?? []).toEqual([]);
      expect(isReport({ ...report, observations: [{ type: 'guilty' }] })).toBe(false);
      expect(isReport({ ...report, totals: { guilty: { count: 1, seconds: 1 } } })).toBe(false);
    }
  });
};

describe('a report of the embedded stores', () => {
  suite(() => '');
});

describe('a report of Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  suite(() => redis.url);

  test('loses no frame at the shortest retention: report and dump have all, whatever the rules', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-report-'));
    const ingest = createIngest({
      ...loadConfig({
        PORT: '0',
        DATA_DIR: join(folder, 'data'),
        DUMP_DIR: join(folder, 'dumps'),
        REDIS_URL: redis.url,
        FRAME_BUFFER_RETENTION_SECONDS: '1',
        LOG_LEVEL: 'silent',
      }),
      threadArguments: sourceArguments,
    });
    const origin = `http://127.0.0.1:${(await ingest.listen()).port}/api/v1/session`;
    const post = (path: string, body?: unknown): Promise<Response> =>
      fetch(`${origin}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const all = frames(250);
    const batch = { session_id: 'short', type: 'batch' };
    const sent = async (list: readonly FeatureFrame[]) =>
      (await (await post('ws/fallback', { ...batch, frames: list })).json()).messages;
    await expect.poll(() => sent(all.slice(0, 200)), { timeout: 10_000 }).toMatchObject([{ type: 'ack' }]);
    expect((await post('short/analyze')).status).toBe(200);
    const client = await createClient({ url: redis.url }).connect();
    await expect.poll(() => client.exists('frame_meta:short:199'), { timeout: 15_000 }).toBe(0);
    client.destroy();
    expect(await sent(all.slice(200))).toMatchObject([{ type: 'ack' }]);
    expect((await post('short/end')).status).toBe(204);

    const text = await (await fetch(`${origin}/short/report`)).text();
    await ingest.close();
    expect(JSON.parse(text)).toMatchObject({ integrity: { frames: 250, frames_lost: 0 } });
    const dump = join(folder, 'dumps', 'short_frames.json');
    expect(await analyzeDump(dump)).toBe(text);
    const other = JSON.parse(text).rules_version === '1' ? '2' : '1';
    expect(JSON.parse(await analyzeDump(dump, '--rules', other))).toMatchObject({ integrity: { frames: 250 } });
    const { frames: dumped, links, folded } = JSON.parse(await readFile(dump, 'utf8')) as FramesDump;
    expect({ seqs: dumped.map(({ seq }) => seq), links: links?.length, folded }).toEqual({
      seqs: all.map(({ seq }) => seq),
      links: 2,
      folded: null,
    });
    await rm(folder, { recursive: true, force: true });
  });
});
