import { withDeadline } from '../timing/deadline.ts';

const answerTimeoutMs = 3000;

/** Infrared cameras for face recognition at login; some browsers list them first. */
const infraredName = /\b(?:ir|infrared|infrarot|infrarroj[oa]s?)\b/iu;

export const looksInfrared = (label: string): boolean => infraredName.test(label);

/**
 * The video inputs that the browser lists; null if unknown. Labels are empty before the student has allowed a camera.
 */
export const listCameras = async (): Promise<MediaDeviceInfo[] | null> => {
  const devices = await withDeadline(
    'enumerateDevices',
    answerTimeoutMs,
    navigator.mediaDevices.enumerateDevices(),
  ).catch(() => null);
  return devices?.filter(({ kind }) => kind === 'videoinput') ?? null;
};
