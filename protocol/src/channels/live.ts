import * as v from 'valibot';
import type { Features } from '../frame/feature-frame.ts';

/**
 * The live channel: `ws /ws/sentinel` (who produces frames) and `ws /ws/proctor` (who watches them). Every message is an
 * envelope `{type, payload?, timestamp}`, its timestamp in unix seconds.
 */

/** An exam's PIN, as it is typed on a student's device. */
export const pinRange = { min: 0, max: 999_999 } as const;

export const LIVE_PROFILES = ['HIGH', 'MEDIUM', 'LOW'] as const;
export type LiveProfile = (typeof LIVE_PROFILES)[number];

/** Longest side of a picture, pixels. */
export const profileMaxSidePx: Record<LiveProfile, number> = { HIGH: 1920, MEDIUM: 1280, LOW: 640 };

/** Why a registration was turned away; the connection is closed after it. */
export const REJECT_REASONS = [
  'invalid registration payload',
  'missing auth token',
  'insufficient permissions',
  'PIN out of range',
  'no exam with this PIN',
  'server busy',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Most frames that one message may hold. */
const framesPerMessage = 50;

/** A message of these channels may be larger than elsewhere, because it may hold pictures. */
export const liveMessageBytes = 10 * 1024 * 1024;

const sentinelIdEntry = { sentinelId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)) };

/** A picture, or null where there are numbers alone. */
const pictureEntries = {
  frameId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** JPEG in base64. It is passed on unread. */
  data: v.string(),
};
const SentinelPictureSchema = v.object(pictureEntries);

/** `frames` as clients of the documented system send it, or one frame by itself. */
export const SentinelFrameSchema = v.pipe(
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
  /** JPEG in base64; null for a frame of numbers. */
  data: string | null;
  /** The numbers read from the frame, where the student's device sends numbers; `timestamp` on its clock, ms since 1970. */
  features?: Features & { timestamp: number };
}

/** As a number, or as the digits that were typed. */
const PinSchema = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]);

export const SentinelRegisterSchema = v.object({
  pin: v.optional(PinSchema),
  auth: v.optional(v.nullable(v.string())),
});
export const ProctorRegisterSchema = v.object({ auth: v.optional(v.nullable(v.string())) });

export const SetPinSchema = v.object({ pin: PinSchema });
export const SentinelRefSchema = v.object(sentinelIdEntry);
/** An unknown profile counts as MEDIUM. */
export const SetProfileSchema = v.object({
  ...sentinelIdEntry,
  profile: v.fallback(v.picklist(LIVE_PROFILES), 'MEDIUM'),
});

const SecondsSchema = v.optional(v.number());

export const SentinelMessageSchema = v.variant('type', [
  v.object({ type: v.literal('sentinel.register'), payload: v.unknown(), timestamp: SecondsSchema }),
  v.object({ type: v.literal('sentinel.frame'), payload: SentinelFrameSchema, timestamp: SecondsSchema }),
]);
export type SentinelMessage = v.InferOutput<typeof SentinelMessageSchema>;

export const ProctorMessageSchema = v.variant('type', [
  v.object({ type: v.literal('proctor.register'), payload: v.unknown(), timestamp: SecondsSchema }),
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

export type ServerLiveMessage =
  | { type: 'server.registration.ack'; payload: { sentinelId: string } | { proctorId: string } }
  | { type: 'server.registration.reject'; payload: { reason: RejectReason } }
  | { type: 'server.update-sentinels'; payload: { sentinels: SentinelInfo[] } }
  | { type: 'server.frame'; payload: { frames: LiveFrame[]; profile: LiveProfile } }
  | { type: 'server.set-resolution'; payload: { maxSidePx: number } }
  /** Once for a connection whose pictures are not passed on, because the exam's policy does not allow it. */
  | { type: 'server.frame.reject'; payload: { reason: string } };

/** A server's message as it goes over the wire. */
export type LiveEnvelope = ServerLiveMessage & { timestamp: number };

export const liveEnvelope = (message: ServerLiveMessage, nowMs: number): LiveEnvelope => ({
  ...message,
  timestamp: Math.floor(nowMs / 1000),
});
