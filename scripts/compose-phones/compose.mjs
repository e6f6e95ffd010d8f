/** Composes pictures of candidates, with or without a hand that holds a phone, in a browser's canvas. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { launchOptions } from '../chromium.mjs';

const candidatePath = '/usr/lib/python3/dist-packages/skimage/data/astronaut.png';
const mockup = (name) =>
  fileURLToPath(new URL(`../../node_modules/html5-device-mockups/device-mockups/${name}`, import.meta.url));

/** Where the phone and its screen are in the picture of the hand, pixels. */
export const hands = [
  { path: mockup('iPhone6Hand/portrait_black.png'), phone: [135, 0, 596, 1222], screen: [168, 150, 526, 930] },
  { path: mockup('iPhone6Hand/portrait_white.png'), phone: [135, 0, 596, 1222], screen: [168, 150, 526, 930] },
  { path: mockup('iPhone7Hand/portrait_black.png'), phone: [325, 5, 400, 835], screen: null },
  { path: mockup('iPhone7Hand_2/portrait_black.png'), phone: [325, 5, 400, 835], screen: null },
];
export const picture = { width: 640, height: 480 };

/** Head and shoulders in ordinary light. */
const plainScene = { mirrored: false, zoom: 1.6, shiftX: 0, shiftY: 0, brightness: 1, blurPx: 0 };

/** Runs in the page: candidates side by side, as `[{x, y, faceWidth, mirrored}]` in shares of the picture. */
const drawPeopleInPage = async ({ people, brightness, blurPx, size }) => {
  const { candidate } = globalThis.pictures;
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  context.filter = `brightness(${brightness}) blur(${blurPx}px)`;
  context.fillStyle = '#8a8f96';
  context.fillRect(0, 0, size.width, size.height);
  // The face in the candidate's picture: its centre, and its width; around it the part that is shown.
  const face = { x: 0.437, y: 0.225, width: 0.17 };
  const part = { left: 0.31, top: 0.02, width: 0.26, height: 0.44 };
  for (const { x, y, faceWidth, mirrored } of people) {
    const side = (size.width * faceWidth) / face.width;
    context.save();
    context.translate(size.width * x, size.height * y);
    if (mirrored) context.scale(-1, 1);
    const from = [part.left, part.top, part.width, part.height].map((share) => share * candidate.width);
    const to = [part.left - face.x, part.top - face.y, part.width, part.height].map((share) => share * side);
    context.drawImage(candidate, ...from, ...to);
    context.restore();
  }
  return globalThis.encoded(canvas);
};

/** Runs in the page. Returns the picture and the share of it that the phone covers. */
const drawInPage = async ({ scene, phone, hand, size }) => {
  const { candidate, hands: images } = globalThis.pictures;
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  context.filter = `brightness(${scene.brightness}) blur(${scene.blurPx}px)`;
  context.fillStyle = '#8a8f96';
  context.fillRect(0, 0, size.width, size.height);
  const side = size.height * scene.zoom;
  context.save();
  if (scene.mirrored) context.transform(-1, 0, 0, 1, size.width, 0);
  // The face is in the upper middle of the candidate's picture.
  const left = size.width * (0.5 + scene.shiftX) - side * 0.43;
  const top = size.height * (0.42 + scene.shiftY) - side * 0.24;
  context.drawImage(candidate, left, top, side, side);
  context.restore();
  let visible = 0;
  if (phone !== null) {
    const [px, py, pw, ph] = hand.phone;
    const scale = Math.sqrt((phone.area * size.width * size.height) / (pw * ph));
    context.filter = `brightness(${scene.brightness * phone.brightness}) blur(${scene.blurPx}px)`;
    context.setTransform(1, 0, 0, 1, size.width * phone.x, size.height * phone.y);
    context.rotate(phone.turnRad);
    context.scale(phone.mirrored ? -scale : scale, scale);
    context.translate(-(px + pw / 2), -(py + ph / 2));
    context.drawImage(images[phone.hand], 0, 0);
    if (hand.screen !== null && phone.screen !== null) {
      context.fillStyle = phone.screen;
      context.fillRect(...hand.screen);
    }
    const matrix = context.getTransform();
    const steps = 40;
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < steps; j++) {
        const p = matrix.transformPoint({ x: px + ((i + 0.5) * pw) / steps, y: py + ((j + 0.5) * ph) / steps });
        if (p.x >= 0 && p.y >= 0 && p.x < size.width && p.y < size.height) visible += 1 / steps ** 2;
      }
    }
  }
  return { base64: await globalThis.encoded(canvas), visible };
};

const loadInPage = async ({ candidate, hands: urls }) => {
  const load = async (url) => createImageBitmap(await (await fetch(url)).blob());
  globalThis.encoded = async (canvas) => {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  globalThis.pictures = { candidate: await load(candidate), hands: await Promise.all(urls.map(load)) };
};

const dataUrl = async (path) => `data:image/png;base64,${(await readFile(path)).toString('base64')}`;

/**
 * Composes each `{name, scene, phone}` ('plain' is a scene, null is no phone) or `{name, people, brightness, blurPx}` and returns
 * them in the same order as `{name, bytes, phoneArea}`: a JPEG, and the share of it that the phone covers.
 */
export const composePictures = async (specs, onProgress = () => {}) => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.evaluate(loadInPage, {
      candidate: await dataUrl(candidatePath),
      hands: await Promise.all(hands.map(({ path }) => dataUrl(path))),
    });
    const pictures = [];
    for (const spec of specs) {
      const { name, scene, phone = null, people = null } = spec;
      if (people !== null) {
        const base64 = await page.evaluate(drawPeopleInPage, { ...spec, size: picture });
        pictures.push({ name, bytes: Buffer.from(base64, 'base64'), phoneArea: 0 });
        onProgress();
        continue;
      }
      const { base64, visible } = await page.evaluate(drawInPage, {
        scene: scene === 'plain' ? plainScene : scene,
        phone: phone === null ? null : { screen: null, brightness: 1, ...phone },
        hand: hands[phone?.hand ?? 0],
        size: picture,
      });
      pictures.push({
        name,
        bytes: Buffer.from(base64, 'base64'),
        phoneArea: phone === null ? 0 : phone.area * visible,
      });
      onProgress();
    }
    return pictures;
  } finally {
    await browser.close();
  }
};
