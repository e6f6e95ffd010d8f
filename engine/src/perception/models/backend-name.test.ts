import { expect, test } from 'vitest';
import { bestBackend } from './backend-name.ts';

test.each([
  ['the fastest', { wasm: 9, webgl: 4, webgpu: null }, false, 'webgl'],
  ['wasm where it is preferred, though slower', { wasm: 9, webgl: 4 }, true, 'wasm'],
  ['another one where wasm is preferred and cannot be used', { wasm: null, webgl: 4, webgpu: 3 }, true, 'webgpu'],
  ['none', { wasm: null, webgl: null }, true, null],
] as const)('takes %s', (_what, timings, prefersWasm, expected) => {
  expect(bestBackend(timings, prefersWasm)).toBe(expected);
});
