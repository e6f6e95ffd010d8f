import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startBucket } from '@invigil/testkit/services/bucket-service';
import type { BucketService } from '@invigil/testkit/services/bucket-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { backupCommand } from '../src/commands/backup/backup-command.ts';
import { restoreCommand } from '../src/commands/backup/restore-command.ts';
import { verifyDump } from '../src/dump/verify-dump.ts';
import type { FramesDump } from '../src/dump/frames-dump.ts';
import { runCommandIn } from './commands/run.ts';
import { SessionClient, batch } from './session-client.ts';

const students = ['ada', 'grace', 'alan'];
const messages = 12;
let redis: Awaited<ReturnType<typeof startRedis>>;
let bucket: BucketService;
beforeAll(async () => {
  [redis, bucket] = await Promise.all([startRedis(), startBucket()]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), bucket.remove()]);
  await removeFolders();
});

interface Connected {
  server: TestServer;
  clients: SessionClient[];
}

const connect = async (server: TestServer, prefix: string): Promise<Connected> => {
  const clients = students.map((student) => new SessionClient(server, `${prefix}-${student}`));
  for (const client of clients) await client.opened();
  return { server, clients };
};

const send = async ({ clients }: Connected, at: number): Promise<void> => {
  for (const client of clients) {
    client.send(batch(at * 5, at * 5 + 4));
    expect(await client.next('ack')).toMatchObject({ up_to_seq: at * 5 + 4 });
  }
};

/** The frames and links of the dump, without what differs between two runs: times of receipt, and the chain with its random beginning. */
const dumpedBy = async ({ server, clients }: Connected, prefix: string): Promise<unknown[]> => {
  for (const client of clients) client.close();
  const dumps: unknown[] = [];
  for (const student of students) {
    const sessionId = `${prefix}-${student}`;
    expect((await server.ask('POST', `/api/v1/session/${sessionId}/end`)).status).toBe(204);
    const { frames, links, folded } = JSON.parse(
      await readFile(join(server.dumpDir, `${sessionId}_frames.json`), 'utf8'),
    ) as { frames: object[]; links: { seqs: unknown }[]; folded: unknown };
    dumps.push({
      frames: frames.map((frame) => JSON.stringify({ ...frame, received_at: 0 })),
      links: links.map(({ seqs }) => seqs),
      folded,
    });
  }
  return dumps;
};

/** Settings of an archive, and the sessions that have blocks in it; none for the records, which a test cannot look into while a server runs. */
const archives: Record<string, () => Promise<{ settings: Record<string, string>; sessions: () => Promise<string[]> }>> =
  {
    'the records': async () => ({ settings: {}, sessions: async () => [] }),
    'a folder': async () => {
      const folder = join(await makeFolder(), 'archive');
      return { settings: { FRAME_ARCHIVE_DIR: folder }, sessions: () => readdir(folder) };
    },
    'a bucket': async () => ({
      settings: bucket.environment,
      async sessions() {
        const answer = await (await bucket.ask('?list-type=2&delimiter=/')).text();
        return [...answer.matchAll(/<Prefix>([^<]+)\/<\/Prefix>/g)].map(([, id = '']) => id);
      },
    }),
  };

describe.each(Object.keys(archives))('frames archived in %s', (kind) => {
  test('have the same dumps as frames that stayed in Redis, and leave nothing behind', async () => {
    const { settings, sessions } = await archives[kind]!();
    const archived = await startServer({
      REDIS_URL: redis.url,
      FRAME_BUFFER_RETENTION_SECONDS: '1',
      ...settings,
    });
    const plain = await startServer({ REDIS_URL: redis.url, FRAME_BUFFER_RETENTION_SECONDS: '21600' });
    const prefix = `in-${kind.replaceAll(' ', '-')}`;
    const [moving, staying] = [await connect(archived, prefix), await connect(plain, `staying-${prefix}`)];
    const client = await createClient({ url: redis.url }).connect();
    for (let at = 0; at < messages; at += 1) {
      await send(moving, at);
      await send(staying, at);
      // A third of the way, everything so far has left Redis.
      if (at % 4 !== 3) continue;
      for (const student of students) {
        await expect.poll(() => client.zCard(`frames_meta:${prefix}-${student}`), { timeout: 15_000 }).toBe(0);
      }
    }
    expect(await client.zCard(`frames_meta:staying-${prefix}-ada`)).toBe(messages * 5);
    expect(await sessions()).toHaveLength(kind === 'the records' ? 0 : students.length);
    const figures = (await archived.ask('GET', '/metrics')).text;
    expect(figures).toContain(`invigil_frames_archived_total ${students.length * messages * 5}`);
    expect((await archived.ask('GET', '/healthz')).json).toMatchObject({ archive_failing_since: null });
    expect(await dumpedBy(moving, prefix)).toEqual(await dumpedBy(staying, `staying-${prefix}`));
    expect(await sessions()).toEqual([]);
    // Only the seals are left, which refuse messages on their way.
    expect((await client.keys('frame*')).filter((key) => !key.startsWith('frames_state:'))).toEqual([]);
    client.destroy();
    await archived.close();
    await plain.close();
  });
});

