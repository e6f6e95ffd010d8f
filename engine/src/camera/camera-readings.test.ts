import { expect, test } from 'vitest';
import type { CameraState } from './camera-state.ts';
import { cameraReadings } from './camera-readings.ts';

const on = (label: string): CameraState => ({ state: 'on', label, widthPx: 640, heightPx: 480, frameRateHz: 30 });

test('a virtual camera is suggested by its name or by repeated images, and is otherwise not mentioned', () => {
  const device = on('Integrated Camera');
  expect(cameraReadings(device, 1, { image_replayed: 0 })).toEqual({});
  expect(cameraReadings(device, 1, { image_replayed: 1 })).toEqual({ virtual_camera_hint: 1 });
  expect(cameraReadings(on('OBS Virtual Camera'), 1, {})).toEqual({ virtual_camera_hint: 1 });
  expect(cameraReadings({ state: 'lost', sinceMs: 0, cause: 'disconnected' }, null, {})).toEqual({});
});

test('several cameras are counted, a single one is not mentioned', () => {
  expect(cameraReadings(on('Integrated Camera'), 3, {})).toEqual({ camera_count: 3 });
});
