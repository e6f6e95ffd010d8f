import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExplained, isLive, liveWithinMs, startReceipts, stepReceipts } from './receipt-times.ts';
import type { ReceiptTimes } from './receipt-times.ts';

const startMs = 1_000_000;
const receive = (...afterMs: number[]): ReceiptTimes =>
  afterMs.reduce((receipts, ms) => stepReceipts(receipts, startMs + ms), startReceipts(startMs));

describe('the times of receipt', () => {
  test('list no silence while messages come at least every 5 s', () => {
    expect(receive(5000, 10_000, 12_000, 17_000)).toEqual({ lastMs: startMs + 17_000, silences: [] });
  });

  test('list a pause of more than 5 s as a silence', () => {
    expect(receive(1000, 6001).silences).toEqual([[startMs + 1000, startMs + 6001]]);
  });

  test('list the silence before the first frame', () => {
    expect(receive(60_000).silences).toEqual([[startMs, startMs + 60_000]]);
  });

  test.each([0, -1, -60_000])('are unchanged by a receipt that is %i ms after the last one', (ms) => {
    const before = receive(1000, 9000);
    expect(stepReceipts(before, before.lastMs + ms)).toBe(before);
  });

  test('keep the newest 200 silences', () => {
    const receipts = receive(...Array.from({ length: 300 }, (_, at) => (at + 1) * 10_000));
    expect(receipts.silences).toHaveLength(200);
    expect(receipts.silences.at(-1)).toEqual([startMs + 2_990_000, startMs + 3_000_000]);
    expect(receipts.silences[0]).toEqual([startMs + 1_000_000, startMs + 1_010_000]);
  });

  test('list silences that are in order, apart and longer than 5 s, whatever the receipts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10_000, max: 60_000 }), { maxLength: 60 }), (steps) => {
        let [nowMs, receipts] = [startMs, startReceipts(startMs)];
        for (const step of steps) {
          nowMs += step;
          const next = stepReceipts(receipts, nowMs);
          expect(next.lastMs).toBe(Math.max(receipts.lastMs, nowMs));
          expect(next.silences.slice(0, receipts.silences.length)).toEqual(receipts.silences);
          receipts = next;
        }
        for (const [at, [fromMs, toMs]] of receipts.silences.entries()) {
          expect(toMs - fromMs).toBeGreaterThan(5000);
          expect(fromMs).toBeGreaterThanOrEqual(receipts.silences[at - 1]?.[1] ?? startMs);
        }
      }),
    );
  });
});

describe('a live frame', () => {
  test.each([
    [0, true],
    [liveWithinMs, true],
    [liveWithinMs + 1, false],
    [-5000, true],
  ])('that was received %i ms after its timestamp: %s', (delayMs, live) => {
    expect(isLive(startMs, startMs + delayMs)).toBe(live);
  });
});

describe('a late frame', () => {
  /** Silence from 100 s to 220 s: two minutes, so frames made up to 120 s after it may be late. */
  const outage = receive(...Array.from({ length: 25 }, (_, at) => at * 4000 + 4000), 220_000);

  test.each([
    ['long before the outage', 94_999, false],
    ['as the last message before it was sent', 95_000, true],
    ['during the outage', 150_000, true],
    ['while the backlog is sent', 339_000, true],
    ['as long after the outage as it took', 340_000, true],
    ['later', 340_001, false],
  ])('that was made %s is explained: %s ms, %s', (_name, afterMs, explained) => {
    expect(outage.silences).toEqual([[startMs + 100_000, startMs + 220_000]]);
    expect(isExplained(outage, startMs + afterMs)).toBe(explained);
  });

  test('is explained for 30 s after a short outage', () => {
    const short = receive(10_000);
    expect(isExplained(short, startMs + 40_000)).toBe(true);
    expect(isExplained(short, startMs + 40_001)).toBe(false);
  });

  test('is never explained without an outage', () => {
    expect(isExplained(receive(1000, 2000, 3000), startMs + 2000)).toBe(false);
  });

  test('stays explained when more frames are received', () => {
    const times = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer({ min: 1, max: 90_000 }),
        (steps, at, later) => {
          let nowMs = 0;
          const before = receive(...steps.map((step) => (nowMs += step)));
          const after = stepReceipts(before, before.lastMs + later);
          fc.pre(isExplained(before, startMs + at));
          expect(isExplained(after, startMs + at)).toBe(true);
        },
      ),
    );
  });
});
