import * as v from 'valibot';
import type { Features } from '../frame/feature-frame.ts';
import { unknownReasons } from '../frame/feature-vocabulary.ts';

/**
 * The live channel: `ws /ws/sentinel` for frame producers and `ws /ws/proctor` for viewers. Every message is an envelope
 * `{type, payload?, timestamp}`; `timestamp` is Unix time in seconds.
 */

/** Range of an exam's PIN, which students type on their device. */
export const pinRange = { min: 0, max: 999_999 } as const;

export const liveProfiles = ['HIGH', 'MEDIUM', 'LOW'] as const;
export type LiveProfile = (typeof liveProfiles)[number];

/** Longest side of a forwarded image, pixels. */
export const profileMaxSidePx: Record<LiveProfile, number> = { HIGH: 1920, MEDIUM: 1280, LOW: 640 };

/** Why a registration was rejected; the server then closes the connection. */
export const rejectReasons = [
  'invalid registration payload',
  'missing auth token',
  'insufficient permissions',
  'PIN out of range',
  'no exam with this PIN',
  'exam not open',
  'server busy',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** Maximum number of frames in one message. */
const framesPerMessage = 50;

/** Message limit of the live channel, bytes: larger than elsewhere, because messages may contain images. */
export const liveMessageBytes = 2 * 1024 * 1024;

const sentinelIdEntry = { sentinelId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)) };

const pictureEntries = {
  frameId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** JPEG in base64, forwarded unread. */
  data: v.string(),
};
const SentinelPictureSchema = v.object(pictureEntries);

/** `frames` as clients of the documented system send it, or a single frame. Parsed to a list. */
const SentinelFrameSchema = v.pipe(
  v.union([
    v.object({ frames: v.pipe(v.array(SentinelPictureSchema), v.maxLength(framesPerMessage)) }),
    SentinelPictureSchema,
  ]),
  v.transform((payload) => ('frames' in payload ? payload.frames : [payload])),
);

export interface LiveFrame {
  sentinelId: string;
  frameId: string;
  index: number;
  /** JPEG in base64; null for a frame of numbers only. */
  data: string | null;
  /** Readings of the frame, if the student's device sends them; `timestamp`: client clock, milliseconds since 1970. */
  features?: Features & { timestamp: number };
  /** How the session was observed so far, by the server's clock; at most every two seconds. */
  coverage?: LiveFrameCoverage;
  /** How the student was observed in the last minute; at most every two seconds. */
  recent?: LiveFrameRecent;
}

/** The last minute of a session, so that a proctor who has just begun to watch sees it too. */
export interface LiveFrameRecent {
  /** Timestamp of the newest reading in it: client clock, milliseconds since 1970. */
  until: number;
  /** A letter for each second, oldest first: `-` no reading, `o` observed, `u` not observed, `n` notable. */
  cells: string;
}

/** Seconds since the session's start, by kind: received within 30 s, arrived later after an outage, and not observed. */
export interface LiveFrameCoverage {
  live_s: number;
  late_s: number;
  not_observed_s: number;
}

/** A number, or the digits as typed. */
const PinSchema = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]);

export const SentinelRegisterSchema = v.object({
  pin: v.optional(PinSchema),
  auth: v.optional(v.nullable(v.string())),
});
export const ProctorRegisterSchema = v.object({
  auth: v.optional(v.nullable(v.string())),
  /** Whether the server should also send `server.update-unobserved`. */
  unobserved: v.optional(v.boolean()),
});

const SetPinSchema = v.object({ pin: PinSchema });
const SentinelRefSchema = v.object(sentinelIdEntry);
/** An unknown profile is read as MEDIUM. */
const SetProfileSchema = v.object({
  ...sentinelIdEntry,
  profile: v.fallback(v.picklist(liveProfiles), 'MEDIUM'),
});

const SecondsSchema = v.optional(v.number());

export const SentinelMessageSchema = v.variant('type', [
  v.object({ type: v.literal('sentinel.register'), payload: v.optional(v.unknown()), timestamp: SecondsSchema }),
  v.object({ type: v.literal('sentinel.frame'), payload: SentinelFrameSchema, timestamp: SecondsSchema }),
]);

export const ProctorMessageSchema = v.variant('type', [
  v.object({ type: v.literal('proctor.register'), payload: v.optional(v.unknown()), timestamp: SecondsSchema }),
  v.object({ type: v.literal('proctor.set-pin'), payload: SetPinSchema, timestamp: SecondsSchema }),
  v.object({ type: v.literal('proctor.subscribe'), payload: SentinelRefSchema, timestamp: SecondsSchema }),
  v.object({ type: v.literal('proctor.revoke-subscription'), payload: SentinelRefSchema, timestamp: SecondsSchema }),
  v.object({ type: v.literal('proctor.set-profile'), payload: SetProfileSchema, timestamp: SecondsSchema }),
]);
export type ProctorMessage = v.InferOutput<typeof ProctorMessageSchema>;

export interface SentinelInfo {
  sentinelId: string;
  name: string;
}

/** Why a connected student is not observed: the reason that the frames state, or `no_frames` if none has arrived for a while. */
export const unobservedReasons = [...unknownReasons, 'no_frames'] as const;
export type UnobservedReason = (typeof unobservedReasons)[number];

/** A connected student who has not been observed for some seconds. */
export interface UnobservedSentinel {
  sentinelId: string;
  /** Server clock, Unix seconds. */
  since: number;
  reason: UnobservedReason;
}

export type ServerLiveMessage =
  | { type: 'server.registration.ack'; payload: { sentinelId: string } | { proctorId: string } }
  | { type: 'server.registration.reject'; payload: { reason: RejectReason } }
  | { type: 'server.update-sentinels'; payload: { sentinels: SentinelInfo[] } }
  /** All connected students who are not observed now, after each change. Sent only to proctors whose registration requests it. */
  | { type: 'server.update-unobserved'; payload: { sentinels: UnobservedSentinel[] } }
  | { type: 'server.frame'; payload: { frames: LiveFrame[]; profile: LiveProfile } }
  | { type: 'server.set-resolution'; payload: { maxSidePx: number } }
  /** Sent once per connection whose images are not forwarded because the exam's policy does not allow it. */
  | { type: 'server.frame.reject'; payload: { reason: string } };

/** A server message as sent: with its time, Unix seconds. */
export type LiveEnvelope = ServerLiveMessage & { timestamp: number };

/**
 * Adds the time to a message.
 *
 * @param nowMs milliseconds since the Unix epoch; sent as whole seconds
 * @example
 * liveEnvelope({ type: 'server.set-resolution', payload: { maxSidePx: 640 } }, 1_696_969_420_999).timestamp; // 1696969420
 */
export const liveEnvelope = (message: ServerLiveMessage, nowMs: number): LiveEnvelope => ({
  ...message,
  timestamp: Math.floor(nowMs / 1000),
});
