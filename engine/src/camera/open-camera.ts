import { ProctorError } from '../errors/proctor-error.ts';
import { listCameras } from './camera-devices.ts';
import { cameraFailure } from './camera-failure.ts';
import { cameraKind, isPreferred, preferredCamera } from './camera-kind.ts';
import { isForbiddenByPage } from './camera-permission.ts';
import { requestStream } from './user-media.ts';
import type { OpeningOptions } from './user-media.ts';

export interface CameraRequest {
  deviceId: string | null;
  widthPx: number;
  heightPx: number;
  /** Name of the chosen camera, if known: browsers change the id of a camera that is plugged in again. */
  label?: string;
}

/** As many as the engine reads at most. With 30, drawing the preview would cost half as much again. */
const idealFrameRateHz = 15;

/** Constraints from the preferred to the minimum. A chosen camera is never silently replaced by another one. */
const constraintsByStrictness = ({ deviceId, widthPx, heightPx }: CameraRequest): (MediaTrackConstraints | true)[] => {
  const device = deviceId === null ? { facingMode: 'user' } : { deviceId: { exact: deviceId } };
  const size = { width: { ideal: widthPx }, height: { ideal: heightPx }, frameRate: { ideal: idealFrameRateHz } };
  return [{ ...device, ...size }, deviceId === null ? true : device];
};

const openExactly = async (request: CameraRequest, options: OpeningOptions): Promise<MediaStream> => {
  let failure: ProctorError | null = null;
  for (const constraints of constraintsByStrictness(request)) {
    try {
      return await requestStream(constraints, options);
    } catch (cause) {
      failure = cameraFailure(cause);
      if (failure.reason !== 'camera_overconstrained') break;
    }
  }
  throw failure ?? new ProctorError('camera_failed');
};

/** The current id of a chosen camera; null if it is not connected. */
const idByLabel = async ({ deviceId, label = '' }: CameraRequest): Promise<string | null> => {
  if (deviceId === null || label === '') return null;
  const found = (await listCameras())?.find((camera) => camera.label === label && camera.deviceId !== deviceId);
  return found?.deviceId ?? null;
};

/** A colour camera in place of an infrared or virtual one that the browser chose. */
const preferColour = async (
  stream: MediaStream,
  request: CameraRequest,
  options: OpeningOptions,
): Promise<MediaStream> => {
  const [track] = stream.getVideoTracks();
  if (request.deviceId !== null || track === undefined || cameraKind(track.label) === 'colour') return stream;
  const preferred = preferredCamera((await listCameras()) ?? []);
  if (preferred === null || !isPreferred(preferred.label, track.label)) return stream;
  track.stop();
  return openExactly({ ...request, deviceId: preferred.deviceId }, options).catch(() => openExactly(request, options));
};

/** Opens the camera. Rejects with a ProctorError that states the reason. */
export const openCamera = async (request: CameraRequest, options: OpeningOptions = {}): Promise<MediaStream> => {
  if (!isSecureContext) throw new ProctorError('camera_insecure_page');
  if ((navigator as Partial<Navigator>).mediaDevices === undefined) throw new ProctorError('camera_unsupported');
  if (isForbiddenByPage()) throw new ProctorError('camera_forbidden_by_page');
  try {
    return await preferColour(await openExactly(request, options), request, options);
  } catch (cause) {
    const failure = cameraFailure(cause);
    const isGone = failure.reason === 'camera_overconstrained' || failure.reason === 'camera_none';
    const deviceId = isGone ? await idByLabel(request) : null;
    if (deviceId === null) throw failure;
    return openExactly({ ...request, deviceId }, options);
  }
};
