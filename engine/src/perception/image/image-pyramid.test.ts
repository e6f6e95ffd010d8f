import { assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { kernelInstance } from '../models/kernel-instance.ts';
import { pyramidKernelCode } from './image-pyramid-code.ts';

interface Kernel {
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

const sizes = record({
  width: integer({ min: 2, max: 13 }),
  height: integer({ min: 2, max: 13 }),
  seed: integer({ min: 1, max: 1e6 }),
});

test('a halved image has the values of its definition, in odd and even sizes', async () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernel = (await kernelInstance<Kernel>('pyramid', pyramidKernelCode, memory))!;
  assert(
    property(sizes, ({ width, height, seed }) => {
      const bytes = new Uint8Array(memory.buffer);
      const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);
      bytes.set(rgba);
      kernel.halve(0, width, height, rgba.length);
      const expected = halved(rgba, width, height);
      expect([...bytes.subarray(rgba.length, rgba.length + expected.length)]).toEqual(expected);
    }),
  );
});
