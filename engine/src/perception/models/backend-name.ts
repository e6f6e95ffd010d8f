/** Backends that TensorFlow.js can run on in a worker. */
export type BackendName = 'wasm' | 'webgl' | 'webgpu';

/** Median milliseconds of the trial model; null if the backend could not be used. */
export type BackendTimings = Partial<Record<BackendName, number | null>>;

/** The fastest of the backends that could be used; null: none. @param prefersWasm wasm, if it could be used, whatever the timings */
export const bestBackend = (timingsMs: BackendTimings, prefersWasm: boolean): BackendName | null => {
  const usable = Object.entries(timingsMs).filter((entry): entry is [BackendName, number] => entry[1] !== null);
  if (prefersWasm && usable.some(([name]) => name === 'wasm')) return 'wasm';
  return usable.toSorted((a, b) => a[1] - b[1])[0]?.[0] ?? null;
};
