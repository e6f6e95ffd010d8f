import { expect, test } from 'vitest';
import { isFalsified } from './pixel-check.ts';

const copied = { isDrawn: false, isSampledFromCanvas: false, backend: 'wasm' } as const;
const onlyDrawing = { isDrawingFalsified: true, isCopyFalsified: false };

test.each([
  ['copied', copied, false],
  ['copied, but sampled from a canvas', { ...copied, isSampledFromCanvas: true }, true],
  ['copied, but analysed on a GPU', { ...copied, backend: 'webgl' }, true],
  ['drawn', { ...copied, isDrawn: true }, true],
] as const)('if drawing is falsified: a frame that is %s', (_what, way, expected) => {
  expect(isFalsified(onlyDrawing, way)).toBe(expected);
});

test('if copies are falsified, only drawn frames are read', () => {
  const onlyCopies = { isDrawingFalsified: false, isCopyFalsified: true };
  expect(isFalsified(onlyCopies, copied)).toBe(true);
  expect(isFalsified(onlyCopies, { ...copied, isDrawn: true })).toBe(false);
});
