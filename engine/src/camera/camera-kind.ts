/** Infrared cameras for face recognition at login; some browsers list them first. */
const infraredName = /\b(?:ir|infrared|infrarot|infrarroj[oa]s?)\b/iu;

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

/** What a camera's name suggests. An unknown name counts as a colour camera. */
export type CameraKind = 'colour' | 'virtual' | 'infrared';

export const cameraKind = (label: string): CameraKind => {
  if (infraredName.test(label)) return 'infrared';
  return virtualNames.some((name) => name.test(label)) ? 'virtual' : 'colour';
};

/** Order of preference: the first is used unless the student chooses another camera. */
const kinds: readonly CameraKind[] = ['colour', 'virtual', 'infrared'];

/** The preferred camera of a list; null if it is empty or has no names yet. */
export const preferredCamera = <Device extends { label: string }>(devices: readonly Device[]): Device | null => {
  const named = devices.filter(({ label }) => label !== '');
  for (const kind of kinds) {
    const found = named.find(({ label }) => cameraKind(label) === kind);
    if (found !== undefined) return found;
  }
  return null;
};

/** Whether `other` is preferred to `label`. */
export const isPreferred = (other: string, label: string): boolean =>
  kinds.indexOf(cameraKind(other)) < kinds.indexOf(cameraKind(label));
