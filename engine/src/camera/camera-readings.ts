import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { CameraState } from './camera-state.ts';

/**
 * Names of virtual cameras. Some of these programs are harmless (background blur, a phone used as a webcam), so a name is only a
 * hint.
 */
const virtualNames = [
  /\bvirtual\b/iu,
  /\bvcam\b/iu,
  /\bv4l2loopback\b|\bdummy video device\b|\bloopback\b/iu,
  /\bobs\b|\bmanycam\b|\bsplitcam\b|\bxsplit\b|\bcamtwist\b|\bwebcamoid\b|\bakvcam\b|\byoucam\b|\bsparkocam\b|\be2esoft\b/iu,
  /\bsnap camera\b|\bchromacam\b|\bmmhmm\b|\bprism live\b|\bnvidia broadcast\b|\becamm\b|\bndi\b/iu,
  /\bdroidcam\b|\biriun\b|\bepoccam\b|\bivcam\b|\bcamo\b/iu,
  /^fake_device/iu,
];

export const looksVirtual = (label: string): boolean => virtualNames.some((name) => name.test(label));

/**
 * Hints about the camera itself. An ordinary camera adds no field.
 * @param cameraCount video inputs that the browser lists; null if unknown.
 */
export const cameraReadings = (
  camera: CameraState,
  cameraCount: number | null,
  { image_replayed }: FeatureReadings,
): FeatureReadings => {
  const isHinted = image_replayed === 1 || (camera.state === 'on' && looksVirtual(camera.label));
  return {
    ...(isHinted ? { virtual_camera_hint: 1 } : {}),
    ...(cameraCount !== null && cameraCount > 1 ? { camera_count: cameraCount } : {}),
  };
};
