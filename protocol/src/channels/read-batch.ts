import * as v from 'valibot';
import { FeatureFrameSchema } from '../frame/feature-frame.ts';
import type { FeatureFrame } from '../frame/feature-frame.ts';
import { limits } from '../frame/limits.ts';
import { isPlainFrame } from '../frame/plain-frame.ts';
import { SeqSchema } from '../frame/seq-range.ts';
import { hasTooManyFields, isRecord, tooManyFields } from './frame-record.ts';
import type { Problem } from './problem.ts';
import { firstIssue } from './schema-issue.ts';
import type { ClientSessionMessage, RejectedFrame } from './session.ts';

/** Longest chain head, characters; SHA-256 in hexadecimal takes 64. */
const maxChainLength = 128;

/** Adds one frame of a batch to the accepted or the rejected ones. */
const readFrame = (raw: unknown, index: number, frames: FeatureFrame[], rejected: RejectedFrame[]): void => {
  if (!isRecord(raw)) {
    rejected.push({ code: 'INVALID_FRAME', message: 'a frame must be an object', index });
    return;
  }
  if (isPlainFrame(raw)) {
    frames.push(raw);
    return;
  }
  const seq = v.is(SeqSchema, raw['seq']) ? { seq: raw['seq'] } : {};
  if (hasTooManyFields(raw)) {
    rejected.push({ ...tooManyFields, ...seq, index });
    return;
  }
  const parsed = v.safeParse(FeatureFrameSchema, raw, { abortEarly: true });
  if (parsed.success) {
    frames.push(parsed.output);
    return;
  }
  const { message, field } = firstIssue(parsed.issues);
  rejected.push({ code: 'INVALID_FRAME', message, field: `frames.${index}.${field}`, ...seq, index });
};

/** A problem with the batch as a whole; none of its frames is then accepted. */
const batchProblem = (list: unknown, chain: unknown): Problem | null => {
  if (!Array.isArray(list)) {
    return { code: 'INVALID_MESSAGE', message: 'frames must be an array', field: 'frames' };
  }
  if (list.length > limits.framesPerBatch) {
    const message = `a batch may have at most ${limits.framesPerBatch} frames`;
    return { code: 'TOO_MANY_FRAMES', message, field: 'frames' };
  }
  if (chain !== null && (typeof chain !== 'string' || chain.length > maxChainLength)) {
    const message = `chain must be text of at most ${maxChainLength} characters, or null`;
    return { code: 'INVALID_MESSAGE', message, field: 'chain' };
  }
  return null;
};

/** Reads a `batch` message. Each frame is checked separately, so a bad frame does not affect the others. */
export const readBatch = (raw: Record<string, unknown>): ClientSessionMessage => {
  const chain = raw['chain'] ?? null;
  const problem = batchProblem(raw['frames'], chain);
  if (problem !== null) return { kind: 'invalid', problem };
  const frames: FeatureFrame[] = [];
  const rejected: RejectedFrame[] = [];
  for (const [index, item] of (raw['frames'] as unknown[]).entries()) readFrame(item, index, frames, rejected);
  return { kind: 'batch', frames, rejected, chain: chain as string | null };
};
