/** Composes images of candidates in a browser's canvas, with or without a hand that holds a phone. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../browser/chromium.ts';
import { personPath } from '../cameras/astronaut-camera.ts';
import { packageFolder } from '../repository.ts';
import { drawPeopleInPage, drawPhoneInPage, loadInPage } from './draw-in-page.ts';

/** x, y, width, height in pixels. */
export type Box = readonly [number, number, number, number];

export interface Hand {
  path: string;
  /** Positions of the phone and its screen in the image of the hand. */
  phone: Box;
  screen: Box | null;
}

/** How the camera shows the candidate; lengths as shares of the image. */
export interface Scene {
  mirrored: boolean;
  zoom: number;
  shiftX: number;
  shiftY: number;
  brightness: number;
  blurPx: number;
}

export interface Phone {
  /** Index in `hands`. */
  hand: number;
  /** Share of the image that the phone covers when all of it is visible. */
  area: number;
  /** Centre, as shares of the image. */
  x: number;
  y: number;
  turnRad: number;
  mirrored: boolean;
  /** CSS colour of the screen; null for the screen of the mockup. */
  screen?: string | null;
  brightness?: number;
}

export interface Person {
  /** Centre and width of the face, as shares of the image. */
  x: number;
  y: number;
  faceWidth: number;
  mirrored: boolean;
}

/** One person with or without a phone ('plain' is head and shoulders in ordinary light), or several people. */
export type ImageSpec =
  | { name: string; scene: Scene | 'plain'; phone?: Phone | null; people?: null }
  | { name: string; people: readonly Person[]; brightness: number; blurPx: number };

export interface ComposedImage {
  name: string;
  /** JPEG. */
  bytes: Buffer;
  /** Share of the image that the phone covers. */
  phoneArea: number;
}

const mockup = (name: string): string => join(packageFolder('html5-device-mockups'), 'device-mockups', name);

export const hands: readonly Hand[] = [
  { path: mockup('iPhone6Hand/portrait_black.png'), phone: [135, 0, 596, 1222], screen: [168, 150, 526, 930] },
  { path: mockup('iPhone6Hand/portrait_white.png'), phone: [135, 0, 596, 1222], screen: [168, 150, 526, 930] },
  { path: mockup('iPhone7Hand/portrait_black.png'), phone: [325, 5, 400, 835], screen: null },
  { path: mockup('iPhone7Hand_2/portrait_black.png'), phone: [325, 5, 400, 835], screen: null },
];
export const imageSize = { width: 640, height: 480 };

const plainScene: Scene = { mirrored: false, zoom: 1.6, shiftX: 0, shiftY: 0, brightness: 1, blurPx: 0 };

const dataUrl = async (path: string): Promise<string> =>
  `data:image/png;base64,${(await readFile(path)).toString('base64')}`;

/** Composes each image, in the same order. */
export const composeImages = async (
  specs: readonly ImageSpec[],
  onProgress: () => void = () => undefined,
): Promise<ComposedImage[]> => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.evaluate(loadInPage, {
      candidate: await dataUrl(personPath),
      hands: await Promise.all(hands.map(({ path }) => dataUrl(path))),
    });
    const images: ComposedImage[] = [];
    for (const spec of specs) {
      if (spec.people) {
        const base64 = await page.evaluate(drawPeopleInPage, { ...spec, size: imageSize });
        images.push({ name: spec.name, bytes: Buffer.from(base64, 'base64'), phoneArea: 0 });
      } else {
        const { name, scene, phone = null } = spec;
        const { base64, visible } = await page.evaluate(drawPhoneInPage, {
          scene: scene === 'plain' ? plainScene : scene,
          phone: phone === null ? null : { screen: null, brightness: 1, ...phone },
          hand: hands[phone?.hand ?? 0]!,
          size: imageSize,
        });
        images.push({
          name,
          bytes: Buffer.from(base64, 'base64'),
          phoneArea: phone === null ? 0 : phone.area * visible,
        });
      }
      onProgress();
    }
    return images;
  } finally {
    await browser.close();
  }
};
