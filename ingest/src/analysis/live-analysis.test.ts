import type { StoredFrame } from '@invigil/protocol/frame';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { startPosition } from '../frames/frame-store.ts';
import { startAnalysis, stepAnalysis, stepGroup } from './analysis-state.ts';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { LiveAnalysis } from './live-analysis.ts';
import type { ObservationEvent } from './live-analysis.ts';
import type { LoadedAnalysis } from './live-session.ts';

const log = pino({ level: 'silent' });
const startMs = Date.UTC(2026, 0, 5, 9);

/** Five frames a second, with a phone visible from `phoneFrom` on. */
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

/** Version 2 analyses by time. */
const defaultRules: AnalysisRules = { version: '2', accommodations: [] };
const set = ruleSetOf(defaultRules);
const group = (taken: StoredFrame[]) => ({ frames: taken, position: startPosition });
const analysisOf = (stored: readonly StoredFrame[]): LoadedAnalysis => {
  let folded = startAnalysis(set, startMs);
  for (const frame of stored.toSorted((a, b) => a.timestamp - b.timestamp)) [folded] = stepAnalysis(folded, frame, set);
  return { folded, rules: defaultRules, revision: 0 };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Replicas over one store of frames. */
const setUp = (untilRead: () => Promise<void> = async () => {}) => {
  const store: StoredFrame[] = [];
  let loads = 0;
  const replica = () => {
    const emitted: ObservationEvent[] = [];
    const live = new LiveAnalysis({
      log,
      now: Date.now,
      async load() {
        loads += 1;
        await untilRead();
        return analysisOf(store);
      },
    });
    live.onObservation((event) => emitted.push(event));
    const take = (taken: StoredFrame[]): void => {
      store.push(...taken);
      void live.stored('s', group(taken));
    };
    return { take, emitted, live, ids: () => [...new Set(emitted.map(({ observation }) => observation.id))] };
  };
  return { replica, loads: () => loads };
};

test('emits an observation when it opens, and when it closes', async () => {
  const { replica } = setUp();
  const { take, emitted } = replica();
  take(frames(0, 10));
  await settle();
  take(frames(10, 60));
  expect(emitted.map(({ event, observation }) => [event, observation.type])).toEqual([['opened', 'phone_visible']]);
  take(frames(60, 100, Infinity));
  expect(emitted.map(({ event }) => event)).toEqual(['opened', 'closed']);
});

test('an observation that began on one replica opens on the next, with the same id', async () => {
  const whole = setUp().replica();
  whole.take(frames(0, 10));
  await settle();
  whole.take(frames(10, 60));

  const { replica } = setUp();
  const [first, second] = [replica(), replica()];
  first.take(frames(0, 10));
  await settle();
  first.take(frames(10, 22));
  expect(first.emitted).toEqual([]);
  second.take(frames(22, 24));
  await settle();
  second.take(frames(24, 60));
  expect(second.ids()).toEqual(whole.ids());
});

test('frames that alternate between two replicas are one observation on both', async () => {
  const { replica } = setUp();
  const replicas = [replica(), replica()] as const;
  for (let from = 0; from < 60; from += 5) {
    replicas[(from / 5) % 2]?.take(frames(from, from + 5, 22));
    await settle();
  }
  expect(replicas.map(({ ids }) => ids())).toEqual([['phone_visible-22'], ['phone_visible-22']]);
});

test('frames that are stored while the session is loaded are not skipped', async () => {
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(0, 10));
  for (let from = 10; from < 60; from += 5) take(frames(from, from + 5));
  await settle();
  expect(ids()).toEqual(['phone_visible-20']);
});

test('frames that arrive while the session is loaded, and are loaded with it, cause no further load', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { replica, loads } = setUp(settle);
    const { take, emitted } = replica();
    for (let at = 0; at < 25; at += 5) take(frames(at, at + 5));
    await settle();
    await settle();
    take(frames(25, 60));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loads()).toBe(1);
    expect(emitted.map(({ observation }) => observation.type)).toEqual(['phone_visible']);
  } finally {
    vi.useRealTimers();
  }
});

