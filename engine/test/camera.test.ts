import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CameraState } from '../src/index.ts';
import { launchOptions, fakeCameraArguments } from '@invigil/testkit/browser/chromium';
import { TestPages } from '@invigil/testkit/browser/test-pages';

interface Watched {
  states: CameraState[];
  errors: string[];
  framesTaken: () => Promise<number>;
}
declare global {
  var opened: MediaStreamTrack[];
  var watched: Watched;
}

let pages: TestPages;

beforeAll(async () => {
  pages = await TestPages.open();
}, 60_000);

afterAll(() => pages?.close());

const withBrowser = async <T>(words: readonly string[], use: (browser: Browser) => Promise<T>): Promise<T> => {
  const browser = await chromium.launch(launchOptions([...words]));
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
};

const openPage = async (browser: Browser, url = pages.url): Promise<Page> => {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'invigil' in globalThis);
  return page;
};

const failureOf = (page: Page, deviceId: string | null = null) =>
  page.evaluate(
    (id) =>
      globalThis.invigil.openCamera({ deviceId: id, widthPx: 640, heightPx: 480 }).then(
        () => null,
        ({ reason, message }: { reason: string; message: string }) => ({ reason, message }),
      ),
    deviceId,
  );

describe('opening the camera', () => {
  test('blocked for the page: explains where to allow it', async () => {
    const words = ['--use-fake-ui-for-media-stream=deny', '--use-fake-device-for-media-stream'];
    const failure = await withBrowser(words, async (browser) => failureOf(await openPage(browser)));
    expect(failure).toMatchObject({ reason: 'camera_denied', message: expect.stringContaining('Allow it') });
  });

  test('no camera at all', async () => {
    const failure = await withBrowser(['--use-fake-ui-for-media-stream'], async (browser) =>
      failureOf(await openPage(browser)),
    );
    expect(failure).toMatchObject({ reason: 'camera_none' });
  });

  test('an insecure page', async () => {
    const words = [...fakeCameraArguments(), '--host-resolver-rules=MAP exam.test 127.0.0.1'];
    const url = pages.url.replace('127.0.0.1', 'exam.test');
    const failure = await withBrowser(words, async (browser) => failureOf(await openPage(browser, url)));
    expect(failure).toMatchObject({ reason: 'camera_insecure_page', message: expect.stringContaining('https') });
  });

  test('a chosen camera that is missing is not silently replaced by another', async () => {
    const page = await pages.newPage();
    expect(await failureOf(page, 'no-such-camera')).toMatchObject({ reason: 'camera_overconstrained' });
    await page.close();
  });
});

test('a camera that is unplugged is reported as lost, and is reopened when it is back', async () => {
  const page = await pages.newPage();
  await page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const watched: Watched = { states: [], errors: [], framesTaken: async () => 0 };
    globalThis.watched = watched;
    const camera = await globalThis.invigil.watchCamera(video, watched);
    watched.framesTaken = async () => {
      const frame = await camera.take();
      frame?.image.close();
      return frame === null ? 0 : 1;
    };
  });
  expect(await page.evaluate(() => globalThis.watched.states.map(({ state }) => state))).toEqual(['on']);
  // Read at once: the camera is reopened three seconds later.
  const lost = await page.evaluate(async () => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    const [track] = (srcObject as MediaStream).getVideoTracks();
    // The browser's behaviour when the device disappears.
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
    const { states, errors } = globalThis.watched;
    return { state: states.at(-1), errors: [...errors], framesTaken: await globalThis.watched.framesTaken() };
  });
  expect(lost).toMatchObject({ state: { state: 'lost' }, errors: ['camera_lost'], framesTaken: 0 });
  await page.waitForFunction(() => globalThis.watched.states.at(-1)?.state === 'on', null, { timeout: 30_000 });
  await expect.poll(() => page.evaluate(() => globalThis.watched.framesTaken()), { timeout: 30_000 }).toBe(1);
  await page.close();
}, 60_000);

