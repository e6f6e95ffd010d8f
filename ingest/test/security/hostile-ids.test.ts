import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/openapi/operations.ts';
import { parametersOf } from '../../src/openapi/operation.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient } from '../session-client.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ REDIS_URL: redis.url }, {}, await makeFolder());
});
afterAll(async () => {
  await server?.close();
  await redis?.stop();
  await removeFolders();
});

/** Values that would escape a folder, change a key, or terminate a statement. */
const hostileIds = [
  '../escape',
  '..',
  '.hidden',
  'a/b',
  'a\\b',
  'a:b',
  'frames_meta:victim',
  'victim*',
  'victim?',
  '[victim]',
  'victim\r\nFLUSHALL\r\n',
  'victim\u0000',
  "victim' or '1'='1",
  'victim"; drop table sessions; --',
  'víctim',
  'victim victim',
  '%2e%2e%2f',
  '{victim}',
  '$victim',
  'x'.repeat(129),
];

const isOurId = (name: string): boolean => !['observation_id', 'delivery_id'].includes(name);

const withIds = operations.filter(({ path }) => parametersOf(path).some(isOurId));

test.each(withIds.map(({ method, path }) => [method, path] as const))(
  '%s %s accepts no invalid id',
  async (method, path) => {
    for (const id of hostileIds) {
      const filled = path.replaceAll(/\{\w+\}/g, encodeURIComponent(id));
      const { status, json } = await server.ask(method.toUpperCase(), filled, method === 'get' ? undefined : {});
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(['INVALID_MESSAGE', 'BAD_JSON', 'NOT_FOUND']).toContain(json.code);
    }
  },
);

test.each([
  ['POST', '/api/v1/session/start', (id: string) => ({ exam_id: id, member_id: id })],
  ['POST', '/api/v1/session/ws/fallback', (id: string) => ({ session_id: id, extracted_features: { no_of_face: 1 } })],
  ['POST', '/api/v1/exams', (id: string) => ({ exam_id: id })],
  ['POST', '/api/v1/exams', (id: string) => ({ teachers: [id] })],
  ['POST', '/api/v1/counters/agent', (id: string) => ({ classroom_ids: [id] })],
])('%s %s accepts no invalid id in its body', async (method, path, bodyOf) => {
  for (const id of hostileIds) {
    expect(await server.ask(method, path, bodyOf(id))).toMatchObject({
      status: 400,
      json: { code: 'INVALID_MESSAGE' },
    });
  }
});

describe('the stores', () => {
  test('contain no name that a client made up', async () => {
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.set('frames_meta:victim', 'precious');
    await server.ask('POST', '/api/v1/session/ws/fallback', {
      session_id: 'honest',
      extracted_features: { no_of_face: 1 },
    });
    for (const id of hostileIds) {
      const socket = new SessionClient(server, encodeURIComponent(id), '', {});
      const { code } = await socket.opened().then(
        () => socket.closed,
        () => ({ code: 1008 }),
      );
      expect(code).toBe(1008);
    }
    expect(await client.get('frames_meta:victim')).toBe('precious');
    const keys = (await client.keys('*')).filter(
      (key) => key !== 'frames_meta:victim' && key !== 'invigil:write_probe',
    );
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^[a-z_]+:honest(:srv-0)?$/);
    await client.del('frames_meta:victim');
    await client.close();
  });

  test('write dumps only into their own folder', async () => {
    await server.ask('POST', '/api/v1/session/honest/end');
    expect(await readdir(server.dumpDir)).toEqual(['honest_frames.json']);
    expect((await readdir(dirname(server.dumpDir))).toSorted()).toEqual(['data', 'dumps']);
  });
});
