import type { Page } from 'playwright';

/** What happens when the page asks for the camera. */
type CameraCondition = 'works' | 'empty' | 'denied' | 'missing' | 'in_use';

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
  /** A wall in daylight, with the noise of a camera. */
  const emptySeat = (): MediaStream => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const context = canvas.getContext('2d');
    const draw = (): void => {
      if (context === null) return;
      for (let row = 0; row < canvas.height; row += 8) {
        const light = 150 + row / 12 + Math.random() * 3;
        context.fillStyle = `rgb(${light} ${light} ${light - 20})`;
        context.fillRect(0, row, canvas.width, 8);
      }
    };
    draw();
    setInterval(draw, 50);
    return canvas.captureStream(20);
  };
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) return;
  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const condition = walked.walkCamera ?? 'works';
    if (condition !== 'works' && condition !== 'empty') throw new DOMException('', failures[condition]);
    const stream = condition === 'empty' ? emptySeat() : await real(constraints);
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
