import * as v from 'valibot';
import { FeatureFrameSchema, TimestampMsSchema, featureEntries } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { problemEntries } from './problem-schema.ts';
import type { TypeEquals } from '../frame/type-equals.ts';
import { BREAK_ACTIONS } from './guidance.ts';
import { HelloSchema, LossesSchema, PictureSchema, PingSchema, SeqRangeSchema } from './session.ts';
import type { ServerSessionMessage } from './session.ts';

/**
 * The session channel's messages for whoever describes or checks them. The server itself reads with `parseSessionMessage`, which refuses
 * a bad frame of a batch alone; a test holds the two together.
 */

/** The readings of a frame that the server numbers, with the client's own time where it says one. */
export const FeaturesWithTimeSchema = v.object({ ...featureEntries, timestamp: v.optional(TimestampMsSchema) });

export const BatchSchema = v.object({
  type: v.literal('batch'),
  frames: v.pipe(v.array(FeatureFrameSchema), v.maxLength(limits.framesPerBatch)),
  /** Head of the client's hash chain over its batches. */
  chain: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(128)))),
});

/** By name; the documented single shapes have no type. */
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
  v.object({ type: v.literal('break'), action: v.picklist(BREAK_ACTIONS), timestamp }),
  v.object({ type: v.literal('breaks'), allowed: v.boolean() }),
  v.object({ type: v.literal('pictures'), every_ms: v.nullable(v.pipe(v.number(), v.minValue(0))), now: v.boolean() }),
  v.object({ type: v.literal('error'), ...problemEntries }),
]);

const matches: TypeEquals<v.InferOutput<typeof ServerSessionMessageSchema>, ServerSessionMessage> = true;
void matches;
