import { describe, expect, test } from 'vitest';
import type { SampledSquare } from '../image/image-sampler.ts';
import { PhoneFinder } from './phone-finder.ts';

const image = { width: 640, height: 480 };
const box = { x: 300, y: 200, width: 40, height: 80 };

/** Answers by how close it is asked to look. */
const detector = (scores: { whole: number; closer: number; turned?: number; wholeTurned?: number }) => {
  const looks: (SampledSquare | 'whole')[] = [];
  return {
    looks,
    scores,
    inWhole: async (_: typeof image, rotationRad: number) => {
      looks.push('whole');
      return [{ box, score: rotationRad === 0 ? scores.whole : (scores.wholeTurned ?? 0) }];
    },
    inSquare: async (_: typeof image, square: SampledSquare) => {
      looks.push(square);
      return [{ box, score: square.rotationRad === 0 ? scores.closer : (scores.turned ?? 0) }];
    },
  };
};

describe('phone finder', () => {
  test('what looks like a phone only from afar is none', async () => {
    expect(await new PhoneFinder(detector({ whole: 0.6, closer: 0.3 })).find(image)).toBeNull();
  });

  test('a faint phone counts when the closer look is sure', async () => {
    const source = detector({ whole: 0.25, closer: 0.7 });
    expect(await new PhoneFinder(source).find(image)).toEqual({ box, score: 0.7 });
    expect(source.looks[1]).toEqual({ centerX: 320, centerY: 240, sidePx: 136, rotationRad: 0 });
  });

  test('a phone that lies is seen in the picture turned, at once in a single picture and in turn in a stream', async () => {
    const source = detector({ whole: 0.4, closer: 0.2, turned: 0.6 });
    expect(await new PhoneFinder(source).find(image, true)).toEqual({ box, score: 0.6 });
    const stream = new PhoneFinder(source);
    expect(await stream.find(image)).toBeNull();
    expect(await stream.find(image)).not.toBeNull();
    source.looks.length = 0;
    expect(await stream.find(image)).not.toBeNull();
    expect(source.looks).toEqual([expect.objectContaining({ rotationRad: Math.PI / 2 })]);
  });

  test('a phone that looks like nothing upright is found in the whole picture turned, every fourth time in a stream', async () => {
    const source = detector({ whole: 0.1, closer: 0.2, wholeTurned: 0.4, turned: 0.6 });
    expect(await new PhoneFinder(source).find(image, true)).toEqual({ box, score: 0.6 });
    const stream = new PhoneFinder(source);
    const found = [];
    for (let search = 0; search < 4; search++) found.push((await stream.find(image)) !== null);
    expect(found).toEqual([false, false, false, true]);
  });

  test('something else that is seen in the closer look does not make the suspect a phone', async () => {
    const elsewhere = { x: 360, y: 290, width: 20, height: 40 };
    const finder = new PhoneFinder({
      inWhole: async () => [{ box, score: 0.6 }],
      inSquare: async () => [{ box: elsewhere, score: 0.9 }],
    });
    expect(await finder.find(image)).toBeNull();
  });

  test('what was seen to be none three times is not looked at for a while, and the picture counts as calm', async () => {
    const source = detector({ whole: 0.3, closer: 0.1 });
    const finder = new PhoneFinder(source);
    for (let search = 0; search < 3; search++) {
      await finder.find(image);
      expect(finder.isCalm).toBe(false);
    }
    source.looks.length = 0;
    await finder.find(image);
    expect(source.looks).toEqual(['whole', 'whole']);
    expect(finder.isCalm).toBe(true);
    source.scores.whole = 0.6;
    source.scores.closer = 0.7;
    expect(await finder.find(image)).not.toBeNull();
    expect(finder.isCalm).toBe(false);
  });

  test('while it stays, one look at its place is enough', async () => {
    const source = detector({ whole: 0.6, closer: 0.7 });
    const finder = new PhoneFinder(source);
    await finder.find(image);
    source.looks.length = 0;
    source.scores.closer = 0.4;
    expect(await finder.find(image)).not.toBeNull();
    expect(source.looks).toHaveLength(1);
  });

  test('when it is gone from its place, the whole picture is searched', async () => {
    const source = detector({ whole: 0.6, closer: 0.7 });
    const finder = new PhoneFinder(source);
    await finder.find(image);
    source.looks.length = 0;
    Object.assign(source.scores, { whole: 0.1, closer: 0.1 });
    expect(await finder.find(image)).toBeNull();
    expect(source.looks).toEqual([expect.objectContaining({ rotationRad: 0 }), 'whole']);
  });
});
