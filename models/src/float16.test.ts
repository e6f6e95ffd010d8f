import { describe, expect, test } from 'vitest';

import { halfBits, toFloat16 } from './float16.ts';

const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;

describe('float16', () => {
  test.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [1e9, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -26, 0x0000],
    [Infinity, 0x7c00],
  ])('%f becomes %i', (value, half) => {
    expect(halfBits(bitsOf(value))).toBe(half);
  });

  test('rounds to the nearest half, ties to even', () => {
    expect(halfBits(bitsOf(1 + 2 ** -11))).toBe(0x3c00);
    expect(halfBits(bitsOf(1 + 3 * 2 ** -11))).toBe(0x3c02);
    expect(halfBits(bitsOf(1 + 2 ** -11 + 2 ** -20))).toBe(0x3c01);
  });

  test('keeps not-a-number', () => {
    expect(halfBits(bitsOf(NaN)) & 0x7fff).toBeGreaterThan(0x7c00);
  });

  test('joins the shards of a model into one file, halves its floats and leaves its integers', () => {
    const weights = [
      { name: 'a', shape: [2], dtype: 'float32' },
      { name: 'b', shape: [1], dtype: 'int32' },
      { name: 'c', shape: [], dtype: 'float32' },
    ];
    const model = { modelTopology: { node: [] }, weightsManifest: [{ paths: ['x1', 'x2'], weights }] };
    const data = Buffer.alloc(16);
    data.writeFloatLE(1, 0);
    data.writeFloatLE(-2, 4);
    data.writeInt32LE(77, 8);
    data.writeFloatLE(0.5, 12);
    const shards = [data.subarray(0, 6), data.subarray(6)];
    const { json, bin } = toFloat16(Buffer.from(JSON.stringify(model)), shards, 'model.bin');
    expect(bin.toString('hex')).toBe('003c00c04d0000000038');
    const [group] = JSON.parse(json.toString()).weightsManifest;
    expect(group.paths).toEqual(['model.bin']);
    expect(group.weights.map((entry: { quantization?: object }) => entry.quantization)).toEqual([
      { dtype: 'float16', original_dtype: 'float32' },
      undefined,
      { dtype: 'float16', original_dtype: 'float32' },
    ]);
  });
});
