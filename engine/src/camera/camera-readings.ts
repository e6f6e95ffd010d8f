import type { FeatureReadings } from '../perception/feature-readings.ts';
import type { CameraState } from './camera-state.ts';

/**
 * Names that programs give to cameras that they make up. Some of them are harmless by any measure (blurred backgrounds, a
 * telephone used as a webcam), so a name is a hint and no more.
 */
const VIRTUAL_NAMES = [
  /\bvirtual\b/iu,
  /\bvcam\b/iu,
  /\bv4l2loopback\b|\bdummy video device\b|\bloopback\b/iu,
  /\bobs\b|\bmanycam\b|\bsplitcam\b|\bxsplit\b|\bcamtwist\b|\bwebcamoid\b|\bakvcam\b|\byoucam\b|\bsparkocam\b|\be2esoft\b/iu,
  /\bsnap camera\b|\bchromacam\b|\bmmhmm\b|\bprism live\b|\bnvidia broadcast\b|\becamm\b|\bndi\b/iu,
  /\bdroidcam\b|\biriun\b|\bepoccam\b|\bivcam\b|\bcamo\b/iu,
  /^fake_device/iu,
];

export function looksVirtual(label: string): boolean {
  return VIRTUAL_NAMES.some((name) => name.test(label));
}

/**
 * What is known of the camera besides its picture. A camera by itself, without any sign, says nothing.
 * @param cameraCount video inputs that the browser lists; null when it did not say.
 */
export function cameraReadings(
  camera: CameraState,
  cameraCount: number | null,
  { image_replayed }: FeatureReadings,
): FeatureReadings {
  const isHinted = image_replayed === 1 || (camera.state === 'on' && looksVirtual(camera.label));
  return {
    ...(isHinted ? { virtual_camera_hint: 1 } : {}),
    ...(cameraCount !== null && cameraCount > 1 ? { camera_count: cameraCount } : {}),
  };
}
