import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, lookAt, opensAfterMs, runRule, timesOf } from '../../test/rule-run.ts';
import { cameraFrozen, cameraStaysFrozen } from './camera-frozen.ts';

const frozen = { ...calm, image_frozen: 1, image_frozen_for_ms: 0 } as const;

describe('camera_frozen', () => {
  test('opens after 1 s of frames', () => {
    expect(opensAfterMs(cameraFrozen, frozen)).toBe(1000);
  });

  test('continues through up to 1 s of changing images', () => {
    expect(bridgesMs(cameraFrozen, frozen, calm)).toBe(1000);
  });

  test('starts when the image stopped changing', () => {
    const { events } = runRule(cameraFrozen, [[6000, { image_frozen: 1, image_frozen_for_ms: 1500 }]]);
    expect(timesOf(events)).toEqual(['opened 4500-6000']);
  });

  test('needs two frames in version 2, and one in version 1', () => {
    const once = { image_frozen: 1, image_frozen_for_ms: 1500 } as const;
    expect(timesOf(runRule(cameraStaysFrozen, [[6000, once]]).events)).toEqual([]);
    const twice = runRule(cameraStaysFrozen, [
      [6000, once],
      [6200, { ...once, image_frozen_for_ms: 1700 }],
    ]);
    expect(timesOf(twice.events)).toEqual(['opened 4500-6200']);
  });

  test.each([
    [{ image_frozen: 0 }, 'clear'],
    [{ image_frozen: 1 }, 'seen'],
    [{ image_frozen: null }, 'unknown'],
    [{ image_frozen_for_ms: 9000 }, 'unknown'],
  ] as const)('%j is %s', (features, kind) => {
    for (const rule of [cameraFrozen, cameraStaysFrozen]) expect(lookAt(rule, features).kind).toBe(kind);
  });

  test('starts at the frame if the duration is unknown', () => {
    expect(lookAt(cameraFrozen, { image_frozen: 1 }, { timestamp: 500 })).toMatchObject({ sinceMs: 500 });
  });

  test('differs between versions only in the number of frames', () => {
    expect(cameraStaysFrozen).toEqual({ ...cameraFrozen, minFrames: 2 });
  });
});
