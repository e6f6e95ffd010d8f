import type { StoredFrame } from '../frame/feature-frame.ts';
import { replayColumns } from './replay-columns.ts';
import type { ReplayColumnName } from './replay-columns.ts';

const columns = Object.entries(replayColumns);
const columnOf = new Map(columns.map(([name], index) => [name, index]));

/** A value that the frame does not have. */
const unknownValue = -32_768;
const largest = 32_767;
const timeBytes = 8;

/** One frame: its time as a 64-bit float, then a 16-bit integer for each column. Little endian. */
export const replayFrameBytes = timeBytes + columns.length * 2;

/**
 * Frames of a replay in binary, `replayFrameBytes` each, so that a three-hour session is a few megabytes and needs no parsing.
 * A value beyond 16 bits is clamped.
 *
 * @param startMs time that the frames' times are relative to, client clock, Unix epoch
 * @example
 * const bytes = encodeReplay(frames, startMs);
 * new Replay(startMs, bytes).value(0, 'head_yaw'); // radians, or null
 */
export const encodeReplay = (frames: readonly StoredFrame[], startMs: number): Uint8Array => {
  const bytes = new Uint8Array(frames.length * replayFrameBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, frame] of frames.entries()) {
    let at = index * replayFrameBytes;
    view.setFloat64(at, frame.timestamp - startMs, true);
    at += timeBytes;
    for (const [, { scale, read }] of columns) {
      const value = read(frame) ?? null;
      view.setInt16(at, value === null ? unknownValue : clamp(value / scale), true);
      at += 2;
    }
  }
  return bytes;
};

const clamp = (value: number): number => Math.max(-largest, Math.min(largest, Math.round(value)));

/** The frames of a replay, in order of time. Decodes values on demand. */
export class Replay {
  readonly startMs: number;
  readonly count: number;
  readonly #view: DataView;
  /** Frame positions, sorted by time. */
  readonly #order: Uint32Array;

  /** @param bytes as `encodeReplay` makes them; an incomplete last frame is ignored */
  constructor(startMs: number, bytes: Uint8Array) {
    this.startMs = startMs;
    this.count = Math.floor(bytes.byteLength / replayFrameBytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const order = Uint32Array.from({ length: this.count }, (_, index) => index);
    const times = Float64Array.from(order, (index) => this.#view.getFloat64(index * replayFrameBytes, true));
    this.#order = order.toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  }

  #offset(index: number): number {
    return (this.#order[index] ?? 0) * replayFrameBytes;
  }

  /** Time of a frame, milliseconds from `startMs`. @param index 0 … count − 1, by time */
  timeMs(index: number): number {
    return this.#view.getFloat64(this.#offset(index), true);
  }

  /** A reading of a frame in the unit of the feature frame; null if unknown. */
  value(index: number, name: ReplayColumnName): number | null {
    const stored = this.#view.getInt16(this.#offset(index) + timeBytes + (columnOf.get(name) ?? 0) * 2, true);
    return stored === unknownValue ? null : stored * replayColumns[name].scale;
  }

  /** The last frame at or before a time, milliseconds from `startMs`; -1 if there is none. */
  indexAt(timeMs: number): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.timeMs(middle) <= timeMs) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}
