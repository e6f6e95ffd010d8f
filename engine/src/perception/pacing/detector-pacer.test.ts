import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DetectorPacer } from './detector-pacer.ts';
import type { PacedDetector, RunOutcome } from './detector-pacer.ts';

const costsMs: Record<PacedDetector, number> = { irises: 25, phone: 180, hands: 120 };

/** A minute at five frames a second; returns how often each detector ran. */
const runMinute = (pacer: DetectorPacer, frameMs: number) => {
  const runs: Record<PacedDetector, number> = { irises: 0, phone: 0, hands: 0 };
  let together = 0;
  for (let atMs = 0; atMs < 60_000; atMs += 200) {
    pacer.frameRead(atMs, frameMs);
    const due = pacer.due(atMs);
    if (due.has('phone') && due.has('hands')) together += 1;
    for (const detector of due) {
      pacer.ran(detector, atMs, costsMs[detector]);
      runs[detector] += 1;
    }
  }
  return { runs, together };
};

describe('detector pacer', () => {
  test('with room in the budget every detector runs at the wanted rate', () => {
    const { runs } = runMinute(new DetectorPacer(1), 15);
    expect(runs.phone).toBeGreaterThanOrEqual(70);
    expect(runs.hands).toBeGreaterThanOrEqual(28);
    expect(runs.irises).toBeGreaterThanOrEqual(140);
  });

  test('a small budget lowers the rates, but the phone search still runs about once a second', () => {
    const generous = runMinute(new DetectorPacer(1), 15).runs;
    const tight = runMinute(new DetectorPacer(0.2), 15).runs;
    expect(tight.irises).toBeLessThan(generous.irises);
    expect(tight.hands).toBeLessThan(generous.hands);
    expect(tight.phone).toBeGreaterThanOrEqual(48);
  });

  test('the stated load matches the cost of the runs', () => {
    const pacer = new DetectorPacer(0.45);
    const { runs } = runMinute(pacer, 15);
    const spentMs =
      (60_000 / 200) * 15 +
      Object.entries(runs).reduce((sum, [name, n]) => sum + n * costsMs[name as PacedDetector], 0);
    expect(Math.abs(pacer.load() - spentMs / 60_000)).toBeLessThan(0.06);
    expect(pacer.load()).toBeLessThan(0.5);
  });

  test('phones and hands are searched for half as often without detections, until a scene change', () => {
    const pacer = new DetectorPacer(1);
    pacer.frameRead(0, 15);
    pacer.ran('phone', 0, 180, 'nothing');
    expect(pacer.due(1400).has('phone')).toBe(false);
    expect(pacer.due(400, true).has('phone')).toBe(true);
    expect(pacer.due(1600).has('phone')).toBe(true);
    expect(pacer.freshForMs('phone')).toBeGreaterThan(1600);
    pacer.ran('phone', 1600, 180, 'candidates');
    expect(pacer.due(2400).has('phone')).toBe(true);
  });

  test('phone and hands never run on the same frame', () => {
    expect(runMinute(new DetectorPacer(1), 15).together).toBe(0);
  });

  test('on a device that is still too slow, faces and phone are searched for less often, within the stated limit', () => {
    const pacer = new DetectorPacer(0.35, 5);
    for (let atMs = 0; atMs < 20_000; atMs += 200) {
      pacer.frameRead(atMs, 90);
      for (const detector of pacer.due(atMs)) pacer.ran(detector, atMs, costsMs[detector] * 3);
    }
    expect(pacer.faceHz()).toBe(2.5);
    expect(pacer.rateHz('phone')).toBeCloseTo(1 / 1.47, 2);
    expect(pacer.rateHz('hands')).toBeCloseTo(1 / 15, 2);
    expect(pacer.freshForMs('phone')).toBeGreaterThan(1470);
  });

  test('a processor that other programs use does not count as a slow one', () => {
    const pacer = new DetectorPacer(0.35, 5);
    for (let atMs = 0; atMs < 20_000; atMs += 200) {
      const slowed = atMs % 3000 < 1000 ? 1 : 5;
      pacer.frameRead(atMs, 15 * slowed);
      for (const detector of pacer.due(atMs)) pacer.ran(detector, atMs, costsMs[detector] * slowed);
    }
    expect(pacer.faceHz()).toBe(5);
    expect(pacer.rateHz('phone')).toBeCloseTo(1 / 0.98, 2);
  });

  test('lowering the budget lowers the rates at once, and raising it raises them again', () => {
    const pacer = new DetectorPacer(0.35, 5);
    runMinute(pacer, 15);
    const before = pacer.load();
    expect(pacer.faceHz()).toBe(5);
    pacer.setBudget(0.1);
    expect(pacer.faceHz()).toBeLessThan(5);
    expect(pacer.load()).toBeLessThan(before * 0.85);
    pacer.setBudget(0.35);
    expect(pacer.load()).toBeCloseTo(before);
  });

  test('scene changes and candidates do not trigger more phone searches than planned, and a phone few', () => {
    const second = fc.record({
      changes: fc.boolean(),
      outcome: fc.constantFrom<RunOutcome>('nothing', 'candidates', 'found'),
    });
    fc.assert(
      fc.property(fc.array(second, { minLength: 30, maxLength: 60 }), (seconds) => {
        const pacer = new DetectorPacer(1);
        let [runs, planned] = [0, 0];
        for (let atMs = 0; atMs < seconds.length * 1000; atMs += 200) {
          const { changes, outcome } = seconds[Math.floor(atMs / 1000)]!;
          pacer.frameRead(atMs, 15);
          planned += pacer.rateHz('phone') * 0.2;
          if (!pacer.due(atMs, changes).has('phone')) continue;
          pacer.ran('phone', atMs, 20, outcome);
          runs += 1;
        }
        expect(runs).toBeLessThanOrEqual(planned * 1.2 + 2);
        expect(runs).toBeGreaterThanOrEqual(planned * 0.8 - 2);
      }),
    );
  });

  test('no result expires before the next phone search', () => {
    const frame = fc.record({
      changes: fc.boolean(),
      outcome: fc.constantFrom<RunOutcome>('nothing', 'candidates', 'found'),
    });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 20, maxLength: 200 }), (frames) => {
        const pacer = new DetectorPacer(0.2);
        let lastMs = 0;
        frames.forEach(({ changes, outcome }, i) => {
          const atMs = i * 200;
          pacer.frameRead(atMs, 15);
          if (pacer.due(atMs, changes).has('phone')) {
            pacer.ran('phone', atMs, 180, outcome);
            lastMs = atMs;
          }
          expect(atMs - lastMs).toBeLessThanOrEqual(pacer.freshForMs('phone'));
        });
      }),
    );
  });
});
