import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProctorError } from '../errors/proctor-error.ts';
import { openCamera } from './open-camera.ts';
import type { CameraRequest } from './open-camera.ts';

const request: CameraRequest = { deviceId: null, widthPx: 640, heightPx: 480 };

interface Device {
  deviceId: string;
  label: string;
  kind?: string;
}

/** A stream of one camera that records whether it was stopped. */
const streamOf = (label: string) => {
  const track = { label, isStopped: false, stop: () => (track.isStopped = true) };
  return { track, getTracks: () => [track], getVideoTracks: () => [track] };
};

interface Browser {
  /** What `getUserMedia` answers, call after call; the last answer is repeated. */
  answers: (ReturnType<typeof streamOf> | Error)[];
  devices: Device[];
  permission: PermissionState;
  isForbidden: boolean;
}

/** The browser's camera, as far as the page can see it. @returns the constraints of each call. */
const browser = (parts: Partial<Browser> = {}): MediaTrackConstraints[] => {
  const { answers = [streamOf('Webcam')], devices = [], permission = 'granted', isForbidden = false } = parts;
  const asked: MediaTrackConstraints[] = [];
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('document', { featurePolicy: { allowsFeature: () => !isForbidden } });
  vi.stubGlobal('navigator', {
    permissions: { query: async () => ({ state: permission }) },
    mediaDevices: {
      enumerateDevices: async () => devices.map((device) => ({ kind: 'videoinput', ...device })),
      getUserMedia: async ({ video }: { video: MediaTrackConstraints }) => {
        asked.push(video);
        const answer = answers[Math.min(asked.length, answers.length) - 1];
        if (answer instanceof Error || answer === undefined) throw answer ?? new Error('no answer');
        return answer;
      },
    },
  });
  return asked;
};

const named = (name: string, message = 'test'): Error => new DOMException(message, name);

/** The reason for which the camera did not open. */
const reasonOf = async (opening: Promise<unknown>): Promise<string> => {
  const error = await opening.then(
    () => null,
    (cause: unknown) => cause as ProctorError,
  );
  return error === null ? 'opened' : error.reason;
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('asks for the user’s camera with the wanted size, and for no sound', async () => {
  const asked = browser();
  const stream = await openCamera(request);
  expect(stream.getVideoTracks()[0]?.label).toBe('Webcam');
  expect(asked).toEqual([
    { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15 } },
  ]);
});

test('takes any camera where none meets the constraints', async () => {
  const asked = browser({ answers: [named('OverconstrainedError'), streamOf('Old camera')] });
  await openCamera(request);
  expect(asked[1]).toBe(true);
});

test('never exchanges a chosen camera silently for another one', async () => {
  const asked = browser({
    answers: [named('OverconstrainedError')],
    devices: [{ deviceId: 'other', label: 'Other camera' }],
  });
  expect(await reasonOf(openCamera({ ...request, deviceId: 'chosen' }))).toBe('camera_overconstrained');
  expect(asked.every(({ deviceId }) => (deviceId as { exact: string }).exact === 'chosen')).toBe(true);
});

test('finds a chosen camera by its name when its id has changed', async () => {
  const asked = browser({
    answers: [named('OverconstrainedError'), named('OverconstrainedError'), streamOf('My camera')],
    devices: [
      { deviceId: 'other', label: 'Other camera' },
      { deviceId: 'new-id', label: 'My camera' },
    ],
  });
  await openCamera({ ...request, deviceId: 'old-id', label: 'My camera' });
  expect(asked.at(-1)).toMatchObject({ deviceId: { exact: 'new-id' } });
});

test('prefers a colour camera to an infrared one that the browser chose, and lets that one go', async () => {
  const infrared = streamOf('Integrated IR Camera');
  const asked = browser({
    answers: [infrared, streamOf('Integrated Camera')],
    devices: [
      { deviceId: 'ir', label: 'Integrated IR Camera' },
      { deviceId: 'mic', label: 'Microphone', kind: 'audioinput' },
      { deviceId: 'rgb', label: 'Integrated Camera' },
    ],
  });
  const stream = await openCamera(request);
  expect(stream.getVideoTracks()[0]?.label).toBe('Integrated Camera');
  expect(infrared.track.isStopped).toBe(true);
  expect(asked.at(-1)).toMatchObject({ deviceId: { exact: 'rgb' } });
});

test('uses the infrared camera where it is the only one, or where it was chosen', async () => {
  const devices = [{ deviceId: 'ir', label: 'Integrated IR Camera' }];
  browser({ answers: [streamOf('Integrated IR Camera')], devices });
  expect((await openCamera(request)).getVideoTracks()[0]?.label).toBe('Integrated IR Camera');
  const asked = browser({
    answers: [streamOf('Integrated IR Camera')],
    devices: [...devices, { deviceId: 'rgb', label: 'Integrated Camera' }],
  });
  await openCamera({ ...request, deviceId: 'ir' });
  expect(asked).toHaveLength(1);
});

test('goes back to the infrared camera when the colour one does not open', async () => {
  const answers = [streamOf('IR Camera'), named('NotFoundError'), streamOf('IR Camera')];
  browser({
    answers,
    devices: [
      { deviceId: 'ir', label: 'IR Camera' },
      { deviceId: 'rgb', label: 'Camera' },
    ],
  });
  expect((await openCamera(request)).getVideoTracks()[0]?.label).toBe('IR Camera');
});

test.each([
  ['NotAllowedError', 'denied', 'camera_denied'],
  ['NotAllowedError', 'Permission dismissed', 'camera_dismissed'],
  ['NotFoundError', '', 'camera_none'],
  ['SecurityError', '', 'camera_forbidden_by_page'],
  ['TypeError', '', 'camera_unsupported'],
])('%s “%s” is %s, at once', async (name, message, reason) => {
  const asked = browser({ answers: [named(name, message)] });
  expect(await reasonOf(openCamera(request))).toBe(reason);
  expect(asked).toHaveLength(1);
});

test('a camera that another page has just closed is tried again for three and a half seconds', async () => {
  const asked = browser({ answers: [named('NotReadableError'), named('NotReadableError'), streamOf('Webcam')] });
  const opening = openCamera(request);
  await vi.advanceTimersByTimeAsync(799);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  await opening;
  expect(asked).toHaveLength(3);
});

test('a camera that stays busy is in use by another program', async () => {
  const asked = browser({ answers: [named('NotReadableError')] });
  const reason = reasonOf(openCamera(request));
  await vi.advanceTimersByTimeAsync(3500);
  expect(await reason).toBe('camera_in_use');
  expect(asked).toHaveLength(6);
});

test('reports that the page forbids the camera, which the student cannot change', async () => {
  const asked = browser({ isForbidden: true });
  expect(await reasonOf(openCamera(request))).toBe('camera_forbidden_by_page');
  expect(asked).toEqual([]);
});

test('tells an insecure page from a browser without a camera', async () => {
  browser();
  vi.stubGlobal('isSecureContext', false);
  expect(await reasonOf(openCamera(request))).toBe('camera_insecure_page');
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', {});
  expect(await reasonOf(openCamera(request))).toBe('camera_unsupported');
});
