import { describe, expect, test } from 'vitest';
import { everyView, PalmSearchPlan } from './palm-search-plan.ts';

const image = { width: 640, height: 480 };

describe('palm search', () => {
  test('each search covers the whole image and one further view, and all views come in turn', () => {
    const plan = new PalmSearchPlan();
    const [whole, ...further] = everyView(image);
    const searches = further.map(() => plan.next(image));
    expect(searches.map(([first]) => first)).toEqual(further.map(() => whole));
    expect(searches.map(([, second]) => second)).toEqual(further);
    expect(searches.every((views) => views.length === 2)).toBe(true);
    expect(plan.next(image)).toEqual([whole, further[0]]);
  });

  test('after a reset, the first further view comes again', () => {
    const plan = new PalmSearchPlan();
    const first = plan.next(image);
    plan.next(image);
    plan.reset();
    expect(plan.next(image)).toEqual(first);
  });

  test.each([image, { width: 480, height: 640 }, { width: 384, height: 384 }, { width: 1280, height: 360 }])(
    'the tiles cover an image of $width × $height pixels',
    (size) => {
      const tiles = everyView(size).filter(({ sidePx }) => sidePx < Math.max(size.width, size.height));
      const isCovered = (x: number, y: number): boolean =>
        tiles.some(
          (tile) => Math.max(Math.abs(x - tile.centerX), Math.abs(y - tile.centerY)) <= tile.sidePx / 2 + 1e-6,
        );
      for (let x = 0; x <= size.width; x += 20) {
        for (let y = 0; y <= size.height; y += 20) expect(isCovered(x, y)).toBe(true);
      }
    },
  );
});