test('emits an observation among late frames that were stored while the session was loaded', async () => {
  vi.useFakeTimers();
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(80, 90, Infinity));
  take(frames(0, 80));
  await vi.advanceTimersByTimeAsync(2000);
  expect(ids()).toEqual(['phone_visible-20']);
  vi.useRealTimers();
});

test('emits an observation among frames that arrive late', async () => {
  vi.useFakeTimers();
  const { replica } = setUp();
  const { take, ids } = replica();
  take(frames(0, 10));
  await vi.advanceTimersByTimeAsync(0);
  take(frames(80, 90, Infinity));
  await vi.advanceTimersByTimeAsync(0);
  // The missing frame may still arrive; an open gap raises no alert.
  expect(ids()).toEqual(['stream_gap-9']);
  take(frames(10, 80));
  await vi.advanceTimersByTimeAsync(2000);
  expect(ids()).toEqual(['stream_gap-9', 'phone_visible-20']);
  vi.useRealTimers();
});

test('removes a quiet session from memory, and emits all its observations when it continues', async () => {
  const emitted: string[] = [];
  let nowMs = startMs;
  const live = new LiveAnalysis({
    log,
    now: () => nowMs,
    // The store has more frames of the silent session by then.
    load: async (sessionId) => analysisOf(sessionId === 'silent' && emitted.length > 0 ? frames(0, 60) : frames(0, 10)),
  });
  live.onObservation(({ sessionId, observation }) => emitted.push(`${sessionId} ${observation.type}`));
  for (const id of ['silent', 'lively']) void live.stored(id, group(frames(0, 10)));
  await settle();
  expect(live.size).toBe(2);
  nowMs += 500_000;
  void live.stored('lively', group(frames(10, 20)));
  nowMs += 500_000;
  void live.stored('new', group(frames(0, 10)));
  await settle();
  expect(live.size).toBe(2);
  void live.stored('lively', group(frames(20, 60)));
  void live.stored('silent', group(frames(10, 60)));
  await settle();
  expect(emitted).toEqual(['lively phone_visible', 'silent phone_visible']);
  expect(live.size).toBe(3);
});

test('looks for quiet sessions seldom, however many sessions are loaded', async () => {
  const live = new LiveAnalysis({ log, now: () => startMs, load: async () => analysisOf(frames(0, 10)) });
  const values = vi.spyOn(Map.prototype, Symbol.iterator);
  for (let at = 0; at < 50; at += 1) void live.stored(String(at), group(frames(0, 10)));
  const searches = values.mock.calls.length;
  values.mockRestore();
  expect(searches).toBe(1);
  await settle();
});

test('holds the same state as a fold of all frames, and only once it is loaded', async () => {
  const { replica } = setUp();
  const { take, live } = replica();
  expect(live.find('s')).toBeNull();
  take(frames(0, 10));
  expect(live.find('s')).toBeNull();
  expect(live.pending()).toEqual({ size: 0, capacity: 1000 });
  await live.loaded('s');
  take(frames(10, 80));
  take(frames(80, 100, Infinity));
  const all = [...frames(0, 80), ...frames(80, 100, Infinity)];
  expect(JSON.stringify(live.find('s')?.folded)).toBe(JSON.stringify(analysisOf(all).folded));
  live.forget('s');
  expect(live.find('s')).toBeNull();
});

test('a checkpoint by the same rules updates the revision; one by other rules drops the state', async () => {
  const { replica } = setUp();
  const { take, live } = replica();
  take(frames(0, 10));
  await live.loaded('s');
  live.checkpointed('s', { rules: defaultRules, revision: 3 });
  expect(live.find('s')?.revision).toBe(3);
  live.checkpointed('s', { rules: { ...defaultRules, version: '1' }, revision: 4 });
  expect(live.find('s')).toBeNull();
});

