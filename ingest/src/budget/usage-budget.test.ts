import { expect, test } from 'vitest';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { UsageBudget } from './usage-budget.ts';

const limits = {
  messageBytes: 1000,
  messagesPerSecond: 2,
  messageBurst: 4,
  bytesPerSecond: 1000,
  byteBurst: 1000,
  strikes: 2,
  sendBufferBytes: 1000,
  messagesInWork: 4,
  silenceMs: 1000,
};

const open = () => {
  const clock = { ms: 0 };
  const metrics = createMetrics();
  const budget = new UsageBudget({
    rates: {
      frames: { perSecond: 10, burst: 100 },
      requests: { perSecond: 1, burst: 2 },
      addressRequests: { perSecond: 1, burst: 1 },
      addressRefusals: { perSecond: 1, burst: 1 },
      launches: { perSecond: 1, burst: 1 },
      presenceVisits: { perSecond: 1, burst: 1 },
    },
    most: { connections: 2, presenceAgents: 1 },
    metrics,
    monotonicMs: () => clock.ms,
  });
  const refused = async (): Promise<Record<string, number>> => {
    const { values } = await metrics.budgetRefused.get();
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels.limit), value]));
  };
  return { budget, clock, refused };
};

test('each owner has a separate budget, and waits for the missing part', async () => {
  const { budget, clock, refused } = open();
  expect(budget.spend('frames', 'ada', 100)).toBeNull();
  expect(budget.spend('frames', 'ada', 5)).toBe(500);
  expect(budget.spend('frames', 'bob', 100)).toBeNull();
  clock.ms = 500;
  expect(budget.spend('frames', 'ada', 5)).toBeNull();
  expect(await refused()).toEqual({ frames: 1 });
});

test('what is refunded can be spent again, up to the burst', () => {
  const { budget } = open();
  budget.spend('frames', 'ada', 100);
  budget.refund('frames', 'ada', 40);
  expect(budget.spend('frames', 'ada', 41)).not.toBeNull();
  expect(budget.spend('frames', 'ada', 40)).toBeNull();
  budget.refund('frames', 'ada', 5000);
  expect(budget.spend('frames', 'ada', 100)).toBeNull();
  expect(budget.spend('frames', 'ada', 1)).not.toBeNull();
});

test('an amount above the burst is allowed when nothing else was spent', () => {
  const { budget } = open();
  expect(budget.spend('frames', 'ada', 1000)).toBeNull();
  expect(budget.spend('frames', 'ada', 1)).not.toBeNull();
});

test('all connections of a user to a channel share one rate', () => {
  const { budget } = open();
  const [one, other] = [1, 2].map(() => budget.messageRate('session', 'ada', limits));
  expect([1, 2].map(() => one?.take(1, 0))).toEqual([true, true]);
  expect([1, 2, 3].map(() => other?.take(1, 0))).toEqual([true, true, false]);
  expect(budget.messageRate('session', 'bob', limits).take(1, 0)).toBe(true);
});

test('a user’s connections are bounded; a closed one makes room once', async () => {
  const { budget, refused } = open();
  const [first] = [budget.hold('connections', 'ada'), budget.hold('connections', 'ada')];
  expect(budget.hold('connections', 'ada')).toBeNull();
  expect(budget.hold('connections', 'bob')).not.toBeNull();
  first?.();
  first?.();
  expect(budget.hold('connections', 'ada')).not.toBeNull();
  expect(budget.hold('connections', 'ada')).toBeNull();
  expect(await refused()).toEqual({ connections: 2 });
});

test('one owner’s limits do not share a budget, and neither do the channels', () => {
  const { budget } = open();
  expect([1, 2, 3].map(() => budget.spend('requests', 'ada'))).toEqual([null, null, 1000]);
  expect(budget.spend('frames', 'ada', 100)).toBeNull();
  const [session, alerts] = ['session', 'alerts'].map((channel) => budget.messageRate(channel, 'ada', limits));
  expect([1, 2, 3, 4, 5].map(() => session?.take(1, 0))).toEqual([true, true, true, true, false]);
  expect(alerts?.take(1, 0)).toBe(true);
});

test('a refused amount costs nothing, so that waiting as told is enough', () => {
  const { budget, clock } = open();
  budget.spend('requests', 'ada', 2);
  for (let attempt = 0; attempt < 5; attempt += 1) expect(budget.spend('requests', 'ada')).toBe(1000);
  clock.ms = 500;
  expect(budget.spend('requests', 'ada')).toBe(500);
  clock.ms = 1000;
  expect(budget.spend('requests', 'ada')).toBeNull();
});

test('a refund of what was never spent gives nobody more than the burst', () => {
  const { budget } = open();
  budget.refund('requests', 'ada', 2);
  expect([1, 2, 3].map(() => budget.spend('requests', 'ada') === null)).toEqual([true, true, false]);
});

test('what an owner holds of one thing leaves room for the other', async () => {
  const { budget, refused } = open();
  expect(budget.hold('presenceAgents', 'ada')).not.toBeNull();
  expect(budget.hold('presenceAgents', 'ada')).toBeNull();
  expect(budget.hold('connections', 'ada')).not.toBeNull();
  expect(await refused()).toEqual({ presenceAgents: 1 });
});
