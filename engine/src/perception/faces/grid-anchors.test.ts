import { describe, expect, test } from 'vitest';
import { gridAnchors } from './grid-anchors.ts';

describe('grid anchors', () => {
  test('are in the middle of the cells, several in each, layer by layer', () => {
    const anchors = gridAnchors([
      { cells: 2, anchors: 2 },
      { cells: 1, anchors: 1 },
    ]);
    expect(anchors).toHaveLength(9);
    expect(anchors.slice(0, 4)).toEqual([
      { x: 0.25, y: 0.25 },
      { x: 0.25, y: 0.25 },
      { x: 0.75, y: 0.25 },
      { x: 0.75, y: 0.25 },
    ]);
    expect(anchors.at(-1)).toEqual({ x: 0.5, y: 0.5 });
  });

  test('match the models’ numbers of anchors', () => {
    const short = [
      { cells: 16, anchors: 2 },
      { cells: 8, anchors: 6 },
    ];
    expect(gridAnchors(short)).toHaveLength(896);
    expect(gridAnchors([{ cells: 48, anchors: 1 }])).toHaveLength(2304);
  });
});
