import { expect, test } from 'vitest';
import { backendFor, isFalsified } from './pixel-check.ts';

const copied = { isDrawn: false, isSampledFromCanvas: false, backend: 'wasm' } as const;
const onlyDrawing = { isDrawingFalsified: true, isCopyFalsified: false };

test('where drawn images are falsified, the models run on wasm unless another backend is demanded', () => {
  expect(backendFor('auto', { isDrawingFalsified: true })).toBe('wasm');
  expect(backendFor('auto', { isDrawingFalsified: false })).toBe('auto');
  expect(backendFor('webgl', { isDrawingFalsified: true })).toBe('webgl');
});

test.each([
  ['copied', copied, false],
  ['copied, but sampled from a canvas', { ...copied, isSampledFromCanvas: true }, true],
  ['copied, but analysed on a GPU', { ...copied, backend: 'webgl' }, true],
  ['drawn', { ...copied, isDrawn: true }, true],
] as const)('of a browser that falsifies drawn images, a frame that is %s', (_what, way, expected) => {
  expect(isFalsified(onlyDrawing, way)).toBe(expected);
});

test('of a browser that falsifies copies, only drawn frames are read', () => {
  const onlyCopies = { isDrawingFalsified: false, isCopyFalsified: true };
  expect(isFalsified(onlyCopies, copied)).toBe(true);
  expect(isFalsified(onlyCopies, { ...copied, isDrawn: true })).toBe(false);
});
