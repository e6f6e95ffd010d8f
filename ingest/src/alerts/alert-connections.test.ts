import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { Bus } from '../bus/bus.ts';
import { MessageRelay } from '../bus/message-relay.ts';
import { redisLink } from '../bus/redis-link.ts';
import { topics } from '../bus/topics.ts';
import { Roster } from '../replicas/roster.ts';
import { AlertConnections } from './alert-connections.ts';
import type { AlertsConnection } from './alert-connections.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let redis: Awaited<ReturnType<typeof startRedis>>;
let closers: (() => Promise<void>)[];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
});

const fail = (error: unknown): never => {
  throw error;
};

/** Connecting to Redis takes seconds on a busy machine, and polls time out after one second by default. */
const soon = { timeout: 15_000 };

/** A replica's part of the bus. */
const openRoster = () => {
  const replicaId = randomUUID();
  const bus = new Bus(new MessageRelay(replicaId, redisLink(redis.url), fail), ({ topic }) =>
    fail(new TypeError(topic)),
  );
  const roster = new Roster<AlertsConnection>({ topic: topics.alertsRoster, replicaId, bus, now: Date.now });
  closers.push(async () => {
    roster.close();
    await bus.close();
  });
  return { bus, roster };
};

const replica = async (): Promise<AlertConnections> => {
  const { bus, roster } = openRoster();
  await waitFor(() => bus.check(), soon);
  return new AlertConnections(bus, roster, Date.now, Date.now);
};

test('keeps one of two connections of a user that arrive on two replicas at the same moment', async () => {
  const [here, there] = await Promise.all([replica(), replica()]);
  for (let round = 0; round < 10; round++) {
    const userId = `tina-${round}`;
    const replaced: string[] = [];
    const open = [here.open(userId, () => replaced.push('here')), there.open(userId, () => replaced.push('there'))];
    await expect.poll(() => replaced.length, soon).toBe(1);
    for (const connection of open) connection.close();
  }
});

test('a newer connection replaces the older one of the same user only', async () => {
  const here = await replica();
  const replaced: string[] = [];
  here.open('tina', () => replaced.push('first'));
  here.open('tom', () => replaced.push('tom'));
  here.open('tina', () => replaced.push('second'));
  await expect.poll(() => replaced, soon).toEqual(['first']);
});

test('replaces an older connection whose announcement was missed', async () => {
  const here = await replica();
  const replaced: string[] = [];
  here.open('tina', () => replaced.push('here'));
  await new Promise((resolve) => setTimeout(resolve, 2));
  // A replica whose announcements are lost still lists its connections.
  const { roster } = openRoster();
  roster.set('other', { userId: 'tina', arrivedMs: Date.now(), lastHeartbeatMs: Date.now() });
  await expect.poll(() => replaced, soon).toEqual(['here']);
});

test('finds a user’s connection on any replica', async () => {
  const [here, there] = await Promise.all([replica(), replica()]);
  const connection = there.open('tina', () => undefined);
  await expect.poll(() => here.isConnected('tina'), soon).toBe(true);
  expect(here.isConnected('tom')).toBe(false);
  connection.close();
  await expect.poll(() => here.isConnected('tina'), soon).toBe(false);
});
