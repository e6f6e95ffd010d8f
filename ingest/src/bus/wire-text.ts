import * as v from 'valibot';
import { isDocumented } from './wire-names.ts';

/** A message as received. */
export interface Received {
  /** The replica that published it; null for another program. */
  from: string | null;
  message: object;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const EnvelopeSchema = v.object({ from: v.string(), message: v.custom<object>(isObject) });
const PlainSchema = v.looseObject({ replica_id: v.optional(v.string()) });

/** The replicas' own messages are `{from, message}`. Documented events are plain, with the publishing replica in `replica_id`. */
export const encode = (replicaId: string, subject: string, message: object): string =>
  JSON.stringify(isDocumented(subject) ? { ...message, replica_id: replicaId } : { from: replicaId, message });

/** Whether `encode` made the text for this replica; false also if only parsing could show it. */
export const isFrom = (replicaId: string, subject: string, text: string): boolean =>
  isDocumented(subject)
    ? text.endsWith(`"replica_id":${JSON.stringify(replicaId)}}`)
    : text.startsWith(`{"from":${JSON.stringify(replicaId)},`);

/** Null for text of another form. */
export const decode = (subject: string, text: string): Received | null => {
  const json = parse(text);
  if (!isDocumented(subject)) {
    const envelope = v.safeParse(EnvelopeSchema, json);
    return envelope.success ? envelope.output : null;
  }
  const plain = v.safeParse(PlainSchema, json);
  if (!plain.success) return null;
  const { replica_id: from, ...message } = plain.output;
  return { from: from ?? null, message };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
