import * as v from 'valibot';
import { IdSchema } from '../frame/identifier.ts';

/** The presence channel, `ws /ws/presence`: who is in which classroom now. */

/** Tells several devices or pages of one user apart; an agent is a label of a user. */
export const AgentLabelSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(/^[A-Za-z0-9_~-]+$/));

export const ConnectRequestSchema = v.object({
  type: v.literal('connect_request'),
  payload: v.object({ agent_label: AgentLabelSchema, classroom_id: IdSchema, token: v.nullish(v.string(), null) }),
});
export type ConnectRequest = v.InferOutput<typeof ConnectRequestSchema>['payload'];

/** Nothing to be gained by connecting again as before. */
export const UNRECOVERABLE_ERRORS = {
  unsupported_request: 405,
  unauthenticated: 401,
  access_denied: 403,
  internal_server_error: 500,
  serialization_failed: 422,
  auth_timed_out: 422,
  pong_timed_out: 422,
  replaced: 422,
} as const;
export type UnrecoverableError = keyof typeof UNRECOVERABLE_ERRORS;

/** Connect again, to another replica. */
export const RECOVERABLE_ERRORS = { terminated: 422 } as const;
export type RecoverableError = keyof typeof RECOVERABLE_ERRORS;

export interface SessionErrorPayload<Type extends string> {
  type: Type;
  title: Type;
  status: number;
}

/** News of a classroom, as it goes over the bus (`classrooms.<classroom_id>.*`) and on to the agents in it. */
export const ClassroomEventSchema = v.object({
  type: v.literal('event'),
  label: v.string(),
  payload: v.unknown(),
  /** The agent that it came from; it does not get its own events. */
  sender_id: v.optional(v.string()),
  /** The one agent that it is for; everybody in the classroom when absent. */
  receiver_id: v.optional(v.string()),
});
export type ClassroomEvent = v.InferOutput<typeof ClassroomEventSchema>;

export type ServerPresenceMessage =
  | { type: 'connect_success' }
  | { type: 'event'; label: string; payload: unknown }
  | { type: 'unrecoverable_session_error'; payload: SessionErrorPayload<UnrecoverableError> }
  | { type: 'recoverable_session_error'; payload: SessionErrorPayload<RecoverableError> };

export const unrecoverable = (type: UnrecoverableError): ServerPresenceMessage => ({
  type: 'unrecoverable_session_error',
  payload: { type, title: type, status: UNRECOVERABLE_ERRORS[type] },
});

export const recoverable = (type: RecoverableError): ServerPresenceMessage => ({
  type: 'recoverable_session_error',
  payload: { type, title: type, status: RECOVERABLE_ERRORS[type] },
});

/** An agent as the list of a classroom names it: `<label>.<user id>`. */
export const agentIdOf = (label: string, userId: string): string => `${label}.${userId}`;
