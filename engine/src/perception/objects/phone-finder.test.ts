import { describe, expect, test } from 'vitest';
import type { SampledSquare } from '../image/image-sampler.ts';
import { PhoneFinder } from './phone-finder.ts';

const image = { width: 640, height: 480 };
const box = { x: 300, y: 200, width: 40, height: 80 };
const other = { x: 20, y: 20, width: 60, height: 60 };

interface Scores {
  whole: number;
  look: number;
  turned?: number;
  wholeTurned?: number;
  second?: { whole: number; look: number };
}

/** Answers by the size and place of the requested region. */
const detector = (scores: Scores) => {
  const looks: (SampledSquare | 'whole')[] = [];
  return {
    looks,
    scores,
    suspects: async (_: typeof image, rotationRad: number) => {
      looks.push('whole');
      if (rotationRad !== 0) return scores.wholeTurned === undefined ? [] : [{ box, score: scores.wholeTurned }];
      const found = scores.whole === 0 ? [] : [{ box, score: scores.whole }];
      return scores.second === undefined ? found : [...found, { box: other, score: scores.second.whole }];
    },
    inSquare: async (_: typeof image, square: SampledSquare) => {
      looks.push(square);
      if (square.centerX === 50) return [{ box: other, score: scores.second?.look ?? 0 }];
      return [{ box, score: square.rotationRad === 0 ? scores.look : (scores.turned ?? 0) }];
    },
  };
};

describe('phone finder', () => {
  test('a phone for only one model is not a phone', async () => {
    expect(await new PhoneFinder(detector({ whole: 0.7, look: 0.1 })).find(image)).toBeNull();
  });

  test('a faint suspect counts if the close-up model is confident, with their weighted mean', async () => {
    const source = detector({ whole: 0.06, look: 0.6 });
    expect(await new PhoneFinder(source).find(image)).toEqual({ box, score: expect.closeTo(0.42) });
    expect(source.looks[1]).toEqual({ centerX: 320, centerY: 240, sidePx: 136, rotationRad: 0 });
  });

  test('of two suspects the one on which the models agree more is the phone', async () => {
    const source = detector({ whole: 0.6, look: 0.3, second: { whole: 0.4, look: 0.7 } });
    expect(await new PhoneFinder(source).find(image)).toEqual({ box: other, score: expect.closeTo(0.6) });
  });

  test('a close-up detection in another place does not confirm the suspect', async () => {
    const source = detector({ whole: 0.5, look: 0.9 });
    source.inSquare = async () => [{ box: other, score: 0.9 }];
    expect(await new PhoneFinder(source).find(image)).toBeNull();
  });

  test('a phone lying on its side is found rotated: at once in a single image, by alternation in a stream', async () => {
    const single = detector({ whole: 0.4, look: 0.1, turned: 0.6 });
    expect(await new PhoneFinder(single).find(image, { thorough: true })).not.toBeNull();
    const stream = new PhoneFinder(detector({ whole: 0, look: 0, wholeTurned: 0.4, turned: 0.6 }));
    const found = [];
    for (let i = 0; i < 4; i++) found.push((await stream.find(image)) !== null);
    expect(found).toEqual([false, false, false, true]);
  });

  test('where nothing has changed, the rotated image is searched half as often', async () => {
    const source = detector({ whole: 0, look: 0 });
    const finder = new PhoneFinder(source);
    // At the start, as after a change.
    for (let i = 0; i < 4; i++) await finder.find(image);
    expect(source.looks).toHaveLength(5);
    source.looks.length = 0;
    for (let i = 0; i < 16; i++) await finder.find(image);
    expect(source.looks).toHaveLength(18);
    for (let i = 0; i < 4; i++) await finder.find(image, { sceneChanged: true });
    expect(source.looks).toHaveLength(23);
    await finder.find(image, { sceneChanged: true });
    expect(source.looks).toHaveLength(24);
  });

  test('after a long calm, a change leads to a search of the rotated image at once', async () => {
    const source = detector({ whole: 0, look: 0, turned: 0.6 });
    const finder = new PhoneFinder(source);
    for (let i = 0; i < 10; i++) expect(await finder.find(image)).toBeNull();
    source.scores.wholeTurned = 0.4;
    expect(await finder.find(image, { sceneChanged: true })).not.toBeNull();
  });

  test('a found phone is checked once per image, in its place, until it is gone', async () => {
    const source = detector({ whole: 0.5, look: 0.6 });
    const finder = new PhoneFinder(source);
    await finder.find(image);
    source.looks.length = 0;
    source.scores.look = 0.25;
    expect(await finder.find(image)).not.toBeNull();
    expect(source.looks).toHaveLength(1);
    source.scores.look = 0.1;
    expect(await finder.find(image)).toBeNull();
    expect(source.looks.slice(1)).toEqual([expect.anything(), 'whole', expect.anything()]);
  });

  test('an object that was rejected repeatedly is skipped, and the search is idle', async () => {
    const source = detector({ whole: 0.3, look: 0.1 });
    const finder = new PhoneFinder(source);
    for (let i = 0; i < 3; i++) await finder.find(image);
    expect(finder.isCalm).toBe(false);
    source.looks.length = 0;
    await finder.find(image);
    expect(finder.isCalm).toBe(true);
    expect(source.looks[0]).toBe('whole');
    expect(source.looks.filter((look) => look !== 'whole' && look.rotationRad === 0)).toEqual([]);
  });

  test('a reset drops everything', async () => {
    const source = detector({ whole: 0.5, look: 0.6 });
    const finder = new PhoneFinder(source);
    await finder.find(image);
    finder.reset();
    source.looks.length = 0;
    source.scores.whole = 0;
    for (let i = 0; i < 4; i++) await finder.find(image);
    // As at the start, the fourth search is followed by one of the rotated image.
    expect(source.looks).toEqual(Array.from({ length: 5 }, () => 'whole'));
  });
});
