import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lossReasons } from '@invigil/protocol/channels';
import type { LossCounts } from './frame-store.ts';
import { mergeLosses } from './loss-counts.ts';

const anyCounts: fc.Arbitrary<LossCounts> = fc.dictionary(fc.constantFrom(...lossReasons), fc.nat({ max: 50 }));

describe('losses that a client reported twice', () => {
  test('count by the greater number, reason by reason', () => {
    expect(mergeLosses({ outbox_full: 3, rejected: 1 }, { outbox_full: 2, engine_stalled: 5 })).toEqual({
      outbox_full: 3,
      rejected: 1,
      engine_stalled: 5,
    });
  });

  test('leave out reasons without a loss', () => {
    expect(mergeLosses({ rejected: 0 }, { outbox_full: 0 })).toEqual({});
  });

  test('do not grow when a message is repeated, and come to the same in any order', () => {
    fc.assert(
      fc.property(anyCounts, anyCounts, anyCounts, (a, b, c) => {
        const once = mergeLosses(a, b);
        expect(mergeLosses(once, b)).toEqual(once);
        expect(mergeLosses(b, a)).toEqual(once);
        expect(mergeLosses(once, c)).toEqual(mergeLosses(a, mergeLosses(b, c)));
      }),
    );
  });
});
