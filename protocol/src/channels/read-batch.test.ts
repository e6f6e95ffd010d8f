import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { FeatureFrameSchema } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { readBatch } from './read-batch.ts';

const frame = (seq: number) => ({ seq, timestamp: 1_780_000_000_000 + seq, face_present: 1 });
const batch = (frames: unknown, rest: Record<string, unknown> = {}) => readBatch({ type: 'batch', frames, ...rest });

describe('a batch', () => {
  test('keeps its frames in their order, and the chain', () => {
    const frames = [frame(3), frame(1), frame(2)];
    expect(batch(frames, { chain: 'abc' })).toEqual({ kind: 'batch', frames, rejected: [], chain: 'abc' });
  });

  test.each([[{}], [{ chain: null }], [{ chain: undefined }]])('has no chain with %j', (rest) => {
    expect(batch([frame(0)], rest)).toMatchObject({ kind: 'batch', chain: null });
  });

  test('may be empty', () => {
    expect(batch([])).toEqual({ kind: 'batch', frames: [], rejected: [], chain: null });
  });

  test.each([
    ['no frames', undefined, {}, 'INVALID_MESSAGE', 'frames'],
    ['an object of frames', { 0: frame(0) }, {}, 'INVALID_MESSAGE', 'frames'],
    ['a number as chain', [frame(0)], { chain: 7 }, 'INVALID_MESSAGE', 'chain'],
    ['a chain of 129 characters', [frame(0)], { chain: 'x'.repeat(129) }, 'INVALID_MESSAGE', 'chain'],
  ])('with %s is refused as a whole', (_name, frames, rest, code, field) => {
    expect(batch(frames, rest)).toMatchObject({ kind: 'invalid', problem: { code, field } });
  });

  test('has at most 500 frames, and at most 128 characters of chain', () => {
    const most = Array.from({ length: limits.framesPerBatch }, (_, seq) => frame(seq));
    expect(batch(most, { chain: 'x'.repeat(128) })).toMatchObject({ kind: 'batch', rejected: [] });
    expect(batch([...most, frame(500)])).toEqual({
      kind: 'invalid',
      problem: { code: 'TOO_MANY_FRAMES', message: 'a batch may have at most 500 frames', field: 'frames' },
    });
  });
});

describe('an invalid frame', () => {
  test.each([
    ['text', 'frame', { code: 'INVALID_FRAME', message: 'a frame must be an object' }],
    ['null', null, { code: 'INVALID_FRAME' }],
    ['an array', [], { code: 'INVALID_FRAME' }],
    ['without a number', { timestamp: 1 }, { code: 'INVALID_FRAME', field: 'frames.1.seq' }],
    ['without a time', { seq: 4 }, { code: 'INVALID_FRAME', field: 'frames.1.timestamp', seq: 4 }],
    ['with a reading out of range', { ...frame(4), head_yaw: 9 }, { field: 'frames.1.head_yaw', seq: 4 }],
  ])('(%s) is refused alone, with its place and reason', (_name, invalid, expected) => {
    const read = batch([frame(0), invalid, frame(2)]);
    expect(read).toMatchObject({ kind: 'batch', frames: [frame(0), frame(2)] });
    expect(read).toMatchObject({ rejected: [{ ...expected, index: 1 }] });
  });

  test('with too many fields is refused by its number alone', () => {
    const wide = { ...frame(4), ...Object.fromEntries(Array.from({ length: 256 }, (_, n) => [`x${n}`, n])) };
    expect(batch([wide])).toMatchObject({ frames: [], rejected: [{ code: 'TOO_MANY_FIELDS', seq: 4, index: 0 }] });
  });

  test('never has a number that the client did not send', () => {
    const read = batch([{ ...frame(0), seq: 1.5 }]);
    expect(read).toMatchObject({ rejected: [{ code: 'INVALID_FRAME' }] });
    expect(read.kind === 'batch' && read.rejected[0]).not.toHaveProperty('seq');
  });
});

describe('any list of frames', () => {
  const any = fc.oneof(
    fc.nat({ max: 50 }).map(frame),
    fc.record({ seq: fc.oneof(fc.nat(), fc.double()), timestamp: fc.oneof(fc.nat(), fc.string()) }),
    fc.jsonValue(),
  );

  test('is divided into valid and refused ones, so that a bad frame costs only itself', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (list) => {
        const parsed = JSON.parse(JSON.stringify(list)) as unknown[];
        const read = batch(structuredClone(parsed));
        if (read.kind !== 'batch') throw new Error('a list of frames is a batch');
        const invalid = parsed.flatMap((item, index) => (v.is(FeatureFrameSchema, item) ? [] : [index]));
        expect(read.rejected.map(({ index }) => index)).toEqual(invalid);
        expect(read.frames).toHaveLength(parsed.length - invalid.length);
        for (const [at, { seq }] of read.frames.entries()) {
          expect(seq).toBe((parsed.filter((_, index) => !invalid.includes(index))[at] as { seq: number }).seq);
        }
      }),
    );
  });
});
