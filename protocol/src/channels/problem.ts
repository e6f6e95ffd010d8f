/** Codes of rejected messages and requests. Sent as `{type:"error", …}` and as RFC 9457 problems. */
export const PROBLEM_CODES = [
  'BAD_JSON',
  'INVALID_MESSAGE',
  'INVALID_FRAME',
  'TOO_MANY_FIELDS',
  'TOO_MANY_FRAMES',
  /** The whole message was rejected: it would leave too many gaps. Send the lowest missing frames first or report them lost. */
  'TOO_MANY_GAPS',
  'MESSAGE_TOO_BIG',
  'RATE_EXCEEDED',
  'AUTH_FAILED',
  'ACCESS_DENIED',
  /** A thumbnail was dropped: not allowed by the exam's policy, too large, or over the rate limit. Frames are not affected. */
  'PICTURE_REFUSED',
  'SESSION_NOT_FOUND',
  'SESSION_ENDED',
  /** Something other than a session does not exist. */
  'NOT_FOUND',
  'ALREADY_EXISTS',
  /** The exam's current status does not allow the request. */
  'WRONG_STATUS',
  'STORE_UNAVAILABLE',
  'NOT_CONFIGURED',
  'INTERNAL',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What is wrong with a message, where, and what is allowed. */
export interface Problem {
  code: ProblemCode;
  message: string;
  /** Dotted path of the invalid field, if it concerns one. */
  field?: string;
  /** Sequence number of the rejected frame, if it concerns one. */
  seq?: number;
}
