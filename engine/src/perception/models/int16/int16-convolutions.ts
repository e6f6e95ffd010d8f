import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { baseName } from '../graph-nodes.ts';
import type { GraphNode } from '../graph-nodes.ts';
import { memoryOf } from '../wasm-memory.ts';
import type { WasmBackend } from '../wasm-memory.ts';
import { loadKernel } from './int16-kernel.ts';
import type { Int16Kernel } from './int16-kernel.ts';
import { packFilter } from './packed-filter.ts';

/** With fewer inputs per output, quantising costs more than it saves. */
const leastInputs = 48;
/** With more, a sum of products could exceed 32 bits. */
const mostInputs = 4096;
/** Pointers and sizes of the kernel's description of a convolution. */
const descriptionFields = 21;
const upperLimits: Readonly<Record<string, number>> = { relu6: 6 };

/** A quantised filter in the backend's memory. */
interface HeldFilter {
  pointer: number;
  weights: number;
  scales: number;
  sums: number;
  bias: number;
  scratch: number;
  description: number;
}

type Held = Map<object, HeldFilter>;

/**
 * Computes the convolutions of chosen models with integer arithmetic, in place of TensorFlow.js: the same decisions
 * in less time. Other models, and browsers without SIMD, are not affected.
 */
export class Int16Convolutions {
  readonly #backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: Int16Kernel;
  /** By the data of the filter's tensor. */
  readonly #held: Held = new Map();

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory, kernel: Int16Kernel) {
    this.#backend = backend;
    this.#memory = memory;
    this.#kernel = kernel;
  }

  /** Once a page. @returns null if TensorFlow.js has to compute them: on other backends, or without SIMD. */
  static async install(): Promise<Int16Convolutions | null> {
    if (tf.getBackend() !== 'wasm') return null;
    const backend = tf.backend() as unknown as WasmBackend;
    const memory = memoryOf(backend);
    const kernel = memory === null ? null : await loadKernel(memory);
    if (memory === null || kernel === null) return null;
    const convolutions = new Int16Convolutions(backend, memory, kernel);
    convolutions.#replaceKernel();
    return convolutions;
  }

  /** Quantises the fused convolutions of a model. @returns a function that frees them. */
  async quantiseModel(model: GraphModel, nodes: Iterable<GraphNode>): Promise<() => void> {
    const fused = [...nodes].filter(({ op }) => op === '_FusedConv2D');
    const weight = (node: GraphNode, place: number) => model.weights[baseName(node.input?.[place] ?? '')]?.[0];
    return this.quantise(fused.map((node) => ({ filter: weight(node, 1), bias: weight(node, 2) })));
  }

  /** Quantises filters [height, width, inputs, outputs]; those that are not worthwhile stay as they are. */
  async quantise(
    convolutions: readonly { filter: tf.Tensor | undefined; bias: tf.Tensor | undefined }[],
  ): Promise<() => void> {
    const added: object[] = [];
    for (const { filter, bias } of convolutions) {
      if (filter === undefined || bias === undefined || !isWorthwhile(filter.shape)) continue;
      this.#held.set(filter.dataId, this.#hold(await filter.data(), filter.shape, await bias.data()));
      added.push(filter.dataId);
    }
    return () => {
      for (const dataId of added) this.#free(dataId);
    };
  }

  #hold(values: ArrayLike<number>, shape: readonly number[], biases: ArrayLike<number>): HeldFilter {
    const channels = shape[3]!;
    const { weights, scales, sums } = packFilter(values, channels);
    const bias = new Float32Array(scales.length);
    bias.set(Array.from(biases));
    const scratchBytes = this.#kernel.scratchBytes(values.length / channels);
    const parts = [weights, scales, sums, bias];
    const sizes = [...parts.map(({ byteLength }) => byteLength), scratchBytes, descriptionFields * 4].map(aligned);
    const pointer = this.#backend.wasm._malloc(sizes.reduce((sum, size) => sum + size, 0)) >>> 0;
    const places = sizes.map((_, i) => pointer + sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
    const bytes = new Uint8Array(this.#memory.buffer);
    parts.forEach((part, i) => bytes.set(new Uint8Array(part.buffer), places[i]));
    const [weightsAt = 0, scalesAt = 0, sumsAt = 0, biasAt = 0, scratchAt = 0, descriptionAt = 0] = places;
    return {
      pointer,
      weights: weightsAt,
      scales: scalesAt,
      sums: sumsAt,
      bias: biasAt,
      scratch: scratchAt,
      description: descriptionAt,
    };
  }

  #free(dataId: object): void {
    const held = this.#held.get(dataId);
    if (held !== undefined) this.#backend.wasm._free(held.pointer);
    this.#held.delete(dataId);
  }

  #replaceKernel(): void {
    const original = tf.getKernel('FusedConv2D', 'wasm');
    tf.unregisterKernel('FusedConv2D', 'wasm');
    tf.registerKernel({
      ...original,
      kernelFunc: (params) => {
        const { x, filter } = params.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
        const held = this.#held.get(filter.dataId);
        return held === undefined
          ? original.kernelFunc(params)
          : this.#convolve(held, x, filter, params.attrs as unknown as tf.FusedConv2DAttrs);
      },
    });
  }

  #convolve(held: HeldFilter, x: tf.TensorInfo, filter: tf.TensorInfo, attributes: tf.FusedConv2DAttrs): tf.TensorInfo {
    const { strides, pad, dilations, dimRoundingMode, activation, leakyreluAlpha } = attributes;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    );
    const output = this.#backend.makeOutput(info.outShape, 'float32');
    const offsetOf = (dataId: object): number => this.#backend.dataIdMap.get(dataId).memoryOffset;
    const integers = [
      offsetOf(x.dataId),
      offsetOf(output.dataId),
      held.weights,
      held.scales,
      held.sums,
      held.bias,
      held.scratch,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
      info.outHeight,
      info.outWidth,
      info.outChannels,
    ];
    // The memory's buffer changes when it grows.
    new Uint32Array(this.#memory.buffer, held.description, integers.length).set(integers);
    const floats = new Float32Array(this.#memory.buffer, held.description + integers.length * 4, 2);
    floats.set([slopeOf(activation, leakyreluAlpha), upperLimits[activation] ?? Infinity]);
    this.#kernel.convolve(held.description);
    return output as tf.TensorInfo;
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

const isWorthwhile = ([height = 0, width = 0, channels = 0]: readonly number[]): boolean => {
  const inputs = height * width * channels;
  return inputs >= leastInputs && inputs <= mostInputs;
};

/** Slope of the activation below zero. */
const slopeOf = (activation: string, leakySlope: number | undefined): number =>
  activation === 'leakyrelu' ? (leakySlope ?? 0) : activation === 'linear' ? 1 : 0;
