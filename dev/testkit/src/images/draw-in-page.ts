/** Functions that run in the page. Each must be self-contained, because the browser gets only its source text. */
import type { Hand, Person, Phone, Scene } from './compose-images.ts';

interface SizePx {
  width: number;
  height: number;
}

declare global {
  var sources: { candidate: ImageBitmap; hands: ImageBitmap[] };
  var jpegBase64: (canvas: OffscreenCanvas) => Promise<string>;
}

/** Loads the source images once, from data URLs. */
export const loadInPage = async ({ candidate, hands }: { candidate: string; hands: string[] }): Promise<void> => {
  const load = async (url: string): Promise<ImageBitmap> => createImageBitmap(await (await fetch(url)).blob());
  globalThis.jpegBase64 = async (canvas) => {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    let text = '';
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCodePoint(byte);
    return btoa(text);
  };
  globalThis.sources = { candidate: await load(candidate), hands: await Promise.all(hands.map(load)) };
};

/** Draws candidates side by side. @returns the JPEG in base64 */
export const drawPeopleInPage = async ({
  people,
  brightness,
  blurPx,
  size,
}: {
  people: readonly Person[];
  brightness: number;
  blurPx: number;
  size: SizePx;
}): Promise<string> => {
  const { candidate } = globalThis.sources;
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d')!;
  context.filter = `brightness(${brightness}) blur(${blurPx}px)`;
  context.fillStyle = '#8a8f96';
  context.fillRect(0, 0, size.width, size.height);
  // Centre and width of the face in the candidate's image, and the part around it that is drawn.
  const face = { x: 0.437, y: 0.225, width: 0.17 };
  const part = { left: 0.31, top: 0.02, width: 0.26, height: 0.44 };
  for (const { x, y, faceWidth, mirrored } of people) {
    const from = candidate.width;
    const to = (size.width * faceWidth) / face.width;
    context.save();
    context.translate(size.width * x, size.height * y);
    if (mirrored) context.scale(-1, 1);
    context.drawImage(
      candidate,
      part.left * from,
      part.top * from,
      part.width * from,
      part.height * from,
      (part.left - face.x) * to,
      (part.top - face.y) * to,
      part.width * to,
      part.height * to,
    );
    context.restore();
  }
  return globalThis.jpegBase64(canvas);
};

/** Draws one candidate and perhaps a phone. @returns the JPEG in base64, and the share of the phone inside the image */
export const drawPhoneInPage = async ({
  scene,
  phone,
  hand,
  size,
}: {
  scene: Scene;
  phone: Required<Phone> | null;
  hand: Hand;
  size: SizePx;
}): Promise<{ base64: string; visible: number }> => {
  const { candidate, hands } = globalThis.sources;
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d')!;
  context.filter = `brightness(${scene.brightness}) blur(${scene.blurPx}px)`;
  context.fillStyle = '#8a8f96';
  context.fillRect(0, 0, size.width, size.height);
  const side = size.height * scene.zoom;
  context.save();
  if (scene.mirrored) context.transform(-1, 0, 0, 1, size.width, 0);
  // The face is in the upper middle of the candidate's image.
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
    context.drawImage(hands[phone.hand]!, 0, 0);
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
  return { base64: await globalThis.jpegBase64(canvas), visible };
};
