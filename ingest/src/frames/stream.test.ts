import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lossReasons } from '@invigil/protocol/channels';
import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { linkOf } from './chain-hash.ts';
import { maxGaps } from './frame-store.ts';
import type { FrameIntake } from './frame-store.ts';
import { sealStream } from './sealed-stream.ts';
import { appendNextToStream, appendToStream, byNumber, emptyStream, seqsOf, streamState } from './stream.ts';
import type { Stream } from './stream.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const frame = (seq: number, receivedMs = startMs): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: receivedMs,
  no_of_face: 1,
});
const intake = (seqs: readonly number[], extra: Partial<FrameIntake> = {}): FrameIntake => ({
  frames: seqs.map((seq) => frame(seq)),
  lost: [],
  lossTotals: {},
  chain: null,
  ...extra,
});
const lost = (reason: LossReason, ...seqs: SeqRange): FrameIntake => intake([], { lost: [{ reason, seqs }] });
const append = (intakes: readonly FrameIntake[], from: Stream | null = null): Stream | null =>
  intakes.reduce<Stream | null>((stream, next) => appendToStream(stream, next, 'nonce').stream, from);

describe('a message with frames', () => {
  test('writes its frames by number, with one receipt and one link', () => {
    const { write, link, result, stream } = appendToStream(null, intake([2, 0, 1]), 'nonce');
    const expected = linkOf('nonce', [frame(0), frame(1), frame(2)]);
    expect(write.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(link).toEqual({ link: expected, seqs: [[0, 2]], confirmed: false });
    expect(result).toMatchObject({ status: 'stored', upToSeq: 2, chain: expected, duplicates: 0, first: true });
    expect(stream.chain).toEqual({ nonce: 'nonce', head: expected, links: 1, confirmed: 0, frames: 3 });
  });

  test('is confirmed if the client expected its link', () => {
    const chain = linkOf('nonce', [frame(0)]);
    expect(appendToStream(null, intake([0], { chain }), 'nonce').link?.confirmed).toBe(true);
    expect(appendToStream(null, intake([0], { chain: 'other' }), 'nonce').link?.confirmed).toBe(false);
  });

  test('that came before adds neither frames nor a link', () => {
    const before = append([intake([0, 1])]);
    const { write, link, result, stream } = appendToStream(before, intake([0, 1]), 'nonce');
    expect({ write, link, stream }).toEqual({ write: [], link: null, stream: before });
    expect(result).toMatchObject({ status: 'stored', stored: [], duplicates: 2, upToSeq: 1, first: false });
  });

  test('keeps the first of two frames with the same number', () => {
    const twice = [frame(0), { ...frame(0), no_of_face: 2 }];
    expect(appendToStream(null, intake([], { frames: twice }), 'nonce').write).toEqual([frame(0)]);
  });

  test('has a later receipt than the message before it, though the clock stood still or went back', () => {
    const one = append([intake([0])]);
    const backwards = { ...intake([1]), frames: [frame(1, startMs - 5000)] };
    expect(appendToStream(one, backwards, 'nonce').write[0]?.received_at).toBe(startMs + 1);
  });

  test('is refused as a whole once the session is sealed', () => {
    const sealed = sealStream(emptyStream, 5);
    expect(appendToStream(sealed, intake([0]), 'nonce')).toEqual({
      stream: sealed,
      write: [],
      link: null,
      result: { status: 'sealed', sealedAtMs: 5 },
    });
    expect(appendNextToStream(sealed, frame(0)).result).toEqual({ status: 'sealed', sealedAtMs: 5 });
  });

  test(`may leave at most ${maxGaps} ranges of numbers`, () => {
    const apart = (count: number) => intake(Array.from({ length: count }, (_, at) => at * 2));
    expect(append([apart(maxGaps)])?.coverage).toHaveLength(maxGaps);
    expect(() => append([apart(maxGaps + 1)])).toThrow(expect.objectContaining({ reason: 'too_many_gaps' }));
  });
});

describe('losses', () => {
  test('settle their numbers once, and never those that are stored', () => {
    const stream = append([intake([0, 1, 4]), lost('outbox_full', 1, 3), lost('rejected', 2, 5)])!;
    expect(streamState(stream)).toMatchObject({ upToSeq: 5, frames: 3, losses: { outbox_full: 2, rejected: 1 } });
  });

  test('keep a frame out that comes after it was given up', () => {
    const stream = append([lost('outbox_full', 0, 0)]);
    expect(appendToStream(stream, intake([0]), 'nonce')).toMatchObject({ write: [], result: { duplicates: 1 } });
  });

  test('that the client counts keep their highest total, whatever order the messages come in', () => {
    const told = (total: number) => intake([], { lossTotals: { outbox_full: total } });
    expect(streamState(append([told(7), told(3)])!).losses).toEqual({ outbox_full: 7 });
    expect(streamState(append([told(7), lost('outbox_full', 0, 9)])!).losses).toEqual({ outbox_full: 10 });
  });

  test('alone begin no chain', () => {
    expect(append([lost('outbox_full', 0, 3)])?.chain).toBeNull();
  });
});

describe('a frame without a number', () => {
  test('is numbered in the order of arrival, apart from the client’s numbers', () => {
    const one = appendNextToStream(append([intake([0])]), { timestamp: 1, received_at: startMs });
    expect(one.write).toEqual([{ frame_id: 'srv-0', seq: 0, timestamp: 1, received_at: startMs + 1 }]);
    const two = appendNextToStream(one.stream, { timestamp: 2, received_at: startMs + 9 });
    expect(two.result).toEqual({
      status: 'stored',
      frameId: 'srv-1',
      receivedAt: startMs + 9,
      first: false,
      position: { links: 1, unnumbered: 2 },
    });
    expect(streamState(two.stream)).toMatchObject({ frames: 3, upToSeq: 0 });
  });
});

describe('the frames of a message', () => {
  test('by number: sorted, each once, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (seqs) => {
        const sorted = byNumber(seqs.map((seq) => frame(seq)));
        const numbers = sorted.map(({ seq }) => seq);
        expect(numbers).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
        expect(
          seqsOf(sorted).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
        ).toEqual(numbers);
      }),
    );
  });
});

