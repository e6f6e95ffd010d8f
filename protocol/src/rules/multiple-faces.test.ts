import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, lookAt, opensAfterMs, runRule, every } from '../../test/rule-run.ts';
import { multipleFaces } from './multiple-faces.ts';

const two = { ...calm, no_of_face: 2 };

describe('multiple_faces', () => {
  test('opens after 1 s', () => {
    expect(opensAfterMs(multipleFaces, two)).toBe(1000);
  });

  test('continues through up to 1.2 s with one face', () => {
    expect(bridgesMs(multipleFaces, two, calm)).toBe(1200);
  });

  test.each([
    [0, 'clear'],
    [1, 'clear'],
    [2, 'seen'],
    [4, 'seen'],
    [null, 'unknown'],
    [undefined, 'unknown'],
  ] as const)('%s faces: %s', (no_of_face, kind) => {
    expect(lookAt(multipleFaces, no_of_face === undefined ? {} : { no_of_face }).kind).toBe(kind);
  });

  test('does not use the documented flag, which cannot count', () => {
    expect(lookAt(multipleFaces, { face_present: 1 }).kind).toBe('unknown');
  });

  test('ignores faces that the engine classified as photos', () => {
    expect(lookAt(multipleFaces, { no_of_face: 1, still_faces: 3 }).kind).toBe('clear');
  });

  test('measures the mean number of faces', () => {
    const frames = [...every(200, 0, 800, two), ...every(200, 1000, 1800, { ...calm, no_of_face: 3 })];
    const { ended } = runRule(multipleFaces, frames);
    expect(ended.at(-1)?.observation).toMatchObject({ measured: { faces: 2.5 }, confidence: 0.9, frames: 10 });
  });

  test('alerts a proctor', () => {
    expect(multipleFaces.alert).toBe(true);
  });
});
