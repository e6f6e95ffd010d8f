import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { cameraObstructed } from './camera-obstructed.ts';

const covered = { image_obstructed: 1, image_brightness: 0.02 } as const;

describe('camera_obstructed', () => {
  test('opens after 1 s', () => {
    expect(opensAfterMs(cameraObstructed, covered)).toBe(1000);
  });

  test('continues through up to 1 s of a free view', () => {
    expect(bridgesMs(cameraObstructed, covered, calm)).toBe(1000);
  });

  test('measures the brightness', () => {
    expect(lookAt(cameraObstructed, covered)).toMatchObject({ kind: 'seen', measured: { brightness: 0.02 } });
  });

  test.each([
    [{ image_obstructed: 0 }, 'clear'],
    [{ image_obstructed: 1 }, 'seen'],
    [{ image_obstructed: null }, 'unknown'],
    [{ image_brightness: 0 }, 'unknown'],
  ] as const)('%j is %s', (features, kind) => {
    expect(lookAt(cameraObstructed, features).kind).toBe(kind);
  });

  test('alerts a proctor', () => {
    expect(cameraObstructed.alert).toBe(true);
  });
});
