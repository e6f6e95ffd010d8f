import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { currentRuleSet } from '@invigil/protocol/rules';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { frameKeys } from '../frames/frame-keys.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import { defaultRules } from './analysis-rules.ts';
import { startAnalysis } from './analysis-state.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts';
import { EmbeddedCheckpointStore } from './embedded-checkpoint-store.ts';
import { RedisCheckpointStore } from './redis-checkpoint-store.ts';

const log = pino({ level: 'silent' });
const startMs = Date.UTC(2026, 0, 5, 9);
const checkpointOf = (frames: number): Checkpoint => {
  const folded = startAnalysis(currentRuleSet, startMs);
  return { form: checkpointForm, rules: defaultRules, folded: { ...folded, state: { ...folded.state, frames } } };
};

/** The contract of every checkpoint store. */
const contract = (open: () => CheckpointStore): void => {
  let store: CheckpointStore;
  let sessionId: string;
  let sessions = 0;
  beforeEach(() => {
    store = open();
    sessionId = `kept-${sessions++}`;
  });
  afterEach(() => store.close());

  test('knows nothing of a session that was never kept', async () => {
    expect(await store.load(sessionId)).toBeNull();
    expect(await store.save(sessionId, checkpointOf(1), 3)).toBe(false);
    expect(await store.load(sessionId)).toBeNull();
  });

  test('returns the stored checkpoint, with the revision to replace', async () => {
    expect(await store.save(sessionId, checkpointOf(50), 0)).toBe(true);
    expect(await store.load(sessionId)).toEqual({ checkpoint: checkpointOf(50), revision: 1 });
    expect(await store.save(sessionId, checkpointOf(100), 1)).toBe(true);
    expect(await store.load(sessionId)).toEqual({ checkpoint: checkpointOf(100), revision: 2 });
  });

  test.each([0, 1, 7])('refuses a replacement of revision %i if the kept one is 2', async (revision) => {
    await store.save(sessionId, checkpointOf(50), 0);
    await store.save(sessionId, checkpointOf(100), 1);
    expect(await store.save(sessionId, checkpointOf(9), revision)).toBe(false);
    expect(await store.load(sessionId)).toEqual({ checkpoint: checkpointOf(100), revision: 2 });
  });

  test('lets one of several replicas win', async () => {
    const replicas = Array.from({ length: 8 }, open);
    const won = await Promise.all(replicas.map((replica, at) => replica.save(sessionId, checkpointOf(at), 0)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.load(sessionId)).toEqual({ checkpoint: checkpointOf(won.indexOf(true)), revision: 1 });
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  test('forgets a session alone', async () => {
    await store.save(sessionId, checkpointOf(1), 0);
    await store.save(`${sessionId}-other`, checkpointOf(2), 0);
    await store.clear(sessionId);
    await store.clear(sessionId);
    expect(await store.load(sessionId)).toBeNull();
    expect(await store.load(`${sessionId}-other`)).not.toBeNull();
    expect(await store.save(sessionId, checkpointOf(3), 0)).toBe(true);
  });
};

describe('in a file', () => {
  let folder: string;
  let nowMs: number;
  const open = () =>
    new EmbeddedCheckpointStore({
      file: join(folder, 'deep', 'analysis.db'),
      retentionSeconds: 1200,
      log,
      now: () => nowMs,
    });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-checkpoints-'));
    nowMs = startMs;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  contract(open);

  test('outlives the process', async () => {
    const one = open();
    await one.save('s1', checkpointOf(50), 0);
    await one.close();
    const other = open();
    expect(await other.load('s1')).toEqual({ checkpoint: checkpointOf(50), revision: 1 });
    await other.close();
  });

  test('removes expired checkpoints once a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = open();
    await store.save('old', checkpointOf(1), 0);
    nowMs += 600_000;
    await store.save('new', checkpointOf(1), 0);
    nowMs += 600_001;
    expect(await store.load('old')).not.toBeNull();
    vi.advanceTimersByTime(60_000);
    expect(await store.load('old')).toBeNull();
    expect(await store.load('new')).not.toBeNull();
    await store.close();
    vi.useRealTimers();
  });

  test('leaves nothing of an erased session in its files', async () => {
    const store = open();
    const named = checkpointOf(1);
    await store.save(
      's1',
      { ...named, rules: { ...named.rules, accommodations: [{ name: 'ERASED-MARK', off: [], longer: {} }] } },
      0,
    );
    const files = async (): Promise<string> => {
      const names = await readdir(join(folder, 'deep'));
      return (await Promise.all(names.map((name) => readFile(join(folder, 'deep', name), 'latin1')))).join('');
    };
    expect(await files()).toContain('ERASED-MARK');
    await store.clear('s1');
    expect(await files()).not.toContain('ERASED-MARK');
    await store.close();
  });

  test('fails with unavailable once it is closed, and can be closed twice', async () => {
    const store = open();
    await store.close();
    await store.close();
    await expect(store.load('s1')).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
  });
});

describe('in Redis', () => {
  let service: Awaited<ReturnType<typeof startRedis>>;
  let client: ReturnType<typeof openFrameRedis>;
  beforeAll(async () => {
    service = await startRedis();
    client = openFrameRedis(service.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
  });
  afterAll(async () => {
    client.destroy();
    await service.stop();
  });
  contract(() => new RedisCheckpointStore(client, 1200));

  test('expires, counted from the last change', async () => {
    const store = new RedisCheckpointStore(client, 1200);
    await store.save('s1', checkpointOf(1), 0);
    await client.expire(frameKeys.analysis('s1'), 5);
    await store.save('s1', checkpointOf(2), 1);
    expect(await client.ttl(frameKeys.analysis('s1'))).toBeGreaterThan(1190);
  });
});
