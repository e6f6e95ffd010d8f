import { assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { kernelInstance } from '../models/kernel-instance.ts';
import { pyramidKernelCode } from './image-pyramid-code.ts';

interface Kernel {
  sample: (...values: number[]) => void;
  mix: (first: number, second: number, share: number, bytes: number) => void;
  halve: (input: number, width: number, height: number, output: number) => void;
}

/** How much each pixel counts. */
const shares = (length: number): number[] => (length % 2 === 0 ? [1, 1] : [1, 2, 1]);
const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

/** By definition. */
const halved = (rgba: Uint8Array, width: number, height: number): number[] => {
  const [across, down] = [shares(width), shares(height)];
  return Array.from({ length: Math.floor(height / 2) }, (_row, row) =>
    Array.from({ length: Math.floor(width / 2) * 4 }, (_value, at) => {
      const [column, colour] = [Math.floor(at / 4), at % 4];
      const pixel = (i: number, j: number) => rgba[((2 * row + j) * width + 2 * column + i) * 4 + colour]!;
      const sum = total(down.map((share, j) => share * total(across.map((part, i) => part * pixel(i, j)))));
      return Math.floor(sum / (total(across) * total(down)));
    }),
  ).flat();
};

/** Bilinear, by definition: the centre of the first pixel is at 0.5. */
const mixedAt = (rgba: Uint8Array, width: number, height: number, x: number, y: number): number[] => {
  const [fromX, fromY] = [Math.min(width - 1, Math.max(0, x - 0.5)), Math.min(height - 1, Math.max(0, y - 0.5))];
  const [left, top] = [Math.min(width - 2, Math.floor(fromX)), Math.min(height - 2, Math.floor(fromY))];
  const [right, down] = [fromX - left, fromY - top];
  return [0, 1, 2, 3].map((colour) => {
    const pixel = (i: number, j: number) => rgba[((top + j) * width + left + i) * 4 + colour]!;
    const [upper, lower] = [0, 1].map((j) => pixel(0, j) * (1 - right) + pixel(1, j) * right);
    return upper! * (1 - down) + lower! * down;
  });
};

const noise = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);

const newKernel = async () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return {
    bytes: new Uint8Array(memory.buffer),
    kernel: (await kernelInstance<Kernel>('pyramid', pyramidKernelCode, memory))!,
  };
};

const sizes = record({
  width: integer({ min: 2, max: 13 }),
  height: integer({ min: 2, max: 13 }),
  seed: integer({ min: 1, max: 1e6 }),
});

test('a halved image has the values of its definition, in odd and even sizes', async () => {
  const { bytes, kernel } = await newKernel();
  assert(
    property(sizes, ({ width, height, seed }) => {
      const rgba = noise(width * height * 4, seed);
      bytes.set(rgba);
      kernel.halve(0, width, height, rgba.length);
      const expected = halved(rgba, width, height);
      expect([...bytes.subarray(rgba.length, rgba.length + expected.length)]).toEqual(expected);
    }),
  );
});

test('two samples are mixed by their shares', async () => {
  const { bytes, kernel } = await newKernel();
  const [first, second] = [noise(400, 3), noise(400, 77)];
  for (const share of [0, 1, 100, 128, 255, 256]) {
    bytes.set(first);
    bytes.set(second, first.length);
    kernel.mix(0, first.length, share, first.length);
    const expected = [...first].map((value, i) => Math.floor((value * (256 - share) + second[i]! * share + 128) / 256));
    expect([...bytes.subarray(0, first.length)]).toEqual(expected);
  }
});

test('a sampled pixel is mixed from the four around its position', async () => {
  const { bytes, kernel } = await newKernel();
  const step = integer({ min: -300, max: 300 }).map((hundredths) => hundredths / 100);
  const place = record({
    xPerColumn: step,
    xPerRow: step,
    firstX: step,
    yPerColumn: step,
    yPerRow: step,
    firstY: step,
  });
  assert(
    property(sizes, place, ({ width, height, seed }, { xPerColumn, xPerRow, firstX, yPerColumn, yPerRow, firstY }) => {
      const rgba = noise(width * height * 4, seed);
      const [columns, rows] = [5, 4];
      bytes.set(rgba);
      kernel.sample(
        0,
        width,
        height,
        rgba.length,
        columns,
        rows,
        xPerColumn,
        xPerRow,
        firstX,
        yPerColumn,
        yPerRow,
        firstY,
      );
      for (let at = 0; at < columns * rows; at++) {
        const [column, row] = [(at % columns) + 0.5, Math.floor(at / columns) + 0.5];
        const x = xPerColumn * column + xPerRow * row + firstX;
        const y = yPerColumn * column + yPerRow * row + firstY;
        // Whether a position on the edge itself is inside depends on rounding.
        if ([x, y, width - x, height - y].some((distance) => Math.abs(distance) < 0.001)) continue;
        const isInside = x > 0 && y > 0 && x < width && y < height;
        const found = [...bytes.subarray(rgba.length + at * 4, rgba.length + at * 4 + 4)];
        const expected = isInside ? mixedAt(rgba, width, height, x, y) : [0, 0, 0, 255];
        // Shares are multiples of 1/256.
        found.forEach((value, colour) => expect(Math.abs(value - expected[colour]!)).toBeLessThanOrEqual(3));
      }
    }),
  );
});
