import * as v from 'valibot';
import { TimestampMsSchema } from '../frame/feature-frame.ts';
import type { FeatureFrame, Features } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { SeqRangeSchema, SeqSchema } from '../frame/seq-range.ts';
import type { SeqRange } from '../frame/seq-range.ts';
import type { GuidanceMessage } from './guidance.ts';
import type { Problem } from './problem.ts';

/**
 * The session channel, `ws /api/v1/session/ws/{session_id}`.
 * From clients: the three documented shapes, the `frame_data` of the documented example, and our additions (`hello`,
 * `batch`, `losses`, `ping`, `picture`). From the server: `heartbeat` and `session_ended` as documented, and our additions.
 * Only one client of a session numbers frames: the connection that sent `hello` last. Earlier ones are closed as
 * `replaced`; connections that never send `hello` are not affected.
 */

/**
 * Why the client gave up a frame; every loss has a reason. `session_over`: the session ended before the frame was
 * delivered. `left_behind`: the device that numbered the frame, or the server that stored it, no longer has it.
 */
export const lossReasons = [
  'outbox_full',
  'storage_failed',
  'rejected',
  'engine_stalled',
  'session_over',
  'left_behind',
] as const;
export type LossReason = (typeof lossReasons)[number];

export const HelloSchema = v.object({
  type: v.literal('hello'),
  client_time_ms: TimestampMsSchema,
  /** Highest sequence number that the client has assigned, null if none yet. */
  last_seq: v.optional(v.nullable(SeqSchema)),
  /** True if the student was informed that thumbnails may be sent. The client then receives `pictures` requests. */
  pictures: v.optional(v.boolean()),
});
export type Hello = v.InferOutput<typeof HelloSchema>;

export const LossesSchema = v.object({
  type: v.literal('losses'),
  /** Number of frames lost, by reason. */
  counts: v.record(v.picklist(lossReasons), v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Sequence numbers that were given up, so that the server can close the gap. */
  ranges: v.optional(
    v.pipe(
      v.array(v.object({ reason: v.picklist(lossReasons), seqs: SeqRangeSchema })),
      v.maxLength(limits.framesPerBatch),
    ),
  ),
});
export type Losses = v.InferOutput<typeof LossesSchema>;

/** Recommended longest side of a thumbnail, pixels. The server checks only its size in bytes. */
export const pictureMaxSidePx = 160;

/** A thumbnail of the webcam image. The server forwards it unread and keeps only the latest one, in memory. */
export const PictureSchema = v.object({
  type: v.literal('picture'),
  /** When it was taken. */
  timestamp: TimestampMsSchema,
  /** JPEG in base64. */
  data: v.pipe(
    v.string(),
    v.maxLength(limits.pictureChars, `a thumbnail has at most ${limits.pictureBytes} bytes before base64 encoding`),
    v.base64('a thumbnail must be a JPEG in base64'),
  ),
});
export type Picture = v.InferOutput<typeof PictureSchema>;

export const PingSchema = v.object({ type: v.literal('ping'), timestamp: v.optional(v.unknown()) });

/** Messages from the server. ISO 8601 `timestamp`s use the server clock. */
export type ServerSessionMessage =
  | { type: 'heartbeat'; session_id: string; timestamp: string }
  | { type: 'session_ended'; session_id: string; timestamp: string }
  | {
      type: 'welcome';
      session_id: string;
      /** Server clock, milliseconds since the Unix epoch. */
      server_time_ms: number;
      /** Every frame up to this number is stored or reported lost; -1 if there is none. */
      up_to_seq: number;
      /**
       * Highest number that is stored or reported lost; -1 if there is none. A client without numbers of its own (another
       * device, cleared storage) continues after it, because a number must never be assigned twice.
       */
      highest_seq: number;
      /** Head of the hash chain: the server's nonce before the first batch; null if the server keeps no chain. */
      chain: string | null;
    }
  /** `seqs`: frames of the batch that are stored, whether now or earlier. `up_to_seq` and `chain` as in `welcome`. */
  | { type: 'ack'; up_to_seq: number; seqs: SeqRange[]; chain: string | null }
  | { type: 'slow_down'; retry_after_ms: number; reason: string }
  | { type: 'pong'; timestamp: string }
  | GuidanceMessage
  /**
   * To clients that sent `pictures` in `hello`, if the exam's policy allows thumbnails. `every_ms`: interval while a
   * proctor watches, null while nobody does. `now`: send one immediately, for an alert.
   */
  | { type: 'pictures'; every_ms: number | null; now: boolean }
  | ({ type: 'error' } & Problem);

/** A frame of a batch that was refused; the other frames of the batch are accepted. */
export interface RejectedFrame extends Problem {
  /** Position in the batch, from 0. */
  index: number;
}

/** A client's message after parsing. */
export type ClientSessionMessage =
  | { kind: 'hello'; hello: Hello }
  /** `chain`: the head that the client expects after this batch, null if it keeps no chain. */
  | { kind: 'batch'; frames: FeatureFrame[]; rejected: RejectedFrame[]; chain: string | null }
  /** A frame without a number. `timestamp`: client clock, milliseconds since the Unix epoch; null if not sent. */
  | { kind: 'single'; features: Features; timestamp: number | null }
  | { kind: 'losses'; losses: Losses }
  | { kind: 'ping' }
  | { kind: 'picture'; picture: Picture }
  | { kind: 'invalid'; problem: Problem };
