import type { CameraState } from '../../src/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPages } from '@invigil/testkit/browser/test-pages';

/** What `watchCamera` fills. */
interface Watched {
  states: CameraState[];
  errors: string[];
  framesTaken: () => Promise<number>;
}

let pages: TestPages;

beforeAll(async () => {
  pages = await TestPages.open();
}, 60_000);

afterAll(() => pages?.close());

// A camera that gets no time to draw counts as frozen too.
test('a live camera whose image is frozen is reopened', async () => {
  const page = await pages.newPage();
  await page.evaluate(async () => {
    const watched: Watched = { states: [], errors: [], framesTaken: async () => 0 };
    Object.assign(globalThis, { watched });
    // The first stream stops drawing after two seconds and never ends by itself; the next one is the camera's.
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async () => {
      devices.getUserMedia = open;
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      const drawing = setInterval(() => context?.fillRect(Math.random() * 100, 0, 9, 9), 50);
      setTimeout(() => clearInterval(drawing), 2000);
      return canvas.captureStream(20);
    };
    await globalThis.invigil.watchCamera(document.querySelector('video') as HTMLVideoElement, watched);
  });
  const states = (): Promise<string[]> =>
    page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.states.map(({ state }) => state));
  await expect.poll(states, { timeout: 20_000 }).toEqual(['on', 'lost', 'on']);
  expect(
    await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.states.at(-1)),
  ).toMatchObject({
    label: expect.stringMatching(/fake/i),
  });
  await page.close();
}, 60_000);
