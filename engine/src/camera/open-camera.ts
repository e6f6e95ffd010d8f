import { ProctorError } from '../errors/proctor-error.ts';
import { cameraFailure } from './camera-failure.ts';

export interface CameraRequest {
  deviceId: string | null;
  widthPx: number;
  heightPx: number;
}

/** From what is wanted to what will do. A chosen camera is never silently exchanged for another one. */
const constraintsByStrictness = ({ deviceId, widthPx, heightPx }: CameraRequest): MediaTrackConstraints[] => {
  const device = deviceId === null ? { facingMode: 'user' } : { deviceId: { exact: deviceId } };
  const size = { width: { ideal: widthPx }, height: { ideal: heightPx }, frameRate: { ideal: 30 } };
  return [{ ...device, ...size }, deviceId === null ? {} : device];
};

/** Opens the camera. Rejects with a ProctorError that says which of the possible reasons it was. */
export const openCamera = async (wish: CameraRequest): Promise<MediaStream> => {
  if (!isSecureContext) throw new ProctorError('camera_insecure_page');
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) throw new ProctorError('camera_unsupported');
  let failure: ProctorError | null = null;
  for (const constraints of constraintsByStrictness(wish)) {
    try {
      return await devices.getUserMedia({
        audio: false,
        video: Object.keys(constraints).length > 0 ? constraints : true,
      });
    } catch (cause) {
      failure = cameraFailure(cause);
      if (failure.reason !== 'camera_overconstrained') break;
    }
  }
  throw failure ?? new ProctorError('camera_failed');
};
