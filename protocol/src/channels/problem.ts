/** Codes of rejected messages and requests. Sent as `{type:"error", …}` and as RFC 9457 problems. */
export const problemCodes = [
  /** The text is not valid JSON. */
  'BAD_JSON',
  /** The message or request body is invalid; `field` and `message` say where and what is allowed. */
  'INVALID_MESSAGE',
  /** A frame is invalid and was rejected alone; it counts as lost. */
  'INVALID_FRAME',
  /** A frame has too many fields. */
  'TOO_MANY_FIELDS',
  /** A batch has too many frames. */
  'TOO_MANY_FRAMES',
  /** The whole message was rejected: it would leave too many gaps. Send the lowest missing frames first or report them lost. */
  'TOO_MANY_GAPS',
  /** The message or request body exceeds the size limit. */
  'MESSAGE_TOO_BIG',
  /** Too many messages or requests. Retry after `Retry-After` or `slow_down`. */
  'RATE_EXCEEDED',
  /** The token is missing, invalid or expired. */
  'AUTH_FAILED',
  /** The token does not permit this. */
  'ACCESS_DENIED',
  /** The exam must be taken in Safe Exam Browser with its configuration; `detail` names the missing part and who can change it. */
  'SAFE_EXAM_BROWSER_REQUIRED',
  /** A thumbnail was dropped: not allowed by the exam's policy, too large, or over the rate limit. Frames are not affected. */
  'PICTURE_REFUSED',
  /** The session does not exist. */
  'SESSION_NOT_FOUND',
  /** The session has ended and accepts nothing more. */
  'SESSION_ENDED',
  /** The resource does not exist; sessions have their own code. */
  'NOT_FOUND',
  /** The path exists, but not with this method; `Allow` lists those that it has. */
  'METHOD_NOT_ALLOWED',
  /** It exists already. */
  'ALREADY_EXISTS',
  /** The exam's current status does not allow the request. */
  'WRONG_STATUS',
  /** A store is unavailable. Nothing was stored; retry later. */
  'STORE_UNAVAILABLE',
  /** Too many analyses are already queued on this server. Nothing was changed; retry after `Retry-After`. */
  'SERVER_BUSY',
  /** The server is not configured for this. */
  'NOT_CONFIGURED',
  /** Internal error. */
  'INTERNAL',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** A problem with a message: what is wrong, where, and what is allowed. */
export interface Problem {
  code: ProblemCode;
  message: string;
  /** Dotted path of the invalid field, if it concerns one. */
  field?: string;
  /** Sequence number of the rejected frame, if it concerns one. */
  seq?: number;
}
