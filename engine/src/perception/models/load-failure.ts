/**
 * Why the image analysis could not be loaded. `file_damaged`: it arrived incomplete or changed. `file_unreachable`: no answer, or not
 * the file. `out_of_memory`: the device has too little. `no_wasm`: the browser has WebAssembly and WebGL turned off. `wasm_forbidden`:
 * the page's content policy forbids WebAssembly.
 */
const loadFailures = ['file_damaged', 'file_unreachable', 'out_of_memory', 'no_wasm', 'wasm_forbidden'] as const;
export type LoadFailureReason = (typeof loadFailures)[number];

/** Thrown in the worker. Only name and message reach the page, so the name carries the reason. */
export class LoadFailure extends Error {
  override readonly name: LoadFailureReason;

  constructor(reason: LoadFailureReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = reason;
  }
}

/** How the engines and TensorFlow.js report that memory could not be allocated. */
const outOfMemory = /out of memory|\bOOM\b|could not allocate|allocation failed|failed to allocate/i;

/** The reason of an error that came from the worker; null if it is none of these. */
export const loadFailureReason = (error: unknown): LoadFailureReason | null => {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  const named = loadFailures.find((reason) => reason === name);
  return named ?? (outOfMemory.test(String(message)) ? 'out_of_memory' : null);
};
