import { beforeEach, describe, expect, test } from 'vitest';
import type { BoxPx } from '../geometry/landmark.ts';
import { seenByBoth, UnmeshedFaces } from './unmeshed-faces.ts';
import type { SeenFace } from './unmeshed-faces.ts';

const box = (x: number): BoxPx => ({ x, y: 100, width: 80, height: 80 });
const face = (x: number, full: number, short = 0, view: SeenFace['view'] = 'whole') => ({
  box: box(x),
  full,
  short,
  view,
});
const stream = { meshed: [], lost: [], thorough: false };

let faces: UnmeshedFaces;
beforeEach(() => {
  faces = new UnmeshedFaces();
});

describe('faces without a mesh', () => {
  test('a single image needs one detector’s full score', () => {
    const seen = faces.update([face(100, 0.7), face(400, 0.6)], { ...stream, thorough: true });
    expect(seen).toEqual([{ box: box(100), landmarks: null, hasIrises: false, confidence: 0.7 }]);
  });

  test('two detectors that agree need less', () => {
    const seen = faces.update([face(100, 0.5, 0.65), face(400, 0.5, 0.4)], { ...stream, thorough: true });
    expect(seen).toEqual([expect.objectContaining({ box: box(100), confidence: 0.575 })]);
  });

  test('the wide view needs both detectors, and adds only faces that the whole image does not show', () => {
    const seen = faces.update(
      [face(100, 0.7), face(110, 0.6, 0.9, 'wide'), face(300, 0.9, 0, 'wide'), face(500, 0.4, 0.8, 'wide')],
      { ...stream, thorough: true },
    );
    expect(seen.map(({ box: { x }, confidence }) => [x, confidence])).toEqual([
      [100, 0.7],
      [500, expect.closeTo(0.6)],
    ]);
  });

  test('boxes of both detectors at one place are one face', () => {
    const region = { centerX: 0, centerY: 0, sidePx: 1, rotationRad: 0 };
    const full = [{ box: box(100), score: 0.6, region }];
    const short = [
      { box: box(110), score: 0.5, region },
      { box: box(300), score: 0.9, region },
    ];
    expect(seenByBoth(full, short, 'whole')).toEqual([{ box: box(100), full: 0.6, short: 0.5, view: 'whole' }]);
    expect(seenByBoth(full, [], 'wide')).toEqual([{ box: box(100), full: 0.6, short: 0, view: 'wide' }]);
  });

  test('in a stream a new one counts once it is found again', () => {
    expect(faces.update([face(100, 0.7)], stream)).toEqual([]);
    expect(faces.hasNew).toBe(true);
    expect(faces.update([face(104, 0.55)], stream)).toHaveLength(1);
    expect(faces.hasNew).toBe(false);
  });

  test('one that is not found again is dropped', () => {
    faces.update([face(100, 0.7)], stream);
    expect(faces.update([], stream)).toEqual([]);
    expect(faces.update([face(100, 0.7)], stream)).toEqual([]);
  });

  test('is kept between searches, and through one search that misses it', () => {
    faces.update([face(100, 0.7)], stream);
    faces.update([face(100, 0.7)], stream);
    expect(faces.update(null, stream)).toHaveLength(1);
    expect(faces.update([], stream)).toHaveLength(1);
    expect(faces.update([], stream)).toEqual([]);
  });

  test('a face that loses its mesh counts at once, at a lower score', () => {
    expect(faces.update([face(100, 0.55)], { ...stream, lost: [box(110)] })).toHaveLength(1);
  });

  test('a box on a face with a mesh is that face', () => {
    const meshed = [{ box: box(110), landmarks: [], hasIrises: false, confidence: 1 }];
    expect(faces.update([face(100, 0.9)], { ...stream, meshed, thorough: true })).toEqual([]);
  });

  test('a reset drops everything', () => {
    faces.update([face(100, 0.7)], stream);
    faces.reset();
    expect(faces.update([face(100, 0.7)], stream)).toEqual([]);
  });
});
