import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PerceptionSite } from '../support/perception-site.ts';

const deg = Math.PI / 180;

let site: PerceptionSite;
let page: Page;

beforeAll(async () => {
  site = await PerceptionSite.open([
    { name: 'candidate.jpg', scene: 'plain', phone: null },
    {
      name: 'four.jpg',
      people: [0.14, 0.38, 0.62, 0.86].map((x, i) => ({ x, y: 0.4, faceWidth: 0.12, mirrored: i % 2 === 1 })),
      brightness: 0.5,
      blurPx: 0,
    },
    {
      name: 'phone.jpg',
      scene: 'plain',
      phone: { hand: 2, area: 0.07, x: 0.78, y: 0.62, turnRad: 0.15, mirrored: false },
    },
  ]);
  // A slow machine must not look like a worker that hangs.
  page = await site.newPage(20_000);
  await page.evaluate(() => globalThis.perceptionPage.load());
}, 120_000);

afterAll(() => site?.close());

const still = (name: string) => page.evaluate((url) => globalThis.perceptionPage.still(url), `/data/${name}`);

describe('perception in a real browser', () => {
  test('a candidate without a phone: one face that looks forward, nothing else', async () => {
    const readings = await still('candidate.jpg');
    expect(readings).toMatchObject({ face_present: 1, no_of_face: 1, phone_present: 0, head_pose: 'forward' });
    expect(Math.abs(readings.head_yaw ?? NaN)).toBeLessThan(15 * deg);
    expect(Math.abs(readings.head_pitch ?? NaN)).toBeLessThan(15 * deg);
    expect(readings.image_obstructed).toBe(0);
    expect(readings.gaze_direction).toBeTypeOf('string');
    expect(readings.engine_backend).toBe('wasm');
  });

  test('the same candidate with a phone in a hand: the phone, and where it is', async () => {
    const readings = await still('phone.jpg');
    expect(readings).toMatchObject({ no_of_face: 1, phone_present: 1 });
    expect(readings.phone_x).toBeGreaterThan(0.65 * 640);
    expect(readings.phone_x).toBeLessThan(0.9 * 640);
    expect(readings.phone_conf).toBeGreaterThan(40);
  });

  test('four people in a dim room are four faces', async () => {
    expect(await still('four.jpg')).toMatchObject({ face_present: 1, no_of_face: 4, still_faces: 0, phone_present: 0 });
  });

  test('a detector that fails at runtime is reported, affects only its own readings, and leaves no tensor behind', async () => {
    const { capabilities, readings, tensors } = await page.evaluate(() =>
      globalThis.perceptionPage.stillWith(
        { handLandmarks: 'facemesh.json', objects: 'nothing.json' },
        '/data/phone.jpg',
      ),
    );
    expect(capabilities).toMatchObject({ face: { available: true }, hands: { available: false } });
    expect(capabilities.phone).toEqual({ available: false, reason: expect.stringContaining('404') });
    expect(readings).toMatchObject({ no_of_face: 1, hand_count: null, phone_present: null });
    expect(readings.unknown).toMatchObject({ hands: 'detector_failed', phone: 'model_missing' });
    expect(new Set(tensors).size).toBe(1);
  });

  test('a browser that falsifies canvases is read if it copies pixels without one', async () => {
    const { capabilities, readings } = await page.evaluate(
      (url) => globalThis.perceptionPage.stillFalsified(url, 'copies'),
      '/data/candidate.jpg',
    );
    expect(capabilities.face).toEqual({ available: true });
    expect(readings).toMatchObject({ face_present: 1, no_of_face: 1 });
  });

  test('a copied frame that has to be sampled from a falsified canvas does not count as observed', async () => {
    const { capabilities, readings } = await page.evaluate(
      (url) => globalThis.perceptionPage.stillFalsified(url, 'copiesWithoutMemory'),
      '/data/candidate.jpg',
    );
    expect(capabilities.face).toEqual({ available: true });
    expect(notObservedReason(readings)).toBe('canvas_falsified');
  });

  test('a browser that falsifies all pixels is named, and nothing counts as observed', async () => {
    const { capabilities, readings } = await page.evaluate(
      (url) => globalThis.perceptionPage.stillFalsified(url, 'draws'),
      '/data/candidate.jpg',
    );
    expect(capabilities.face).toEqual({ available: false, reason: expect.stringContaining('changes the pixels') });
    expect(readings.unknown).toMatchObject({ face: 'canvas_falsified', quality: 'canvas_falsified' });
    expect(isObserved(readings)).toBe(false);
    expect(notObservedReason(readings)).toBe('canvas_falsified');
  });

  test('a worker whose readings stand still while the image moves is replaced', { timeout: 90_000 }, async () => {
    const stuck = await page.evaluate((url) => globalThis.perceptionPage.readStuck(url, 40), '/data/candidate.jpg');
    expect(stuck).toMatchObject({ reason: 'worker_hung', read: 16 });
    expect(stuck.after).toMatchObject({ face_present: 1 });
  });

  test.each([
    ['hang', 'worker_hung'],
    ['crash', 'worker_crashed'],
  ] as const)(
    'a worker that is made to %s is replaced, and the gap is reported',
    { timeout: 90_000 },
    async (message, reason) => {
      const lost = await page.evaluate(([what, url]) => globalThis.perceptionPage.readAfter(what, url), [
        message,
        '/data/candidate.jpg',
      ] as const);
      expect(lost).toMatchObject({ reason, events: [`gap ${reason}`] });
      expect(lost.gapMs).toBeGreaterThan(0);
      expect(await still('candidate.jpg')).toMatchObject({ no_of_face: 1 });
    },
  );

  test('a newly opened page loads its models from the device, without the network', { timeout: 60_000 }, async () => {
    const asked: string[] = [];
    await page.context().route('**/models/**', async (route) => {
      asked.push(route.request().url().split('/').at(-1) ?? '');
      await route.abort();
    });
    await page.reload();
    await page.evaluate(() => globalThis.perceptionPage.load());
    expect(await still('candidate.jpg')).toMatchObject({ no_of_face: 1, phone_present: 0 });
    expect(asked).toEqual(['manifest.json']);
  });
});
