import { currentRuleSet } from '@invigil/protocol/rules';
import { startSession, stepSession } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { ObservationWatch } from './observation-watch.ts';
import type { ObservationNews } from './observation-watch.ts';

const log = pino({ level: 'silent' });
const startMs = Date.UTC(2026, 0, 5, 9);

/** Five frames a second, with a phone in sight from `phoneFrom` on. */
const frames = (from: number, to: number, phoneFrom = 20): StoredFrame[] =>
  Array.from({ length: to - from }, (_, index) => ({
    frame_id: String(from + index),
    seq: from + index,
    timestamp: startMs + (from + index) * 200,
    received_at: startMs + (from + index) * 200,
    no_of_face: 1,
    phone_present: from + index >= phoneFrom ? 1 : 0,
    phone_conf: 90,
  }));

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Replicas over one store of frames. */
const setUp = (untilRead: () => Promise<void> = async () => {}) => {
  const store: StoredFrame[] = [];
  let recalls = 0;
  const replica = () => {
    const told: ObservationNews[] = [];
    const watch = new ObservationWatch({
      log,
      now: Date.now,
      async recall() {
        recalls += 1;
        await untilRead();
        const inOrder = store.toSorted((a, b) => a.timestamp - b.timestamp);
        let state = startSession();
        for (const frame of inOrder) [state] = stepSession(state, frame);
        return { state, rules: currentRuleSet, last: inOrder.at(-1) ?? null };
      },
    });
    watch.on((news) => told.push(news));
    const take = (taken: StoredFrame[]): void => {
      store.push(...taken);
      watch.stored('s', taken);
    };
    return { take, told, ids: () => [...new Set(told.map(({ observation }) => observation.id))] };
  };
  return { replica, recalls: () => recalls };
};

test('tells an observation as soon as it opens, and when it closes', async () => {
  const { replica } = setUp();
  const { take, told } = replica();
  take(frames(0, 10));
  await settle();
  take(frames(10, 60));
  expect(told.map(({ event, observation }) => [event, observation.type])).toEqual([['opened', 'phone_visible']]);
  take(frames(60, 100, Infinity));
  expect(told.map(({ event }) => event)).toEqual(['opened', 'closed']);
});

test('what began on one replica opens on the next, with the same id', async () => {
  const whole = setUp().replica();
  whole.take(frames(0, 10));
  await settle();
  whole.take(frames(10, 60));

  const { replica } = setUp();
  const [first, second] = [replica(), replica()];
  first.take(frames(0, 10));
  await settle();
  first.take(frames(10, 22));
  expect(first.told).toEqual([]);
  second.take(frames(22, 24));
  await settle();
  second.take(frames(24, 60));
  expect(second.ids()).toEqual(whole.ids());
});

test('frames that come now to one replica and now to another are one observation on both', async () => {
  const { replica } = setUp();
  const replicas = [replica(), replica()] as const;
  for (let from = 0; from < 60; from += 5) {
    replicas[(from / 5) % 2]?.take(frames(from, from + 5, 22));
    await settle();
  }
  expect(replicas.map(({ ids }) => ids())).toEqual([['phone_visible-22'], ['phone_visible-22']]);
});

test('frames that are stored while the past is recalled are not skipped', async () => {
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(0, 10));
  for (let from = 10; from < 60; from += 5) take(frames(from, from + 5));
  await settle();
  expect(ids()).toEqual(['phone_visible-20']);
});

test('frames that come while the past is recalled, and are recalled with it, ask for no further recall', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { replica, recalls } = setUp(settle);
    const { take, told } = replica();
    for (let at = 0; at < 25; at += 5) take(frames(at, at + 5));
    await settle();
    await settle();
    take(frames(25, 60));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(recalls()).toBe(1);
    expect(told.map(({ observation }) => observation.type)).toEqual(['phone_visible']);
  } finally {
    vi.useRealTimers();
  }
});

test('an observation among late frames that were stored while the past was recalled is told too', async () => {
  vi.useFakeTimers();
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(80, 90, Infinity));
  take(frames(0, 80));
  await vi.advanceTimersByTimeAsync(2000);
  expect(ids()).toEqual(['phone_visible-20']);
  vi.useRealTimers();
});

test('an observation among frames that come late is told too', async () => {
  vi.useFakeTimers();
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(0, 10));
  await vi.advanceTimersByTimeAsync(0);
  take(frames(80, 90, Infinity));
  await vi.advanceTimersByTimeAsync(0);
  // What is missing is missing so far, which is no alert.
  expect(ids()).toEqual(['stream_gap-9']);
  take(frames(10, 80));
  await vi.advanceTimersByTimeAsync(2000);
  expect(ids()).toEqual(['stream_gap-9', 'phone_visible-20']);
  vi.useRealTimers();
});

test('a session that is silent is not remembered for ever, and is told whole when it goes on', async () => {
  const told: string[] = [];
  let nowMs = startMs;
  const watch = new ObservationWatch({
    log,
    now: () => nowMs,
    // As the store has it by then.
    async recall(sessionId) {
      let state = startSession();
      const kept = sessionId === 'silent' && told.length > 0 ? frames(0, 60) : frames(0, 10);
      for (const frame of kept) [state] = stepSession(state, frame);
      return { state, rules: currentRuleSet, last: kept.at(-1) ?? null };
    },
  });
  watch.on(({ sessionId, observation }) => told.push(`${sessionId} ${observation.type}`));
  for (const id of ['silent', 'lively']) watch.stored(id, frames(0, 10));
  await settle();
  expect(watch.size).toBe(2);
  nowMs += 500_000;
  watch.stored('lively', frames(10, 20));
  nowMs += 500_000;
  watch.stored('new', frames(0, 10));
  await settle();
  expect(watch.size).toBe(2);
  watch.stored('lively', frames(20, 60));
  watch.stored('silent', frames(10, 60));
  await settle();
  expect(told).toEqual(['lively phone_visible', 'silent phone_visible']);
  expect(watch.size).toBe(3);
});
