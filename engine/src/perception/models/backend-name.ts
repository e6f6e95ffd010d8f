/** Backends that TensorFlow.js can run on in a worker. */
export type BackendName = 'wasm' | 'webgl' | 'webgpu';
