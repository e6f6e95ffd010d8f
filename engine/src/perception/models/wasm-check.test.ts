import { expect, test } from 'vitest';
import { loadFailureReason } from './load-failure.ts';
import { wasmFailure } from './wasm-check.ts';
import type { WasmPlatform } from './wasm-check.ts';

const whole = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const answering = (response: () => Response): WasmPlatform => ({ fetch: async () => response(), WebAssembly });
const reasonOf = async (platform: WasmPlatform): Promise<string | null> =>
  loadFailureReason(await wasmFailure('/engine.wasm', platform));

test('a browser without WebAssembly is named as such', async () => {
  expect(await reasonOf({ fetch: () => expect.unreachable(), WebAssembly: undefined })).toBe('no_wasm');
});

test('a page that forbids WebAssembly is named as such', async () => {
  const forbidden = {
    validate: () => true,
    compile: () => Promise.reject(new WebAssembly.CompileError('unsafe-eval')),
    Memory: WebAssembly.Memory,
  };
  expect(await reasonOf({ fetch: () => expect.unreachable(), WebAssembly: forbidden })).toBe('wasm_forbidden');
});

test('a device without memory is named as such', async () => {
  class NoMemory extends WebAssembly.Memory {
    constructor() {
      super({ initial: 0 });
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    }
  }
  const full = { validate: () => true, compile: WebAssembly.compile, Memory: NoMemory };
  expect(await reasonOf({ fetch: () => expect.unreachable(), WebAssembly: full })).toBe('out_of_memory');
});

test.each([
  ['cut off', () => new Response(whole.subarray(0, 6)), 'file_damaged'],
  ['a filter’s page', () => new Response('<html>Blocked</html>'), 'file_damaged'],
  ['empty', () => new Response(''), 'file_damaged'],
  ['not found', () => new Response('', { status: 404 }), 'file_unreachable'],
  ['whole', () => new Response(whole), null],
])('a file that is %s', async (_name, response, reason) => {
  expect(await reasonOf(answering(response))).toBe(reason);
});

test('a network without an answer is no damaged file', async () => {
  const platform: WasmPlatform = { fetch: () => Promise.reject(new TypeError('Failed to fetch')), WebAssembly };
  expect(await reasonOf(platform)).toBe('file_unreachable');
});

test('reads the reason from an error that crossed the worker’s boundary, and from no other', () => {
  expect(loadFailureReason(Object.assign(new Error('x'), { name: 'file_damaged' }))).toBe('file_damaged');
  expect(loadFailureReason(new Error('file_damaged'))).toBeNull();
  expect(loadFailureReason(null)).toBeNull();
});

test.each([
  new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'),
  new RangeError('Array buffer allocation failed'),
  new Error('Aborted(OOM)'),
  new Error('out of memory'),
  new TypeError('could not allocate memory'),
])('%s means that memory is missing', (error) => {
  expect(loadFailureReason(error)).toBe('out_of_memory');
});
