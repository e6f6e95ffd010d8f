import * as v from 'valibot';
import { FeatureFrameSchema, FeaturesSchema, TimestampMsSchema } from '../frame/feature-frame.ts';
import type { FeatureFrame, Features } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { isPlainFrame } from '../frame/plain-frame.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { GuidanceMessage } from './guidance.ts';

/**
 * The session channel, `ws /api/v1/session/ws/{session_id}`.
 * Client: the three documented shapes, the `frame_data` of the document's own example, and our additions
 * (`hello`, `batch`, `losses`, `ping`, `picture`). Server: `heartbeat` and `session_ended` as documented, and our additions.
 * A session has one client that numbers its frames: the connection that says `hello` last. Earlier ones are closed as `replaced`;
 * those that never say it are left alone.
 */

/**
 * Why the client gave up a frame. Every loss has one. `session_over`: the session ended before the frame was delivered. `left_behind`: it
 * was numbered on a device, or stored by a server, that has it no more.
 */
export const LOSS_REASONS = [
  'outbox_full',
  'storage_failed',
  'rejected',
  'engine_stalled',
  'session_over',
  'left_behind',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

const seqNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
/** Inclusive range of sequence numbers. */
export const SeqRangeSchema = v.pipe(
  v.tuple([seqNumber, seqNumber]),
  v.check(([from, to]) => from <= to, 'the first of a range must not be above the last'),
);
export type SeqRange = v.InferOutput<typeof SeqRangeSchema>;

export const HelloSchema = v.object({
  type: v.literal('hello'),
  client_time_ms: TimestampMsSchema,
  /** The highest sequence number that the client has given out, null when it has none yet. */
  last_seq: v.optional(v.nullable(seqNumber)),
  /** The page told its student that small pictures may be sent: the client wants to hear when they are wanted. */
  pictures: v.optional(v.boolean()),
});
export type Hello = v.InferOutput<typeof HelloSchema>;

export const LossesSchema = v.object({
  type: v.literal('losses'),
  counts: v.record(v.picklist(LOSS_REASONS), v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Which sequence numbers were given up, so that the server can close the gap. */
  ranges: v.optional(
    v.pipe(
      v.array(v.object({ reason: v.picklist(LOSS_REASONS), seqs: SeqRangeSchema })),
      v.maxLength(limits.framesPerBatch),
    ),
  ),
});
export type Losses = v.InferOutput<typeof LossesSchema>;

/** Longest side that a picture should have, pixels. Nobody looks: only its size in bytes is limited. */
export const pictureMaxSidePx = 160;

/** A small picture of the camera. It is passed on unread to those who watch, and kept nowhere but in memory, the last one only. */
export const PictureSchema = v.object({
  type: v.literal('picture'),
  /** When it was taken. */
  timestamp: TimestampMsSchema,
  /** JPEG in base64. */
  data: v.pipe(
    v.string(),
    v.maxLength(limits.pictureChars, `at most ${limits.pictureBytes} bytes, in base64`),
    v.base64('a JPEG in base64'),
  ),
});
export type Picture = v.InferOutput<typeof PictureSchema>;

export const PingSchema = v.object({ type: v.literal('ping'), timestamp: v.optional(v.unknown()) });

export type ServerSessionMessage =
  | { type: 'heartbeat'; session_id: string; timestamp: string }
  | { type: 'session_ended'; session_id: string; timestamp: string }
  | {
      type: 'welcome';
      session_id: string;
      server_time_ms: number;
      /** Every frame up to here is stored or stated lost; -1 when there is none. */
      up_to_seq: number;
      /**
       * The highest number that is stored or stated lost; -1 when there is none. A client that has no numbers of its own (another
       * device, storage that was emptied) goes on after it: what it gives to new frames must never have been given before.
       */
      highest_seq: number;
      /** Head of the chain (`chain.ts`): the server's nonce before the first batch. A server without one says null. */
      chain: string | null;
    }
  /** `seqs`: what of the batch is now stored (or was before). `up_to_seq` and `chain` as in welcome. */
  | { type: 'ack'; up_to_seq: number; seqs: SeqRange[]; chain: string | null }
  | { type: 'slow_down'; retry_after_ms: number; reason: string }
  | { type: 'pong'; timestamp: string }
  | GuidanceMessage
  /**
   * To clients that said `pictures` in `hello`, where the exam's policy allows pictures. `every_ms`: one so often while somebody watches,
   * null when nobody does. `now`: one at once, to go with an alert.
   */
  | { type: 'pictures'; every_ms: number | null; now: boolean }
  | ({ type: 'error' } & Problem);

export interface RejectedFrame extends Problem {
  index: number;
}

export type ClientSessionMessage =
  | { kind: 'hello'; hello: Hello }
  /** `chain`: the head that the client expects after this batch. */
  | { kind: 'batch'; frames: FeatureFrame[]; rejected: RejectedFrame[]; chain: string | null }
  | { kind: 'single'; features: Features; timestamp: number | null }
  | { kind: 'losses'; losses: Losses }
  | { kind: 'ping' }
  | { kind: 'picture'; picture: Picture }
  | { kind: 'invalid'; problem: Problem };

const invalid = (code: ProblemCode, message: string, field?: string): ClientSessionMessage => ({
  kind: 'invalid',
  problem: field === undefined ? { code, message } : { code, message, field },
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const firstIssue = (issues: readonly v.BaseIssue<unknown>[]): { field: string; message: string } => {
  const issue = issues[0];
  if (issue === undefined) return { field: '', message: 'invalid' };
  return { field: v.getDotPath(issue) ?? '', message: issue.message.slice(0, 300) };
};

/** Counts keys without building an array, so that a hostile object costs no more than the limit. */
const hasTooManyFields = (record: Record<string, unknown>): boolean => {
  let fields = 0;
  for (const _ in record) if (++fields > limits.frameFields) return true;
  return false;
};

const tooManyFields: Problem = {
  code: 'TOO_MANY_FIELDS',
  message: `a frame has at most ${limits.frameFields} fields`,
};

const parseSingle = (raw: unknown, where: string): ClientSessionMessage => {
  if (!isRecord(raw)) return invalid('INVALID_FRAME', `${where} must be an object with feature fields`, where);
  if (hasTooManyFields(raw)) return { kind: 'invalid', problem: { ...tooManyFields, field: where } };
  const features = v.safeParse(FeaturesSchema, raw, { abortEarly: true });
  if (!features.success) {
    const issue = firstIssue(features.issues);
    return invalid('INVALID_FRAME', issue.message, issue.field);
  }
  if (Object.keys(features.output).length === 0) {
    return invalid('INVALID_FRAME', `${where} has none of the feature fields`, where);
  }
  const stamp = raw['timestamp'] === undefined ? null : v.safeParse(TimestampMsSchema, raw['timestamp']);
  if (stamp !== null && !stamp.success) {
    return invalid('INVALID_FRAME', 'milliseconds since 1970 or an ISO 8601 time', 'timestamp');
  }
  return {
    kind: 'single',
    features: features.output,
    timestamp: stamp === null ? null : stamp.output,
  };
};

const parseBatch = (raw: Record<string, unknown>): ClientSessionMessage => {
  const list = raw['frames'];
  if (!Array.isArray(list)) return invalid('INVALID_MESSAGE', 'a batch needs an array of frames', 'frames');
  if (list.length > limits.framesPerBatch) {
    return invalid('TOO_MANY_FRAMES', `a batch has at most ${limits.framesPerBatch} frames`, 'frames');
  }
  const chain = raw['chain'] ?? null;
  if (chain !== null && (typeof chain !== 'string' || chain.length > 128)) {
    return invalid('INVALID_MESSAGE', 'a text of at most 128 characters', 'chain');
  }
  const frames: FeatureFrame[] = [];
  const rejected: RejectedFrame[] = [];
  for (const [index, item] of list.entries()) {
    const record: unknown = item;
    if (isRecord(record) && isPlainFrame(record)) {
      frames.push(record);
      continue;
    }
    const parsed =
      isRecord(record) && !hasTooManyFields(record)
        ? v.safeParse(FeatureFrameSchema, record, { abortEarly: true })
        : null;
    if (parsed?.success) {
      frames.push(parsed.output);
      continue;
    }
    const seq = isRecord(record) && v.is(seqNumber, record['seq']) ? { seq: record['seq'] } : {};
    const issue = parsed === null ? null : firstIssue(parsed.issues);
    rejected.push(
      issue === null
        ? {
            ...(isRecord(record) ? tooManyFields : { code: 'INVALID_FRAME', message: 'not an object' }),
            ...seq,
            index,
          }
        : {
            code: 'INVALID_FRAME',
            message: issue.message,
            field: `frames.${index}.${issue.field}`,
            ...seq,
            index,
          },
    );
  }
  return { kind: 'batch', frames, rejected, chain };
};

const parseTyped = (raw: Record<string, unknown>): ClientSessionMessage | null => {
  switch (raw['type']) {
    case 'batch':
      return parseBatch(raw);
    case 'frame':
      return parseSingle(raw['payload'], 'payload');
    case 'ping':
      return { kind: 'ping' };
    case 'hello': {
      const hello = v.safeParse(HelloSchema, raw);
      if (hello.success) return { kind: 'hello', hello: hello.output };
      const issue = firstIssue(hello.issues);
      return invalid('INVALID_MESSAGE', issue.message, issue.field);
    }
    case 'losses': {
      const losses = v.safeParse(LossesSchema, raw);
      if (losses.success) return { kind: 'losses', losses: losses.output };
      const issue = firstIssue(losses.issues);
      return invalid('INVALID_MESSAGE', issue.message, issue.field);
    }
    case 'picture': {
      const picture = v.safeParse(PictureSchema, raw);
      if (picture.success) return { kind: 'picture', picture: picture.output };
      const issue = firstIssue(picture.issues);
      return invalid('PICTURE_REFUSED', issue.message, issue.field);
    }
    default:
      return null;
  }
};

/**
 * Reads one client message of the session channel. Never throws: what is wrong comes back as `invalid`, or per frame in
 * `rejected`, so that one bad frame costs only itself.
 */
export const parseSessionMessage = (text: string): ClientSessionMessage => {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return invalid('BAD_JSON', 'the message is not JSON');
  }
  return readSessionMessage(raw);
};

/** The same for a message that is parsed already (the HTTP fallback). */
export const readSessionMessage = (raw: unknown): ClientSessionMessage => {
  if (!isRecord(raw)) return invalid('INVALID_MESSAGE', 'a message is a JSON object');
  if ('extracted_features' in raw) return parseSingle(raw['extracted_features'], 'extracted_features');
  if ('frame_data' in raw) return parseSingle(raw['frame_data'], 'frame_data');
  const typed = parseTyped(raw);
  if (typed !== null) return typed;
  if (typeof raw['session_id'] === 'string') return parseSingle(raw, 'message');
  return invalid(
    'INVALID_MESSAGE',
    'expected extracted_features, frame_data, a type of batch, frame, hello, losses, ping or picture, or raw features with session_id',
    'type',
  );
};
