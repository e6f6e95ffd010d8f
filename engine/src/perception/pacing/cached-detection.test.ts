import { describe, expect, test } from 'vitest';
import { CachedDetection } from './cached-detection.ts';
import type { Capability } from './cached-detection.ts';

const held = () => {
  const told: Capability[] = [];
  return { told, reading: new CachedDetection<number>({ available: true }, (capability) => told.push(capability)) };
};

describe('a cached detection', () => {
  test('is reused while it is fresh, and is not due afterwards', async () => {
    const { reading } = held();
    expect([reading.fresh(0, 500), reading.whyUnknown]).toEqual([null, 'not_due']);
    await reading.run(1000, async () => 7);
    expect(reading.fresh(1500, 500)).toEqual({ value: 7, atMs: 1000 });
    expect([reading.fresh(1501, 500), reading.whyUnknown]).toEqual([null, 'not_due']);
  });

  test('a detector that fails is unknown with that reason, reported once, and recovers', async () => {
    const { told, reading } = held();
    await reading.run(0, async () => 1);
    for (const atMs of [100, 200]) await reading.run(atMs, () => Promise.reject(new Error('out of memory')));
    expect([reading.fresh(200, 500), reading.whyUnknown]).toEqual([null, 'detector_failed']);
    expect(told).toEqual([{ available: false, reason: 'out of memory' }]);
    await reading.run(300, async () => 2);
    expect(reading.fresh(300, 500)?.value).toBe(2);
    expect(told.slice(1)).toEqual([{ available: true }]);
  });

  test('a detector that was not loaded never runs', async () => {
    const reading = new CachedDetection<number>({ available: false, reason: '404' });
    let runs = 0;
    await reading.run(0, async () => (runs += 1));
    expect([runs, reading.whyUnknown]).toEqual([0, 'model_missing']);
    expect(reading.capability).toEqual({ available: false, reason: '404' });
  });
});
