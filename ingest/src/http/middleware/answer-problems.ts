import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import type { ProblemCode } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import { ExamRefusal } from '../../exams/exam-refusal.ts';
import { IngestError, isTemporary } from '../../model/ingest-error.ts';

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
  PICTURE_REFUSED: 403,
  SESSION_NOT_FOUND: 404,
  SESSION_ENDED: 409,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  WRONG_STATUS: 409,
  STORE_UNAVAILABLE: 503,
  NOT_CONFIGURED: 503,
  INTERNAL: 500,
};

/** A request that cannot be answered as asked. Routers throw it; `answerProblems` makes it an RFC 9457 problem. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCode;
  readonly field: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(code: ProblemCode, message: string, extra: { field?: string; retryAfterSeconds?: number } = {}) {
    super(message);
    this.code = code;
    this.field = extra.field ?? null;
    this.retryAfterSeconds = extra.retryAfterSeconds ?? null;
  }
}

export const sendProblem = (
  response: Response,
  status: number,
  code: string,
  detail: string,
  field: string | null,
): void => {
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:invigil:problem:${code.toLowerCase().replaceAll('_', '-')}`,
        title: STATUS_CODES[status],
        status,
        detail,
        code,
        ...(field === null ? {} : { field }),
      }),
    );
};

const retrySeconds = 2;
/** Of what a parser says; it may quote the body. */
const maxReasonLength = 200;

/** What express and its body parser throw. */
const statusFromParser = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;

const limitOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'limit' in error && typeof error.limit === 'number'
    ? `: ${error.limit} bytes`
    : '';

const problemOf = (error: unknown): HttpProblem | null => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof ExamRefusal) return new HttpProblem(error.code, error.message);
  if (isTemporary(error))
    return new HttpProblem('STORE_UNAVAILABLE', error.message, { retryAfterSeconds: retrySeconds });
  if (error instanceof IngestError) return new HttpProblem('INVALID_MESSAGE', error.message);
  const status = statusFromParser(error);
  if (status === 413) return new HttpProblem('MESSAGE_TOO_BIG', `the body is larger than allowed${limitOf(error)}`);
  if (status !== null && status < 500) {
    const why = error instanceof Error ? `: ${error.message.slice(0, maxReasonLength)}` : '';
    return new HttpProblem('BAD_JSON', `the request could not be read${why}`);
  }
  return null;
};

export const answerProblems =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      // Too late for an answer: the connection is cut, so that nobody takes what came for the whole.
      log.error({ event: 'http.cut_off', error });
      return next(error);
    }
    const problem = problemOf(error);
    if (problem === null) {
      log.error({ event: 'http.failed', error });
      return sendProblem(response, 500, 'INTERNAL', 'the server failed; the log says more', null);
    }
    if (problem.retryAfterSeconds !== null) response.set('Retry-After', String(problem.retryAfterSeconds));
    if (problem.code === 'AUTH_FAILED') response.set('WWW-Authenticate', 'Bearer');
    sendProblem(response, statusOf[problem.code], problem.code, problem.message, problem.field);
  };
