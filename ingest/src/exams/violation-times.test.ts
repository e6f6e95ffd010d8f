import type { StoredFrame } from '@invigil/protocol/frame';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ViolationTimes, violationIntervalMs, violationsIn } from './violation-times.ts';
import type { SeenViolation } from './violation-times.ts';

const tab = (atMs: number): SeenViolation => ({ type: 'TAB_SWITCH', atMs });
const copy = (atMs: number): SeenViolation => ({ type: 'COPY_ATTEMPT', atMs });
const timesOf = (times: ViolationTimes, type: SeenViolation['type']) => times.byType().get(type);

describe('the violations inside frames', () => {
  const frameOf = (timestamp: number, receivedAt: number): StoredFrame => ({
    frame_id: '1',
    seq: 1,
    timestamp,
    received_at: receivedAt,
    page_violations: [{ type: 'TAB_SWITCH', timestamp }],
  });

  test('keep their time of detection if they were sent late', () => {
    expect(violationsIn([frameOf(1000, 9000)])).toEqual([tab(1000)]);
  });

  test('have the time of arrival if the client’s clock is ahead', () => {
    expect(violationsIn([frameOf(9000, 1000)])).toEqual([tab(1000)]);
  });

  test('are none in frames without any', () => {
    expect(violationsIn([{ frame_id: '1', seq: 1, timestamp: 1, received_at: 1 }])).toEqual([]);
  });
});

describe('the violations of a session', () => {
  test('count once within a second, and twice from a second on', () => {
    const times = new ViolationTimes();
    times.add([tab(0), tab(violationIntervalMs - 1), tab(violationIntervalMs)]);
    expect(timesOf(times, 'TAB_SWITCH')).toEqual([0, violationIntervalMs]);
  });

  test('of different types count side by side', () => {
    const times = new ViolationTimes();
    times.add([tab(5), copy(5)]);
    expect(times.size).toBe(2);
    expect(new Set(times.all())).toEqual(new Set([tab(5), copy(5)]));
  });

  test('before the earliest possible time are moved to it and count as one', () => {
    const times = new ViolationTimes(10_000);
    times.add([tab(-Infinity), tab(1), tab(5000), tab(10_500), tab(11_000)]);
    expect(timesOf(times, 'TAB_SWITCH')).toEqual([10_000, 11_000]);
  });

  test('are the same if a batch is added twice', () => {
    const times = new ViolationTimes();
    const batch = [tab(0), tab(1500), copy(700)];
    times.add(batch);
    const once = times.all();
    times.add(batch);
    expect(times.all()).toEqual(once);
  });

  test('are ascending, a second apart and among the reported ones, in whatever batches they come', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 10 }), { maxLength: 10 });
    fc.assert(
      fc.property(batches, (list) => {
        const times = new ViolationTimes();
        for (const batch of list) times.add(batch.map(tab));
        const kept = timesOf(times, 'TAB_SWITCH') ?? [];
        const reported = new Set(list.flat());
        expect(kept.every((atMs) => reported.has(atMs))).toBe(true);
        expect(kept.every((atMs, at) => at === 0 || atMs - kept[at - 1]! >= violationIntervalMs)).toBe(true);
        expect(kept.length > 0).toBe(reported.size > 0);
      }),
    );
  });
});
