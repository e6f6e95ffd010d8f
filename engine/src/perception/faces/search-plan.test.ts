import { describe, expect, test } from 'vitest';
import { everywhere, SearchPlan, touchesInnerEdge } from './search-plan.ts';

const image = { width: 640, height: 480 };
const describeOf = (
  plan: SearchPlan,
  count: number,
  { changed = true, ...state }: { follows: boolean; hurried: boolean; changed?: boolean },
) =>
  Array.from({ length: count }, () =>
    plan
      .next(image, { ...state, changed })
      .map(({ range, view }) => (view === 'whole' ? range : view === 'tile' ? view : `${view} ${range}`))
      .join('+'),
  );

describe('search plan', () => {
  test('every image is searched while no face is tracked', () => {
    const searches = describeOf(new SearchPlan(), 4, { follows: false, hurried: false });
    const bothViews = 'short+full+wide short+wide full';
    expect(searches).toEqual([bothViews, 'short+tile', bothViews, 'short+tile']);
  });

  test('every second image is searched while a face is tracked, one part at a time', () => {
    const searches = describeOf(new SearchPlan(), 8, { follows: true, hurried: false });
    expect(searches).toEqual(['short', '', 'tile', '', 'short+full', '', 'tile', '']);
  });

  test('where nothing changes, every second search by the full-range detector is left out', () => {
    const plan = new SearchPlan();
    const calm = { follows: true, hurried: false, changed: false };
    const full = (images: number, state: typeof calm) =>
      describeOf(plan, images, state).filter((search) => search === 'short+full').length;
    expect([full(8, calm), full(8, calm), full(8, calm), full(8, calm)]).toEqual([1, 0, 1, 0]);
    expect(full(8, { ...calm, changed: true })).toBe(1);
    expect(full(8, { ...calm, changed: true })).toBe(1);
  });

  test('a face that must be confirmed is searched for at once, by both detectors in both views', () => {
    const plan = new SearchPlan();
    describeOf(plan, 2, { follows: true, hurried: false });
    expect(describeOf(plan, 2, { follows: true, hurried: true })).toEqual(
      Array(2).fill('short+full+wide short+wide full'),
    );
  });

  test('the tiles cover the image, and are searched in turn', () => {
    const tiles = everywhere(image).filter(({ view }) => view === 'tile');
    for (const [x, y] of [
      [1, 1],
      [639, 1],
      [320, 240],
      [1, 479],
      [639, 479],
    ] as const) {
      const holds = tiles.some(
        ({ square }) =>
          Math.abs(square.centerX - x) <= square.sidePx / 2 && Math.abs(square.centerY - y) <= square.sidePx / 2,
      );
      expect(holds).toBe(true);
    }
    const plan = new SearchPlan();
    const searched = Array.from({ length: tiles.length * 2 }, () =>
      plan.next(image, { follows: false, hurried: false, changed: true }),
    )
      .flat()
      .filter(({ view }) => view === 'tile');
    expect(new Set(searched.map(({ square }) => `${square.centerX} ${square.centerY}`)).size).toBe(tiles.length);
  });

  test('a face that is cut by a tile’s border is left to the next tile, but not one at the edge of the image', () => {
    const square = { centerX: 160, centerY: 160, sidePx: 320, rotationRad: 0 };
    expect(touchesInnerEdge({ box: { x: 260, y: 100, width: 80, height: 80 } }, square, image)).toBe(true);
    expect(touchesInnerEdge({ box: { x: -5, y: 100, width: 80, height: 80 } }, square, image)).toBe(false);
    expect(touchesInnerEdge({ box: { x: 100, y: 100, width: 80, height: 80 } }, square, image)).toBe(false);
  });
});
