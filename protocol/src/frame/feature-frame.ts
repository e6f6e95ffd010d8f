import * as v from 'valibot';
import { featureEntries } from './feature-entries.ts';
import type { UnknownReason } from './feature-vocabulary.ts';
import { SeqSchema } from './seq-range.ts';

/** The readings of one frame, without its identity. Unknown fields are dropped. See `featureEntries` for units and ranges. */
export const FeaturesSchema = v.object(featureEntries);
export type Features = v.InferOutput<typeof FeaturesSchema>;

/** A time: milliseconds since the Unix epoch, or ISO 8601 text, which is the form of the documented server. Parsed to ms. */
export const TimestampMsSchema = v.union([
  v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15)),
  v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => Date.parse(text)),
  ),
]);

/** A numbered frame as our client sends it; (session_id, seq) identifies it. */
export const FeatureFrameSchema = v.object({
  seq: SeqSchema,
  timestamp: TimestampMsSchema,
  ...featureEntries,
});
export type FeatureFrame = v.InferOutput<typeof FeatureFrameSchema>;

/**
 * A frame as it is stored, analysed and dumped. `frame_id` is `String(seq)` for frames that the client numbered, and
 * `srv-<n>` for frames in the documented single-frame formats, which the server numbers in order of arrival.
 */
export interface StoredFrame extends Features {
  frame_id: string;
  seq: number;
  /** Client clock, milliseconds since the Unix epoch (server clock if the client sent no time). */
  timestamp: number;
  /** Server clock at acceptance, milliseconds since the Unix epoch. */
  received_at: number;
  /** How far the timestamp was in the future, milliseconds; set if the server moved it back. */
  ahead_ms?: number;
}

/**
 * Whether the student could be observed in this frame: face detection ran and could have found a face.
 *
 * @example
 * isObserved({ no_of_face: 0 }); // true: nobody was there
 * isObserved({ no_of_face: null }); // false: unknown
 */
export const isObserved = (frame: Features): boolean =>
  (frame.not_observed ?? null) === null &&
  ((frame.no_of_face ?? null) !== null || (frame.face_present ?? null) !== null);

/** Why a frame for which `isObserved` is false could not be observed. */
export const notObservedReason = (frame: Features): UnknownReason =>
  frame.not_observed ?? frame.unknown?.face ?? 'detector_failed';
