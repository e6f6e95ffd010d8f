import { describe, expect, test } from 'vitest';
import { distinctBoxes } from './scored-box.ts';
import type { ScoredBox } from './scored-box.ts';

const box = (left: number, score: number, width = 0.2): ScoredBox => ({
  left,
  top: 0.1,
  right: left + width,
  bottom: 0.5,
  score,
});

describe('distinct boxes', () => {
  test('keeps the highest-scoring of boxes around one object, and objects beside it', () => {
    const found = distinctBoxes([box(0.1, 0.3), box(0.12, 0.8), box(0.6, 0.5)], 5);
    expect(found.map(({ score }) => score)).toEqual([0.8, 0.5]);
  });

  test('a small box inside of a large one is a separate object', () => {
    expect(distinctBoxes([box(0.1, 0.8, 0.8), box(0.4, 0.5, 0.1)], 5)).toHaveLength(2);
  });

  test('returns no more than requested, highest score first', () => {
    const found = distinctBoxes([box(0, 0.1), box(0.3, 0.2), box(0.6, 0.3)], 2);
    expect(found.map(({ score }) => score)).toEqual([0.3, 0.2]);
  });

  test('an empty list stays empty', () => {
    expect(distinctBoxes([], 3)).toEqual([]);
  });
});
