import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import plainWasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withDeadline } from '../../timing/deadline.ts';
import { allowInt32MatMulOnWasm } from './batch-mat-mul.ts';
import { inMemory } from './model-loader.ts';
import { bestBackend } from './backend-name.ts';
import type { BackendName, BackendTimings } from './backend-name.ts';
import { wasmFailure } from './wasm-check.ts';

export interface BackendChoice {
  backend: BackendName;
  timingsMs: BackendTimings;
  threads: number;
}

/**
 * A backend whose first run takes longer than this is abandoned: without a GPU, webgl compiles shaders for many
 * seconds.
 */
const firstRunLimitMs = 4000;
const timedRuns = 5;
/** A graphics driver that hangs must not prevent the use of another backend. */
const adapterTimeoutMs = 3000;
/** Loading and compiling the wasm over a slow network. */
const backendTimeoutMs = 60_000;
/** Software renderers. Slower than wasm by an order of magnitude. */
const softwareRenderer = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * @param trial a model with one image input, [1, 192, 192, 3], that times the backends.
 * @param prefersWasm for browsers in which a GPU cannot be trusted: another backend is used only if wasm cannot be.
 */
export const chooseBackend = async (
  wanted: 'auto' | BackendName,
  trial: io.ModelArtifacts,
  prefersWasm = false,
): Promise<BackendChoice> => {
  const candidates: BackendName[] = wanted === 'auto' ? ['wasm', 'webgl', 'webgpu'] : [wanted];
  const timingsMs: BackendChoice['timingsMs'] = {};
  for (const name of candidates) {
    timingsMs[name] = await timed(name, trial);
    if (prefersWasm && name === 'wasm' && timingsMs.wasm !== null) break;
  }
  const best = bestBackend(timingsMs, prefersWasm);
  if (best === null) {
    const failure = candidates.includes('wasm') ? await wasmFailure(simdWasmUrl, globalThis) : null;
    throw failure ?? new Error(`No backend could be used (tried ${candidates.join(', ')}).`);
  }
  await tf.setBackend(best);
  return { backend: best, timingsMs, threads: 1 };
};

const timed = async (name: BackendName, trial: io.ModelArtifacts): Promise<number | null> => {
  if (!(await prepared(name))) return null;
  const model = await loadGraphModel(inMemory(trial));
  const input = tf.zeros<tf.Rank.R4>([1, 192, 192, 3]);
  try {
    if ((await oneRun(model, input)) > firstRunLimitMs) return null;
    const runs: number[] = [];
    for (let i = 0; i < timedRuns; i++) runs.push(await oneRun(model, input));
    return runs.toSorted((a, b) => a - b)[Math.floor(timedRuns / 2)] ?? null;
  } catch {
    // A backend that cannot run the trial model (a driver bug, a missing kernel) is simply not chosen.
    return null;
  } finally {
    tf.dispose([input]);
    model.dispose();
  }
};

type Runnable = Awaited<ReturnType<typeof loadGraphModel>>;

const oneRun = async (model: Runnable, input: tf.Tensor4D): Promise<number> => {
  const from = performance.now();
  const outputs = [model.execute(input)].flat();
  await Promise.all(outputs.map((output) => (output as tf.Tensor).data()));
  tf.dispose(outputs as tf.Tensor[]);
  return performance.now() - from;
};

const prepared = async (name: BackendName): Promise<boolean> => {
  if (name === 'webgl' && !hasHardwareWebgl()) return false;
  if (name === 'webgpu' && !(await registerWebgpu())) return false;
  if (tf.findBackendFactory(name) === null) return false;
  if (name === 'wasm') {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainWasmUrl,
      'tfjs-backend-wasm-simd.wasm': simdWasmUrl,
      // Requested, but never loaded: see below.
      'tfjs-backend-wasm-threaded-simd.wasm': simdWasmUrl,
    });
    // The threaded build starts its threads from its own source text in a blob: bundlers change that text, and strict
    // content policies refuse the blob. A cross-origin isolated page would use it by default.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  const ready = await withDeadline('setBackend', backendTimeoutMs, tf.setBackend(name)).catch(() => false);
  if (ready && name === 'wasm') allowInt32MatMulOnWasm();
  return ready;
};

/** Fetched only if a hardware adapter responds: most devices never need its code. */
const registerWebgpu = async (): Promise<boolean> => {
  const gpu = (navigator as Navigator & { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } }).gpu;
  const request = gpu === undefined ? null : withDeadline('requestAdapter', adapterTimeoutMs, gpu.requestAdapter());
  const adapter = (await request?.catch(() => null)) ?? null;
  if (adapter === null || (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false)) return false;
  await import('@tensorflow/tfjs-backend-webgpu');
  return true;
};

/** The part of WebGPU's adapter that is used here; older browsers have the flag on the adapter itself. */
interface GpuAdapter {
  isFallbackAdapter?: boolean;
  info?: { isFallbackAdapter?: boolean };
}

const hasHardwareWebgl = (): boolean => {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = info === null ? '' : String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return !softwareRenderer.test(renderer);
};