test('a camera that the student blocks mid-session is reported as blocked, and is reopened once it is allowed again', async () => {
  const context = await pages.newContext();
  const page = await pages.newPage(context);
  const control = await context.newCDPSession(page);
  const { targetInfo } = await control.send('Target.getTargetInfo');
  const browserContextId = targetInfo.browserContextId ?? '';
  const setCamera = (setting: 'granted' | 'denied') =>
    control.send('Browser.setPermission', { permission: { name: 'camera' }, setting, browserContextId });
  await setCamera('granted');
  await page.evaluate(async () => {
    const watched: Watched = { states: [], errors: [], framesTaken: async () => 0 };
    globalThis.watched = watched;
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    // With the fake camera, Chromium would open it whatever the permission is.
    mediaDevices.getUserMedia = async (constraints) => {
      const { state } = await navigator.permissions.query({ name: 'camera' });
      if (state !== 'granted') throw new DOMException('Permission denied', 'NotAllowedError');
      return open(constraints);
    };
    await globalThis.invigil.watchCamera(document.querySelector('video') as HTMLVideoElement, watched);
  });
  await setCamera('denied');
  // A browser that blocks the camera ends its track.
  await page.evaluate(() => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    const [track] = (srcObject as MediaStream | null)?.getVideoTracks() ?? [];
    track?.stop();
    track?.dispatchEvent(new Event('ended'));
  });
  const last = () => page.evaluate(() => globalThis.watched.states.at(-1));
  await expect.poll(last, { timeout: 30_000 }).toMatchObject({ state: 'lost', cause: 'blocked' });
  await expect.poll(() => page.evaluate(() => globalThis.watched.errors)).toContain('camera_blocked');
  await setCamera('granted');
  await expect.poll(last, { timeout: 30_000 }).toMatchObject({ state: 'on' });
  await context.close();
}, 60_000);

test('switches to another camera, and stays with it if a third one does not open', async () => {
  const words = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=2'];
  const found = await withBrowser(words, async (browser) => {
    const page = await openPage(browser);
    return page.evaluate(async () => {
      const watched: Watched = { states: [], errors: [], framesTaken: async () => 0 };
      const video = document.querySelector('video') as HTMLVideoElement;
      const camera = await globalThis.invigil.watchCamera(video, watched);
      const devices = await navigator.mediaDevices.enumerateDevices();
      const other = devices.find(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== camera.deviceId);
      const first = { deviceId: camera.deviceId, label: '' };
      const second = { deviceId: other?.deviceId ?? '', label: other?.label ?? '' };
      // The last of three quick choices counts.
      await Promise.all([second, first, second].map((choice) => camera.choose(choice)));
      const isOther = camera.deviceId === other?.deviceId;
      const reason = await camera
        .choose({ deviceId: 'no-such-camera', label: '' })
        .catch((error: { reason: string }) => error.reason);
      const result = { isOther, isKept: camera.deviceId === other?.deviceId, reason, errors: watched.errors };
      camera.close();
      return result;
    });
  });
  expect(found).toEqual({ isOther: true, isKept: true, reason: 'camera_overconstrained', errors: [] });
}, 60_000);

test.each(['before', 'after'] as const)(
  'a camera that the student allows %s the models fail to load is closed',
  async (order) => {
    const page = await pages.newPage();
    await page.route('**/models/**', (route) => route.fulfill({ status: 404, body: '' }));
    await page.evaluate(async (isAllowedFirst) => {
      navigator.permissions.query = async () => ({ state: 'prompt' }) as PermissionStatus;
      const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      let allow = (): void => undefined;
      const allowed = new Promise<void>((resolve) => (allow = resolve));
      if (isAllowedFirst) allow();
      globalThis.opened = [];
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        await allowed;
        const stream = await getUserMedia(constraints);
        globalThis.opened.push(...stream.getTracks());
        return stream;
      };
      const proctor = globalThis.invigil.createProctor({ serverUrl: location.origin, sessionId: 'one' });
      await proctor.check().catch(() => undefined);
      allow();
    }, order === 'before');
    await expect
      .poll(() => page.evaluate(() => opened.map(({ readyState }) => readyState)), { timeout: 20_000 })
      .toEqual(['ended']);
    await page.close();
  },
  60_000,
);

test.each([
  ['NotFoundError', 'camera_none'],
  ['NotReadableError', 'camera_in_use'],
  ['NotAllowedError', 'camera_denied'],
])(
  'with the permission granted, a camera that fails with %s is reported while the models still load',
  async (name, reason) => {
    const page = await pages.newPage();
    // The weights never arrive.
    await page.route('**/models/**', () => undefined);
    const found = await page.evaluate(async (failure) => {
      navigator.permissions.query = async () => ({ state: 'granted' }) as PermissionStatus;
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', failure));
      const proctor = globalThis.invigil.createProctor({ serverUrl: location.origin, sessionId: 'one' });
      return proctor.check().catch((error: { reason: string }) => error.reason);
    }, name);
    expect(found).toBe(reason);
    await page.close();
  },
  60_000,
);

test('both frame sources deliver the newest frame, once', async () => {
  const page = await pages.newPage();
  for (const kind of ['track', 'video'] as const) {
    const found = await page.evaluate(async (name) => globalThis.invigil.trySource(name), kind);
    expect(found).toEqual({ takenAtOnce: 1, later: true, width: 640, height: 480, afterClose: false });
  }
  await page.close();
}, 60_000);
