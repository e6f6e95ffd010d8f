import type { ProblemCode } from '@invigil/protocol/channels';

/** The HTTP status of each problem. */
export const statusOf: Readonly<Record<ProblemCode, number>> = {
  BAD_JSON: 400,
  INVALID_MESSAGE: 400,
  INVALID_FRAME: 400,
  TOO_MANY_FIELDS: 400,
  TOO_MANY_FRAMES: 400,
  TOO_MANY_GAPS: 400,
  MESSAGE_TOO_BIG: 413,
  RATE_EXCEEDED: 429,
  AUTH_FAILED: 401,
  ACCESS_DENIED: 403,
  SAFE_EXAM_BROWSER_REQUIRED: 403,
  PICTURE_REFUSED: 403,
  SESSION_NOT_FOUND: 404,
  SESSION_ENDED: 409,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ALREADY_EXISTS: 409,
  WRONG_STATUS: 409,
  STORE_UNAVAILABLE: 503,
  SERVER_BUSY: 503,
  NOT_CONFIGURED: 503,
  INTERNAL: 500,
};

/** A request that the server rejects. Routers throw it; `answerProblems` sends it as an RFC 9457 problem. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCode;
  /** The invalid field of the request, as the API names it. */
  readonly field: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(code: ProblemCode, message: string, extra: { field?: string; retryAfterSeconds?: number } = {}) {
    super(message);
    this.code = code;
    this.field = extra.field ?? null;
    this.retryAfterSeconds = extra.retryAfterSeconds ?? null;
  }
}
