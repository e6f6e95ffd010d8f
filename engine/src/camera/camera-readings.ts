import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import { cameraKind } from './camera-kind.ts';
import type { CameraState } from './camera-state.ts';

/**
 * Hints about the camera itself. An ordinary camera adds no field.
 * @param cameraCount video inputs that the browser lists; null if unknown.
 */
export const cameraReadings = (
  camera: CameraState,
  cameraCount: number | null,
  { image_replayed }: FeatureReadings,
): FeatureReadings => {
  const isHinted = image_replayed === 1 || (camera.state === 'on' && cameraKind(camera.label) === 'virtual');
  return {
    ...(isHinted ? { virtual_camera_hint: 1 } : {}),
    ...(cameraCount !== null && cameraCount > 1 ? { camera_count: cameraCount } : {}),
  };
};
