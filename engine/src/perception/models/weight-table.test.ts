import type { io } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { WeightTable } from './weight-table.ts';

/** One half (1.5), two floats (2, 3) and one integer (7). */
const artifacts = (): io.ModelArtifacts => {
  const data = new DataView(new ArrayBuffer(14));
  data.setUint16(0, 0x3e00, true);
  data.setFloat32(2, 2, true);
  data.setFloat32(6, 3, true);
  data.setInt32(10, 7, true);
  return {
    weightData: data.buffer,
    weightSpecs: [
      { name: 'half', shape: [], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'floats', shape: [2], dtype: 'float32' },
      { name: 'integer', shape: [1], dtype: 'int32' },
    ],
  };
};

describe('weight table', () => {
  test('decodes halves, floats and integers', () => {
    const table = new WeightTable(artifacts());
    expect([...table.get('half').values]).toEqual([1.5]);
    expect([...table.get('floats').values]).toEqual([2, 3]);
    expect(table.get('integer')).toEqual({ shape: [1], values: Int32Array.of(7) });
  });

  test('packs the kept weights so that they can be read again', () => {
    const table = new WeightTable(artifacts());
    table.set('floats', { shape: [1, 2], values: Float32Array.of(4, 5) });
    const packed = new WeightTable(table.packed(new Set(['floats', 'integer'])));
    expect(packed.get('floats')).toEqual({ shape: [1, 2], values: Float32Array.of(4, 5) });
    expect([...packed.get('integer').values]).toEqual([7]);
    expect(packed.has('half')).toBe(false);
  });

  test('names a constant that is missing', () => {
    expect(() => new WeightTable(artifacts()).get('bias')).toThrow('bias');
  });

  test('refuses weights that do not fit their description, or of a type that it cannot read', () => {
    const { weightData, weightSpecs = [] } = artifacts();
    expect(() => new WeightTable({ weightData: weightData!, weightSpecs: weightSpecs.slice(0, 2) })).toThrow('layout');
    const specs: io.WeightsManifestEntry[] = [{ name: 'flags', shape: [14], dtype: 'bool' }];
    expect(() => new WeightTable({ weightData: weightData!, weightSpecs: specs })).toThrow('flags');
    expect(() => new WeightTable({ weightSpecs })).toThrow('contiguous');
  });
});
