import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LossLedger } from './loss-ledger.ts';

test('counts by reason, and joins ranges of one reason that touch', () => {
  const ledger = new LossLedger();
  ledger.add('outbox_full', [
    [0, 2],
    [4, 4],
  ]);
  ledger.add('outbox_full', [[5, 6]]);
  ledger.add('rejected', [[7, 7]]);
  expect(ledger.counts).toEqual({ outbox_full: 6, rejected: 1 });
  expect(ledger.total).toBe(7);
  expect(ledger.ranges).toEqual([
    { reason: 'outbox_full', seqs: [0, 2] },
    { reason: 'outbox_full', seqs: [4, 6] },
    { reason: 'rejected', seqs: [7, 7] },
  ]);
});

test('reports what another client left behind without counting it here', () => {
  const ledger = new LossLedger();
  ledger.state('left_behind', [[3, 9]]);
  expect(ledger.total).toBe(0);
  expect(ledger.ranges).toEqual([{ reason: 'left_behind', seqs: [3, 9] }]);
});

test('forgets a range once the server has settled all of it, and keeps the count', () => {
  const ledger = new LossLedger();
  ledger.add('rejected', [
    [1, 3],
    [8, 8],
  ]);
  ledger.settle(2);
  expect(ledger.ranges).toHaveLength(2);
  ledger.settle(3);
  expect(ledger.ranges).toEqual([{ reason: 'rejected', seqs: [8, 8] }]);
  ledger.settle(8);
  expect(ledger.ranges).toEqual([]);
  expect(ledger.counts).toEqual({ rejected: 4 });
});

test('is saved when it has changed, once', () => {
  const ledger = new LossLedger();
  expect(ledger.takeUnsaved()).toBeNull();
  ledger.add('rejected', [[1, 1]]);
  expect(ledger.takeUnsaved()).toEqual([{ reason: 'rejected', seqs: [1, 1] }]);
  expect(ledger.takeUnsaved()).toBeNull();
  ledger.markUnsaved();
  expect(ledger.takeUnsaved()).toHaveLength(1);
  ledger.add('rejected', []);
  expect(ledger.takeUnsaved()).toBeNull();
});

test('a saved state does not change with later losses', () => {
  const ledger = new LossLedger();
  ledger.add('rejected', [[1, 1]]);
  const saved = ledger.takeUnsaved();
  ledger.add('rejected', [[2, 2]]);
  expect(saved).toEqual([{ reason: 'rejected', seqs: [1, 1] }]);
});

test('a settled ledger is saved as empty, so that a reload reports nothing twice', () => {
  const ledger = new LossLedger({ rejected: 1 }, [{ reason: 'rejected', seqs: [1, 1] }]);
  expect(ledger.takeUnsaved()).toBeNull();
  ledger.settle(1);
  expect(ledger.takeUnsaved()).toEqual([]);
});

test('an empty ledger that is not saved yet stays so when frames are renumbered', () => {
  const ledger = new LossLedger({ rejected: 1 }, [{ reason: 'rejected', seqs: [1, 1] }]);
  ledger.settle(1);
  ledger.renumber(2, 40);
  expect(ledger.takeUnsaved()).toEqual([]);
});

test('moves with the frames that are renumbered, and leaves earlier losses where they are', () => {
  const ledger = new LossLedger();
  ledger.add('rejected', [
    [2, 3],
    [5, 6],
  ]);
  ledger.renumber(5, 100);
  expect(ledger.ranges.map(({ seqs }) => seqs)).toEqual([
    [2, 3],
    [105, 106],
  ]);
});

test('does not share the ranges that it was given', () => {
  const given = [{ reason: 'rejected' as const, seqs: [1, 1] as [number, number] }];
  const ledger = new LossLedger({}, given);
  ledger.renumber(0, 10);
  expect(given[0]?.seqs).toEqual([1, 1]);
});

test('whatever is lost, its ranges hold exactly as many numbers as it counts', () => {
  const losses = fc.array(
    fc.record({
      reason: fc.constantFrom('rejected' as const, 'outbox_full' as const),
      gap: fc.nat(3),
      size: fc.nat(5),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(losses, (list) => {
      const ledger = new LossLedger();
      let next = 0;
      for (const { reason, gap, size } of list) {
        const from = next + gap;
        ledger.add(reason, [[from, from + size]]);
        next = from + size + 1;
      }
      const inRanges = ledger.ranges.reduce((sum, { seqs: [from, to] }) => sum + to - from + 1, 0);
      expect(inRanges).toBe(ledger.total);
      const starts = ledger.ranges.map(({ seqs: [from] }) => from);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }),
  );
});
