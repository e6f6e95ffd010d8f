import * as v from 'valibot';
import { IdSchema } from '../frame/identifier.ts';

/** The presence channel, `ws /ws/presence`: which agents are in which classroom now. */

/** Distinguishes devices or pages of one user: an agent is a user and a label. 1–64 letters, digits or `_ ~ -`. */
const AgentLabelSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(/^[A-Za-z0-9_~-]+$/));

export const ConnectRequestSchema = v.object({
  type: v.literal('connect_request'),
  payload: v.object({ agent_label: AgentLabelSchema, classroom_id: IdSchema, token: v.nullish(v.string(), null) }),
});

/** Errors after which reconnecting with the same request does not help, with their HTTP-like status. */
export const unrecoverableErrors = {
  unsupported_request: 405,
  unauthenticated: 401,
  access_denied: 403,
  internal_server_error: 500,
  serialization_failed: 422,
  auth_timed_out: 422,
  pong_timed_out: 422,
  replaced: 422,
} as const;
export type UnrecoverableError = keyof typeof unrecoverableErrors;

/** Errors after which the client should reconnect, to another replica. */
export const recoverableErrors = { terminated: 422 } as const;
export type RecoverableError = keyof typeof recoverableErrors;

interface SessionErrorPayload<Type extends string> {
  type: Type;
  title: Type;
  status: number;
}

/** An event of a classroom, published on the bus (`classrooms.<classroom_id>.*`) and forwarded to its agents. */
export const ClassroomEventSchema = v.object({
  type: v.literal('event'),
  label: v.string(),
  payload: v.unknown(),
  /** The agent that sent it, which does not receive its own events. */
  sender_id: v.optional(v.string()),
  /** The only recipient; every agent in the classroom if absent. */
  receiver_id: v.optional(v.string()),
  /** Of `agent.enter` and `agent.leave`: the agent's session. Later sessions of an agent have higher numbers. */
  sequence_id: v.optional(v.number()),
});
export type ClassroomEvent = v.InferOutput<typeof ClassroomEventSchema>;

export type ServerPresenceMessage =
  | { type: 'connect_success' }
  | { type: 'event'; label: string; payload: unknown }
  | { type: 'unrecoverable_session_error'; payload: SessionErrorPayload<UnrecoverableError> }
  | { type: 'recoverable_session_error'; payload: SessionErrorPayload<RecoverableError> };

/** The message for an error after which the client should not reconnect as before. */
export const unrecoverable = (type: UnrecoverableError): ServerPresenceMessage => ({
  type: 'unrecoverable_session_error',
  payload: { type, title: type, status: unrecoverableErrors[type] },
});

/** The message for an error after which the client should reconnect. */
export const recoverable = (type: RecoverableError): ServerPresenceMessage => ({
  type: 'recoverable_session_error',
  payload: { type, title: type, status: recoverableErrors[type] },
});

/**
 * Id of an agent in a classroom's list: `<label>.<user id>`.
 *
 * @example
 * agentIdOf('web', 'u1'); // 'web.u1'
 */
export const agentIdOf = (label: string, userId: string): string => `${label}.${userId}`;
