import * as v from 'valibot';
import { featureEntries } from '../frame/feature-entries.ts';
import type { Features } from '../frame/feature-frame.ts';
import { arePlainReadings } from '../frame/plain-frame.ts';
import type { TypeEquals } from '../frame/type-equals.ts';
import {
  liveProfiles,
  ProctorMessageSchema,
  ProctorRegisterSchema,
  rejectReasons,
  unobservedReasons,
  SentinelMessageSchema,
  SentinelRegisterSchema,
} from './live.ts';
import type { LiveEnvelope } from './live.ts';
import { messagesByType } from './messages-by-type.ts';

const seconds = v.optional(v.number());

/** Client messages by type. The server validates a registration's payload separately, to reject it with a reason. */
export const sentinelClientMessages = {
  ...messagesByType(SentinelMessageSchema),
  'sentinel.register': v.object({
    type: v.literal('sentinel.register'),
    payload: SentinelRegisterSchema,
    timestamp: seconds,
  }),
};
export const proctorClientMessages = {
  ...messagesByType(ProctorMessageSchema),
  'proctor.register': v.object({
    type: v.literal('proctor.register'),
    payload: ProctorRegisterSchema,
    timestamp: seconds,
  }),
};

export const LiveFrameSchema = v.object({
  sentinelId: v.string(),
  frameId: v.string(),
  index: v.number(),
  /** JPEG in base64; null for a frame of numbers only. */
  data: v.nullable(v.string()),
  features: v.exactOptional(v.object({ ...featureEntries, timestamp: v.number() })),
  /** How the session was observed so far, by the server's clock, in seconds. */
  coverage: v.exactOptional(v.object({ live_s: v.number(), late_s: v.number(), not_observed_s: v.number() })),
  /** The last minute: a letter for each second, up to the reading with the timestamp `until`. */
  recent: v.exactOptional(v.object({ until: v.number(), cells: v.string() })),
});

/** `LiveFrameSchema` for frames from another replica, which has validated them already: most need only the fast check. */
export const RelayedFrameSchema = v.object({
  ...LiveFrameSchema.entries,
  features: v.exactOptional(
    v.union([v.custom<Features & { timestamp: number }>(arePlainReadings), LiveFrameSchema.entries.features.wrapped]),
  ),
});

const envelope = <const Type extends string, const Payload extends v.GenericSchema>(type: Type, payload: Payload) =>
  v.object({ type: v.literal(type), payload, timestamp: v.number() });

export const ServerLiveEnvelopeSchema = v.variant('type', [
  envelope(
    'server.registration.ack',
    v.union([v.object({ sentinelId: v.string() }), v.object({ proctorId: v.string() })]),
  ),
  envelope('server.registration.reject', v.object({ reason: v.picklist(rejectReasons) })),
  envelope(
    'server.update-sentinels',
    v.object({ sentinels: v.array(v.object({ sentinelId: v.string(), name: v.string() })) }),
  ),
  envelope(
    'server.update-unobserved',
    v.object({
      sentinels: v.array(
        v.object({ sentinelId: v.string(), since: v.number(), reason: v.picklist(unobservedReasons) }),
      ),
    }),
  ),
  envelope('server.frame', v.object({ frames: v.array(LiveFrameSchema), profile: v.picklist(liveProfiles) })),
  envelope('server.set-resolution', v.object({ maxSidePx: v.number() })),
  envelope('server.frame.reject', v.object({ reason: v.string() })),
]);

const matches: TypeEquals<v.InferOutput<typeof ServerLiveEnvelopeSchema>, LiveEnvelope> = true;
void matches;
