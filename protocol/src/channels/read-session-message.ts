import * as v from 'valibot';
import { FeaturesSchema, TimestampMsSchema } from '../frame/feature-frame.ts';
import { hasTooManyFields, isRecord, tooManyFields } from './frame-record.ts';
import type { ProblemCode } from './problem.ts';
import { readBatch } from './read-batch.ts';
import { firstIssue } from './schema-issue.ts';
import { HelloSchema, LossesSchema, PictureSchema } from './session.ts';
import type { ClientSessionMessage } from './session.ts';

const invalid = (code: ProblemCode, message: string, field?: string): ClientSessionMessage => ({
  kind: 'invalid',
  problem: field === undefined ? { code, message } : { code, message, field },
});

const readSingle = (raw: unknown, field: string): ClientSessionMessage => {
  if (!isRecord(raw)) return invalid('INVALID_FRAME', `${field} must be an object of feature fields`, field);
  if (hasTooManyFields(raw)) return { kind: 'invalid', problem: { ...tooManyFields, field } };
  const features = v.safeParse(FeaturesSchema, raw, { abortEarly: true });
  if (!features.success) {
    const issue = firstIssue(features.issues);
    return invalid('INVALID_FRAME', issue.message, issue.field);
  }
  if (Object.keys(features.output).length === 0) {
    return invalid('INVALID_FRAME', `${field} contains no known feature field`, field);
  }
  const timestamp = raw['timestamp'] === undefined ? null : v.safeParse(TimestampMsSchema, raw['timestamp']);
  if (timestamp !== null && !timestamp.success) {
    return invalid('INVALID_FRAME', 'timestamp must be milliseconds since 1970 or an ISO 8601 time', 'timestamp');
  }
  return { kind: 'single', features: features.output, timestamp: timestamp === null ? null : timestamp.output };
};

const readWith = <Schema extends v.GenericSchema>(
  schema: Schema,
  raw: unknown,
  code: ProblemCode,
  accept: (output: v.InferOutput<Schema>) => ClientSessionMessage,
): ClientSessionMessage => {
  const parsed = v.safeParse(schema, raw);
  if (parsed.success) return accept(parsed.output);
  const issue = firstIssue(parsed.issues);
  return invalid(code, issue.message, issue.field);
};

const readTyped = (raw: Record<string, unknown>): ClientSessionMessage | null => {
  switch (raw['type']) {
    case 'batch':
      return readBatch(raw);
    case 'frame':
      return readSingle(raw['payload'], 'payload');
    case 'ping':
      return { kind: 'ping' };
    case 'hello':
      return readWith(HelloSchema, raw, 'INVALID_MESSAGE', (hello) => ({ kind: 'hello', hello }));
    case 'losses':
      return readWith(LossesSchema, raw, 'INVALID_MESSAGE', (losses) => ({ kind: 'losses', losses }));
    case 'picture':
      return readWith(PictureSchema, raw, 'PICTURE_REFUSED', (picture) => ({ kind: 'picture', picture }));
    default:
      return null;
  }
};

/**
 * Reads one client message of the session channel, already parsed from JSON. Never throws: a message that is wrong
 * is returned as `invalid`; a frame that is wrong is listed in the batch's `rejected`, and the other frames are accepted.
 *
 * @example
 * readSessionMessage({ type: 'frame', payload: { no_of_face: 1 } });
 * // { kind: 'single', features: { no_of_face: 1 }, timestamp: null }
 */
export const readSessionMessage = (raw: unknown): ClientSessionMessage => {
  if (!isRecord(raw)) return invalid('INVALID_MESSAGE', 'a message must be a JSON object');
  if ('extracted_features' in raw) return readSingle(raw['extracted_features'], 'extracted_features');
  if ('frame_data' in raw) return readSingle(raw['frame_data'], 'frame_data');
  const typed = readTyped(raw);
  if (typed !== null) return typed;
  if (typeof raw['session_id'] === 'string') return readSingle(raw, 'message');
  return invalid(
    'INVALID_MESSAGE',
    'a message must have extracted_features, frame_data, or a type of batch, frame, hello, losses, ping or picture, or be raw features with a session_id',
    'type',
  );
};
