interface WeightEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: { dtype: string };
}

/**
 * Rewrites a TensorFlow.js graph model with float32 weights in any number of shards as one with float16 weights in one
 * file: half of the download, and the runtime widens the weights again when it loads them. Integers stay as they are.
 *
 * @param shards in the manifest's order
 * @param binName name of the weights file, written into the JSON
 */
export const toFloat16 = (
  modelJson: Buffer,
  shards: readonly Buffer[],
  binName: string,
): { json: Buffer; bin: Buffer } => {
  const model = JSON.parse(modelJson.toString('utf8'));
  const entries: WeightEntry[] = model.weightsManifest.flatMap((group: { weights: WeightEntry[] }) => group.weights);
  const data = Buffer.concat(shards);
  const parts: Buffer[] = [];
  let at = 0;
  const weights = entries.map((entry) => {
    const length = entry.shape.reduce((product, side) => product * side, 1);
    const stored = data.subarray(at, at + length * 4);
    at += length * 4;
    if (entry.dtype !== 'float32') {
      parts.push(stored);
      return entry;
    }
    parts.push(halves(stored, length));
    return { ...entry, quantization: { dtype: 'float16', original_dtype: 'float32' } };
  });
  const written = { ...model, weightsManifest: [{ paths: [binName], weights }] };
  return { json: Buffer.from(`${JSON.stringify(written)}\n`), bin: Buffer.concat(parts) };
};

/** @param floats little-endian */
const halves = (floats: Buffer, length: number) => {
  const result = Buffer.alloc(length * 2);
  for (let i = 0; i < length; i++) result.writeUInt16LE(halfBits(floats.readUInt32LE(i * 4)), i * 2);
  return result;
};

/**
 * Rounds to the nearest half, ties to even; beyond the range of halves to infinity.
 *
 * @param bits of a float32
 */
export const halfBits = (bits: number) => {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent === 143) return sign | (fraction === 0 ? 0x7c00 : 0x7e00);
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent > 0) return sign | roundedShift((exponent << 23) | fraction, 13);
  if (exponent < -10) return sign;
  return sign | roundedShift(fraction | 0x800000, 14 - exponent);
};

const roundedShift = (value: number, shift: number) => {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
};
