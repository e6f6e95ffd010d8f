import { expect, test } from 'vitest';
import type { Page } from 'playwright';
import { useServedPages } from '../support/served-pages.ts';

interface Seen {
  opened: number;
  observations: string[];
  states: string[];
  brightness: (number | null | undefined)[];
}
declare global {
  var seen: Seen;
}

const site = useServedPages();

/** Records with a camera whose first streams are live and turn black; later ones are the browser's fake camera. */
const recordBlack = async (sessionId: string, blackStreams: number): Promise<Page> => {
  const page = await site.pages.newPage();
  await page.evaluate(
    async ([serverUrl, session, black]) => {
      const seen: Seen = { opened: 0, observations: [], states: [], brightness: [] };
      globalThis.seen = seen;
      const devices = navigator.mediaDevices;
      const open = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        seen.opened += 1;
        if (seen.opened > black) return open(constraints);
        const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        let drawn = 0;
        setInterval(() => {
          // Alternates, so that the stream sends each image.
          context.fillStyle = `rgb(${(drawn += 1) % 2}, 0, 0)`;
          context.fillRect(0, 0, 640, 480);
        }, 50);
        return canvas.captureStream(20);
      };
      const proctor = globalThis.invigil.createProctor({ serverUrl, sessionId: session, frameRateHz: 5 });
      proctor.on('frame', ({ image_brightness }) => seen.brightness.push(image_brightness));
      proctor.on('observation', ({ observation }) => seen.observations.push(observation.type));
      proctor.on('state', (state) => seen.states.push('camera' in state ? state.camera.state : state.state));
      await proctor.start();
    },
    [site.server.url, sessionId, blackStreams] as const,
  );
  return page;
};

const seenOn = (page: Page): Promise<Seen> => page.evaluate(() => globalThis.seen);

test('a camera that sends black images is reopened before anything is stated', async () => {
  const page = await recordBlack('black-driver', 2);
  await expect.poll(async () => (await seenOn(page)).brightness.at(-1), { timeout: 30_000 }).toBeGreaterThan(0.2);
  const { opened, observations, states } = await seenOn(page);
  expect(opened).toBe(3);
  expect(observations).not.toContain('camera_obstructed');
  expect(states).not.toContain('lost');
  await page.close();
}, 60_000);

test('one that is still black afterwards is reported, and not opened again', async () => {
  const page = await recordBlack('black-lens', Infinity);
  await expect.poll(async () => (await seenOn(page)).observations, { timeout: 30_000 }).toContain('camera_obstructed');
  await page.waitForTimeout(3000);
  expect((await seenOn(page)).opened).toBe(3);
  await page.close();
}, 60_000);
