import { withDeadline } from '../../timing/deadline.ts';
import { LoadFailure } from './load-failure.ts';

/** The shortest valid module: magic number and version. */
const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const fetchTimeoutMs = 30_000;

/** Memory that the backend requests when it starts, in pages of 64 kB. */
const startPages = 256;

/** What the check needs from the browser. */
export interface WasmPlatform {
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Undefined where the browser has it turned off. */
  WebAssembly: Pick<typeof WebAssembly, 'validate' | 'compile' | 'Memory'> | undefined;
}

/**
 * Finds out why WebAssembly could not be used: a file that did not arrive whole, too little memory, a browser without it, or a page
 * that forbids it.
 * Returns null if the file is sound and the cause lies elsewhere.
 */
export const wasmFailure = async (url: string, platform: WasmPlatform): Promise<LoadFailure | null> => {
  const { WebAssembly: wasm } = platform;
  if (wasm === undefined) return new LoadFailure('no_wasm', 'this browser has no WebAssembly');
  try {
    await wasm.compile(emptyModule);
  } catch (cause) {
    return new LoadFailure('wasm_forbidden', 'the page’s content policy forbids WebAssembly', { cause });
  }
  try {
    void new wasm.Memory({ initial: startPages });
  } catch (cause) {
    return new LoadFailure('out_of_memory', 'the device has no memory left for WebAssembly', { cause });
  }
  // The browser's own cache may hold the damaged file.
  const fetched = platform.fetch(url, { cache: 'reload' });
  const response = await withDeadline('fetch', fetchTimeoutMs, fetched).catch(() => null);
  if (response === null) return new LoadFailure('file_unreachable', `${url} gave no answer`);
  if (!response.ok) return new LoadFailure('file_unreachable', `${url} answered ${response.status}`);
  const bytes = await withDeadline('fetch', fetchTimeoutMs, response.arrayBuffer()).catch(() => new ArrayBuffer(0));
  return wasm.validate(bytes) ? null : new LoadFailure('file_damaged', `${url} is not a whole WebAssembly file`);
};