test.each([
  ['before its end', 0],
  ['while it continues', 3],
])('a session whose older frames are archived keeps them if Redis loses its data %s', async (_when, more) => {
  const server = await startServer({
    REDIS_URL: redis.url,
    FRAME_BUFFER_RETENTION_SECONDS: '1',
    FRAME_ARCHIVE_DIR: join(await makeFolder(), 'archive'),
  });
  const sessionId = `lost-${more}`;
  const client = await new SessionClient(server, sessionId).opened();
  const keys = await createClient({ url: redis.url }).connect();
  for (let at = 0; at < 4; at += 1) {
    client.send(batch(at * 5, at * 5 + 4));
    await client.next('ack');
  }
  await expect.poll(() => keys.zCard(`frames_meta:${sessionId}`), { timeout: 15_000 }).toBe(0);
  await keys.flushAll();
  keys.destroy();
  for (let at = 4; at < 4 + more; at += 1) {
    client.send(batch(at * 5, at * 5 + 4));
    expect(await client.next('ack')).toMatchObject({ up_to_seq: at * 5 + 4 });
  }
  client.close();
  expect((await server.ask('POST', `/api/v1/session/${sessionId}/end`)).status).toBe(204);
  const file = join(server.dumpDir, `${sessionId}_frames.json`);
  const dump = JSON.parse(await readFile(file, 'utf8')) as FramesDump;
  expect(dump.frames).toHaveLength((4 + more) * 5);
  expect(verifyDump(dump)).toMatchObject({ verdict: 'whole', links: 4 + more });
  const report = (await server.ask('GET', `/api/v1/session/${sessionId}/report`)).json as { integrity: object };
  expect(report.integrity).toMatchObject({ frames: (4 + more) * 5, frames_lost: 0 });
  expect(report.integrity).not.toHaveProperty('store_lost');
  await server.close();
});

test('what a session has in Redis outlives a server that is down for days', async () => {
  const server = await startServer({ REDIS_URL: redis.url });
  const client = await new SessionClient(server, 'holidays').opened();
  client.send(batch(0, 4));
  await client.next('ack');
  const keys = await createClient({ url: redis.url }).connect();
  for (const key of [
    'frames_state:holidays',
    'frames_meta:holidays',
    'frames_links:holidays',
    'frame_meta:holidays:0',
  ]) {
    expect(await keys.ttl(key)).toBeGreaterThan(14 * 86_400);
  }
  keys.destroy();
  client.close();
  expect((await server.ask('POST', '/api/v1/session/holidays/end')).status).toBe(204);
  await server.close();
});

test('a running session is exported whole, and continues from a backup of its archived frames', async () => {
  const settingsIn = async (): Promise<Record<string, string>> => {
    const home = await makeFolder();
    return {
      DATA_DIR: join(home, 'data'),
      DUMP_DIR: join(home, 'dumps'),
      FRAME_ARCHIVE_DIR: join(home, 'archive'),
      FRAME_BUFFER_RETENTION_SECONDS: '1',
    };
  };
  const source = await settingsIn();
  const server = await startServer(source);
  const client = await new SessionClient(server, 'kept').opened();
  client.send(batch(0, 19));
  await client.next('ack');
  await expect
    .poll(() => readdir(source['FRAME_ARCHIVE_DIR']!, { recursive: true }), { timeout: 15_000 })
    .toContainEqual(expect.stringMatching(/\.block$/));
  const backup = join(await makeFolder(), 'backup');
  await runCommandIn(backupCommand, source, backup);
  client.close();
  await server.close();
  const target = await settingsIn();
  await expect(
    runCommandIn(restoreCommand, { DATA_DIR: target['DATA_DIR']!, DUMP_DIR: target['DUMP_DIR']! }, backup),
  ).rejects.toThrow('set FRAME_ARCHIVE_DIR; nothing was restored');
  await runCommandIn(restoreCommand, target, backup);
  await expect(runCommandIn(restoreCommand, target, backup)).rejects.toThrow('nothing was restored');
  const restored = await startServer(target);
  const again = await new SessionClient(restored, 'kept').opened();
  again.send(batch(20, 24));
  expect(await again.next('ack')).toMatchObject({ up_to_seq: 24 });
  again.close();
  expect((await restored.ask('POST', '/api/v1/session/kept/end')).status).toBe(204);
  const dump = JSON.parse(await readFile(join(restored.dumpDir, 'kept_frames.json'), 'utf8')) as { frames: object[] };
  expect(dump.frames).toHaveLength(25);
  await restored.close();
});
