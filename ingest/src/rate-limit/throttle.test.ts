import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { openRedis } from '../redis/redis-client.ts';
import { createLocalThrottle, createRedisThrottle } from './throttle.ts';
import type { Throttle } from './throttle.ts';

const contract = (create: (name: string, intervalMs: number) => Throttle): void => {
  test('allows one request per key and interval, and returns how long to wait', async () => {
    const throttle = create('first', 60_000);
    expect(await throttle.take('ada')).toBeNull();
    const waitMs = await throttle.take('ada');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_000);
    expect(await throttle.take('bob')).toBeNull();
  });

  test('refused requests do not extend the wait', async () => {
    const throttle = create('second', 3000);
    expect(await throttle.take('ada')).toBeNull();
    await delay(200);
    const waitMs = await throttle.take('ada');
    expect(waitMs).toBeLessThanOrEqual(2801);
    await delay((waitMs ?? 0) + 50);
    expect(await throttle.take('ada')).toBeNull();
  });

  test('throttles of different names do not share keys', async () => {
    expect(await create('third', 1000).take('ada')).toBeNull();
    expect(await create('fourth', 1000).take('ada')).toBeNull();
  });
};

describe('a throttle for one process', () => {
  contract((_name, intervalMs) => createLocalThrottle(intervalMs));

  test('goes by the clock that it is given, which a wall clock cannot set back', async () => {
    let nowMs = 5000;
    const throttle = createLocalThrottle(1000, () => nowMs);
    expect(await throttle.take('ada')).toBeNull();
    nowMs = 5400;
    expect(await throttle.take('ada')).toBe(600);
    nowMs = 6000;
    expect(await throttle.take('ada')).toBeNull();
  });
});

describe('a throttle in Redis', () => {
  let service: Awaited<ReturnType<typeof startRedis>>;
  let client: ReturnType<typeof openRedis<Record<never, never>>>;
  beforeAll(async () => {
    service = await startRedis();
    client = openRedis(service.url, {}, pino({ level: 'silent' }));
    if (!client.isReady) await new Promise((resolve) => client.once('ready', resolve));
  });
  afterAll(async () => {
    client.destroy();
    await service.stop();
  });

  contract((name, intervalMs) => createRedisThrottle(client, name, intervalMs));

  test('replicas share the interval', async () => {
    expect(await createRedisThrottle(client, 'shared', 1000).take('ada')).toBeNull();
    expect(await createRedisThrottle(client, 'shared', 1000).take('ada')).toBeGreaterThan(0);
  });
});
