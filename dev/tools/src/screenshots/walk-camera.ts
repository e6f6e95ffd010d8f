import type { Page } from 'playwright';

/** What happens when the page asks for the camera. */
type CameraCondition = 'works' | 'denied' | 'missing' | 'in_use';

interface WalkedPage {
  walkCamera?: CameraCondition;
  walkTracks?: MediaStreamTrack[];
}

/**
 * Runs in the page before its own scripts: getUserMedia fails as the browser's own does, by the condition in `walkCamera`. Chromium's fake
 * device cannot be denied, missing and in use one after the other, and is never asked for.
 */
export const cameraInPage = (): void => {
  const walked = globalThis as WalkedPage;
  const failures = { denied: 'NotAllowedError', missing: 'NotFoundError', in_use: 'NotReadableError' };
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) return;
  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const condition = walked.walkCamera ?? 'works';
    if (condition !== 'works') throw new DOMException('', failures[condition]);
    const stream = await real(constraints);
    (walked.walkTracks ??= []).push(...stream.getVideoTracks());
    return stream;
  };
  // The fake device is granted from the start; a student's browser asks first.
  const query = navigator.permissions.query.bind(navigator.permissions);
  navigator.permissions.query = async (descriptor) => {
    const answer = await query(descriptor);
    if ((descriptor.name as string) === 'camera' && walked.walkTracks === undefined)
      Object.defineProperty(answer, 'state', { value: 'prompt' });
    return answer;
  };
};

export const setCamera = (page: Page, condition: CameraCondition): Promise<void> =>
  page.evaluate((wanted) => {
    (globalThis as WalkedPage).walkCamera = wanted;
  }, condition);

/** What the browser does when the device disappears. */
export const unplugCamera = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const track of (globalThis as WalkedPage).walkTracks ?? []) {
      if (track.readyState === 'ended') continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
