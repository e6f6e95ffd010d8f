import { withDeadline } from '../timing/deadline.ts';

const answerTimeoutMs = 3000;

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
