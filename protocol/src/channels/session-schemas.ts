import * as v from 'valibot';
import { featureEntries } from '../frame/feature-entries.ts';
import { FeatureFrameSchema, TimestampMsSchema } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { problemEntries } from './problem-schema.ts';
import type { TypeEquals } from '../frame/type-equals.ts';
import { breakActions } from './guidance.ts';
import { SeqRangeSchema } from '../frame/seq-range.ts';
import { HelloSchema, LossesSchema, PictureSchema, PingSchema } from './session.ts';
import type { ServerSessionMessage } from './session.ts';

/**
 * Schemas of the session channel's messages, for generated API descriptions and for tests. The server reads messages
 * with `readSessionMessage`, which can reject single frames of a batch; a test checks that both accept the same messages.
 */

/** Readings of a frame that the server numbers, with the client's time if it sends one. */
export const FeaturesWithTimeSchema = v.object({ ...featureEntries, timestamp: v.optional(TimestampMsSchema) });

const BatchSchema = v.object({
  type: v.literal('batch'),
  frames: v.pipe(v.array(FeatureFrameSchema), v.maxLength(limits.framesPerBatch)),
  /** Head of the client's hash chain over its batches. */
  chain: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(128)))),
});

/** Client messages by name; most of the documented single-frame formats have no `type`. */
export const sessionClientMessages = {
  extracted_features: v.object({ extracted_features: FeaturesWithTimeSchema }),
  frame: v.object({ type: v.literal('frame'), payload: FeaturesWithTimeSchema }),
  raw_features: v.object({ session_id: v.string(), ...FeaturesWithTimeSchema.entries }),
  frame_data: v.object({
    frame_data: v.object({ session_id: v.optional(v.string()), ...FeaturesWithTimeSchema.entries }),
  }),
  hello: HelloSchema,
  batch: BatchSchema,
  losses: LossesSchema,
  ping: PingSchema,
  picture: PictureSchema,
} as const;

const timestamp = v.pipe(v.string(), v.isoTimestamp());
const seqOrNone = v.pipe(v.number(), v.integer(), v.minValue(-1));
const chain = v.nullable(v.string());
const ofSession = { session_id: v.string(), timestamp };

export const ServerSessionMessageSchema = v.variant('type', [
  v.object({ type: v.literal('heartbeat'), ...ofSession }),
  v.object({ type: v.literal('session_ended'), ...ofSession }),
  v.object({
    type: v.literal('welcome'),
    session_id: v.string(),
    server_time_ms: v.number(),
    up_to_seq: seqOrNone,
    highest_seq: seqOrNone,
    chain,
  }),
  v.object({ type: v.literal('ack'), up_to_seq: seqOrNone, seqs: v.array(SeqRangeSchema), chain }),
  v.object({ type: v.literal('slow_down'), retry_after_ms: v.pipe(v.number(), v.minValue(0)), reason: v.string() }),
  v.object({ type: v.literal('pong'), timestamp }),
  v.object({ type: v.literal('proctor_message'), message_id: v.string(), text: v.string(), timestamp }),
  v.object({ type: v.literal('break'), action: v.picklist(breakActions), timestamp }),
  v.object({ type: v.literal('breaks'), allowed: v.boolean() }),
  v.object({ type: v.literal('pictures'), every_ms: v.nullable(v.pipe(v.number(), v.minValue(0))), now: v.boolean() }),
  v.object({ type: v.literal('error'), ...problemEntries }),
]);

const matches: TypeEquals<v.InferOutput<typeof ServerSessionMessageSchema>, ServerSessionMessage> = true;
void matches;