test('a session whose lists grow too long keeps emitting, but no longer offers its state', async () => {
  const { replica } = setUp();
  const { take, live, emitted } = replica();
  take(frames(0, 10));
  await live.loaded('s');
  const violation = { type: 'TAB_SWITCH' as const, timestamp: startMs };
  const [first, ...others] = frames(10, 80);
  take([{ ...first!, page_violations: Array.from({ length: 501 }, () => violation) }]);
  expect(live.find('s')).toBeNull();
  take(others);
  expect(emitted.map(({ event }) => event)).toEqual(['opened']);
});

test('a load that fails is tried again with the next frame', async () => {
  let isAway = true;
  const live = new LiveAnalysis({
    log,
    now: () => startMs,
    async load() {
      if (isAway) throw new Error('away');
      return analysisOf(frames(0, 10));
    },
  });
  void live.stored('s', group(frames(0, 5)));
  await live.loaded('s');
  expect(live.size).toBe(0);
  isAway = false;
  void live.stored('s', group(frames(5, 10)));
  await live.loaded('s');
  expect(live.find('s')?.folded.state.frames).toBe(10);
});

describe('rules that analyse in order of arrival', () => {
  const arrivalRules: AnalysisRules = { version: '3', accommodations: [] };
  const arrivalSet = ruleSetOf(arrivalRules);
  const groups = (sizes: readonly number[]): ArrivalGroup[] => {
    let from = 0;
    return sizes.map((size, index) => {
      const taken = frames(from, from + size, Infinity);
      from += size;
      return { frames: taken, position: { ...startPosition, links: index + 1 } };
    });
  };
  /** The first message of a session starts its load, which finds it in the store. */
  const start = (first: ArrivalGroup, untilRead: () => Promise<void> = async () => {}) => {
    let loads = 0;
    const live = new LiveAnalysis({
      log,
      now: Date.now,
      async load() {
        loads += 1;
        await untilRead();
        return { folded: foldOf([first]), rules: arrivalRules, revision: 0 };
      },
    });
    void live.stored('s', first);
    return { live, loads: () => loads };
  };
  const foldOf = (all: readonly ArrivalGroup[]) => {
    let folded = startAnalysis(arrivalSet, startMs);
    for (const each of all) [folded] = stepGroup(folded, each, arrivalSet);
    return folded;
  };

  test('a large message and those behind it give the state of a fold of all, and nobody sees half of one', async () => {
    const [first, ...rest] = groups([1, 500, 5, 200]) as [ArrivalGroup, ...ArrivalGroup[]];
    const { live, loads } = start(first);
    await live.loaded('s');
    for (const each of rest) void live.stored('s', each);
    expect([1, 501, 506, 706]).toContain(live.find('s')?.folded.state.frames);
    await live.loaded('s');
    expect(live.find('s')?.folded).toEqual(foldOf([first, ...rest]));
    expect(loads()).toBe(1);
  });

  test('messages of the maximum size that arrive during the load need no second one', async () => {
    let read: () => void = () => undefined;
    const [first, ...rest] = groups([1, 500, 499]) as [ArrivalGroup, ...ArrivalGroup[]];
    const { live, loads } = start(first, () => new Promise((resolve) => (read = resolve)));
    for (const each of rest) void live.stored('s', each);
    read();
    await live.loaded('s');
    expect(live.find('s')?.folded).toEqual(foldOf([first, ...rest]));
    expect(loads()).toBe(1);
  });

  test('a session that is forgotten meanwhile is not analysed on', async () => {
    const [first, large] = groups([1, 500]) as [ArrivalGroup, ArrivalGroup];
    const { live } = start(first);
    await live.loaded('s');
    void live.stored('s', large);
    live.forget('s');
    await settle();
    expect(live.find('s')).toBeNull();
    expect(live.size).toBe(0);
  });
});