const anySeqs = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
const anyLoss = fc.record({
  reason: fc.constantFrom(...lossReasons),
  seqs: fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 4 })).map(([from, length]): SeqRange => [from, from + length]),
});
const anyIntake = fc
  .tuple(anySeqs, fc.array(anyLoss, { maxLength: 2 }), fc.integer({ min: -1000, max: 1000 }))
  .map(([seqs, losses, shiftMs]) => ({
    ...intake([], { lost: losses }),
    frames: seqs.map((seq) => frame(seq, startMs + shiftMs)),
  }));
const anyIntakes = fc.array(anyIntake, { maxLength: 10 });

describe('any messages', () => {
  test('store each number once, as a frame or as a loss', () => {
    fc.assert(
      fc.property(anyIntakes, (intakes) => {
        let stream: Stream | null = null;
        const written: number[] = [];
        for (const next of intakes) {
          const change = appendToStream(stream, structuredClone(next), 'nonce');
          stream = change.stream;
          written.push(...change.write.map(({ seq }) => seq));
        }
        const state = streamState(stream ?? emptyStream);
        const losses = Object.values(state.losses).reduce((sum, count) => sum + count, 0);
        const named = new Set(
          intakes.flatMap(({ frames, lost: ranges }) => [
            ...frames.map(({ seq }) => seq),
            ...ranges.flatMap(({ seqs: [from, to] }) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
          ]),
        );
        expect(new Set(written).size).toBe(written.length);
        expect(state.frames).toBe(written.length);
        expect(written.length + losses).toBe(named.size);
        expect(state.chain?.frames ?? 0).toBe(written.length);
      }),
    );
  });

  test('change nothing when all of them are sent again', () => {
    fc.assert(
      fc.property(anyIntakes, (intakes) => {
        const once = append(structuredClone(intakes));
        expect(append(structuredClone(intakes), once)).toEqual(once);
      }),
    );
  });

  test('have receipts that rise with each message', () => {
    fc.assert(
      fc.property(anyIntakes, (intakes) => {
        let [stream, last]: [Stream | null, number] = [null, -Infinity];
        for (const next of intakes) {
          const change = appendToStream(stream, structuredClone(next), 'nonce');
          stream = change.stream;
          const receipts = new Set(change.write.map(({ received_at }) => received_at));
          expect(receipts.size).toBeLessThanOrEqual(1);
          for (const receipt of receipts) {
            expect(receipt).toBeGreaterThan(last);
            last = receipt;
          }
        }
      }),
    );
  });

  test('never move the frontier back, nor count fewer frames or losses', () => {
    fc.assert(
      fc.property(anyIntakes, anyIntake, (intakes, next) => {
        const before = append(structuredClone(intakes));
        const [less, more] = [before ?? emptyStream, append([structuredClone(next)], before)!].map(streamState);
        expect(more!.upToSeq).toBeGreaterThanOrEqual(less!.upToSeq);
        expect(more!.frames).toBeGreaterThanOrEqual(less!.frames);
        expect(more!.arrivals.links).toBeGreaterThanOrEqual(less!.arrivals.links);
      }),
    );
  });
});
