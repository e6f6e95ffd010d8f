import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lossReasons } from '@invigil/protocol/channels';
import type { Losses } from '@invigil/protocol/channels';
import { impossibleLosses, possibleFrames } from './possible-losses.ts';

const startedAt = '2026-01-05T09:00:00.000Z';
const startMs = Date.parse(startedAt);
const losses = (counts: Losses['counts'], ranges?: Losses['ranges']): Losses => ({
  type: 'losses',
  counts,
  ...(ranges === undefined ? {} : { ranges }),
});

describe('the frames that a session can have', () => {
  test.each([
    ['at its start', 0, 10_000],
    ['after a second', 1000, 10_060],
    ['after an hour', 3_600_000, 226_000],
    ['before its start, by another replica’s clock', -60_000, 10_000],
  ])('%s: %i ms, %i', (_name, afterMs, most) => {
    expect(possibleFrames(startedAt, startMs + afterMs)).toBe(most);
  });
});

describe('losses that a client reports', () => {
  test.each([
    [losses({ outbox_full: 100 })],
    [losses({}, [{ reason: 'rejected', seqs: [0, 100] }])],
    [losses({}, [])],
    [losses({})],
  ])('are possible up to the limit: %j', (reported) => {
    expect(impossibleLosses(reported, 100)).toBeNull();
  });

  test('are refused by reason if there are too many', () => {
    expect(impossibleLosses(losses({ rejected: 3, outbox_full: 101 }), 100)).toEqual({
      field: 'counts.outbox_full',
      message: 'a session of this age cannot have lost more than 100 frames',
    });
  });

  test('are refused by place if their numbers are too high', () => {
    const ranges: Losses['ranges'] = [
      { reason: 'rejected', seqs: [0, 3] },
      { reason: 'rejected', seqs: [90, 101] },
    ];
    expect(impossibleLosses(losses({}, ranges), 100)).toEqual({
      field: 'ranges.1.seqs',
      message: 'a session of this age cannot have frame numbers above 100',
    });
  });

  test('that were possible stay possible as the session continues', () => {
    const reason = fc.constantFrom(...lossReasons);
    const any = fc.record({
      counts: fc.dictionary(reason, fc.nat({ max: 400_000 })),
      ranges: fc.array(fc.record({ reason, seqs: fc.tuple(fc.nat(100), fc.integer({ min: 100, max: 400_000 })) })),
    });
    fc.assert(
      fc.property(any, fc.nat({ max: 7_200_000 }), fc.nat({ max: 7_200_000 }), ({ counts, ranges }, ageMs, laterMs) => {
        const [now, later] = [ageMs, ageMs + laterMs].map((ms) => possibleFrames(startedAt, startMs + ms));
        const reported = losses(counts, ranges);
        const highest = Math.max(...Object.values(counts), ...ranges.map(({ seqs: [, to] }) => to), 0);
        expect(impossibleLosses(reported, now!) === null).toBe(highest <= now!);
        expect(impossibleLosses(reported, Math.max(later!, highest))).toBeNull();
      }),
    );
  });
});
