/** What was wrong with a message, where, and what is allowed. Sent as `{type:"error", …}` and as RFC 9457 problems. */
export const PROBLEM_CODES = [
  'BAD_JSON',
  'INVALID_MESSAGE',
  'INVALID_FRAME',
  'TOO_MANY_FIELDS',
  'TOO_MANY_FRAMES',
  /** Nothing of the message was taken: its numbers would leave too many gaps. Send the lowest missing ones first, or state them lost. */
  'TOO_MANY_GAPS',
  'MESSAGE_TOO_BIG',
  'RATE_EXCEEDED',
  'AUTH_FAILED',
  'ACCESS_DENIED',
  /** The picture was dropped: the exam's policy does not allow it, or it is too large or one too many. Frames are not meant by it. */
  'PICTURE_REFUSED',
  'SESSION_NOT_FOUND',
  'SESSION_ENDED',
  /** No such thing here, other than a session. */
  'NOT_FOUND',
  'ALREADY_EXISTS',
  /** The exam's status does not allow it now. */
  'WRONG_STATUS',
  'STORE_UNAVAILABLE',
  'NOT_CONFIGURED',
  'INTERNAL',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  code: ProblemCode;
  message: string;
  /** Dotted path of the offending field, where there is one. */
  field?: string;
  /** Sequence number of the offending frame, where there is one. */
  seq?: number;
}
