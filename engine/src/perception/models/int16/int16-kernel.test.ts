import { afterEach, expect, test, vi } from 'vitest';
import { memoryOf } from '../wasm-memory.ts';
import { loadKernel } from './int16-kernel.ts';

const shared = () => new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });

afterEach(() => vi.restoreAllMocks());

test('loads into an ordinary memory', async () => {
  const kernel = await loadKernel(new WebAssembly.Memory({ initial: 1 }));
  expect(kernel?.scratchBytes(64)).toBeGreaterThan(64 * 4);
});

test('a memory that it cannot use leaves everything to TensorFlow.js', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await loadKernel(shared())).toBeNull();
  expect(warn).toHaveBeenCalledWith('int16_kernel_unusable', expect.anything());
});

test('a browser without SIMD does too', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await loadKernel(new WebAssembly.Memory({ initial: 1 }))).toBeNull();
});

test.each([
  ['without its exports', { wasm: {} }],
  ['without a module', {}],
  ['with threads', { wasm: { asm: { memory: shared() } } }],
])('a backend %s shows no memory', (_what, backend) => {
  expect(memoryOf(backend)).toBeNull();
});
