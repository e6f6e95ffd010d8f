import { describe, expect, test } from 'vitest';
import { gridOf, heightPxOf, rangeOf, stepOf } from './wall-grid.ts';

test('the rows of the table are high enough for a finger on a touch screen', () => {
  expect(gridOf(358, 16, 'table').tileHeightPx).toBeLessThan(44);
  expect(gridOf(358, 16, 'table', true).tileHeightPx).toBe(44);
  expect(gridOf(358, 16, 'tiles', true)).toEqual(gridOf(358, 16, 'tiles'));
});

describe('the grid of the wall', () => {
  test('has one column in a narrow window, and no tile is wider than it', () => {
    expect(gridOf(328, 16)).toMatchObject({ columns: 1, tileWidthPx: 328 });
    expect(gridOf(1000, 16).columns).toBe(4);
  });

  test.each([
    ['tiles', 20],
    ['compact', 40],
    ['table', 60],
  ] as const)('shows %s of at least %i whole students on a full-HD screen', (density, least) => {
    // The part of 1920 × 1080 that is left for the wall, beside the alerts and below the toolbar.
    const grid = gridOf(1566, 16, density);
    const rows = Math.floor((1080 - 380 + grid.gapPx) / (grid.tileHeightPx + grid.gapPx));
    expect(rows * grid.columns).toBeGreaterThanOrEqual(least);
  });

  test('renders a few of many rows at any scroll position', () => {
    const grid = gridOf(1000, 16);
    const rowPx = grid.tileHeightPx + grid.gapPx;
    expect(heightPxOf(grid, 500)).toBe(125 * rowPx - grid.gapPx);
    expect(rangeOf(grid, 500, 200, 900)).toEqual({ from: 0, to: 24 });
    const middle = rangeOf(grid, 500, -50 * rowPx, 900);
    expect(middle.from).toBe(49 * 4);
    expect(middle.to - middle.from).toBeLessThanOrEqual(32);
    expect(rangeOf(grid, 500, -200 * rowPx, 900)).toEqual({ from: 500, to: 500 });
    expect(rangeOf(grid, 4, 0, 900)).toEqual({ from: 0, to: 4 });
  });

  test('can be navigated by keys, and stops at its ends', () => {
    expect(stepOf('ArrowDown', 3, 10, 1, 4)).toBe(4);
    expect(stepOf('ArrowUp', 3, 10, 1, 4)).toBe(0);
    expect(stepOf('End', 3, 10, 1, 4)).toBe(9);
    expect(stepOf('PageDown', 3, 10, 1, 4)).toBe(9);
    expect(stepOf('x', 3, 10, 1, 4)).toBeNull();
    expect(stepOf('Home', 3, 0, 0, 4)).toBeNull();
  });
});
