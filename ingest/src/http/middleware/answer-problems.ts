import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { ExamRefusal } from '../../exams/exam-refusal.ts';
import { IngestError, isTemporary } from '../../model/ingest-error.ts';
import { HttpProblem, statusOf } from '../problems/http-problem.ts';
import { sendProblem } from '../problems/send-problem.ts';
import type { AddressLimits } from './address-limits.ts';

const retrySeconds = 2;
/** An analysis of a long session takes about this long. */
const busySeconds = 5;
/** Parser messages are truncated, because they may quote the body. */
const maxReasonLength = 200;

const numberIn = (error: unknown, key: 'status' | 'limit'): number | null => {
  if (typeof error !== 'object' || error === null || !(key in error)) return null;
  const value: unknown = (error as Record<string, unknown>)[key];
  return typeof value === 'number' ? value : null;
};

/** The problem behind an error that Express or its body parser threw; null if the error is not the client's. */
const parserProblemOf = (error: unknown): HttpProblem | null => {
  const status = numberIn(error, 'status');
  if (status === null || status >= 500) return null;
  if (status === 413) {
    const limit = numberIn(error, 'limit');
    const bytes = limit === null ? '' : `: ${limit} bytes`;
    return new HttpProblem('MESSAGE_TOO_BIG', `the body is larger than allowed${bytes}`);
  }
  const reason = error instanceof Error ? `: ${error.message.slice(0, maxReasonLength)}` : '';
  return new HttpProblem('BAD_JSON', `the request could not be read${reason}`);
};

const problemOf = (error: unknown): HttpProblem | null => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof ExamRefusal) return new HttpProblem(error.code, error.message);
  if (error instanceof IngestError && error.reason === 'busy')
    return new HttpProblem('SERVER_BUSY', error.message, { retryAfterSeconds: busySeconds });
  if (isTemporary(error))
    return new HttpProblem('STORE_UNAVAILABLE', error.message, { retryAfterSeconds: retrySeconds });
  if (error instanceof IngestError && error.reason === 'too_many_sessions') {
    return new HttpProblem('RATE_EXCEEDED', error.message, { retryAfterSeconds: 3600 });
  }
  if (error instanceof IngestError) return new HttpProblem('INVALID_MESSAGE', error.message);
  return parserProblemOf(error);
};

/** The error handler of the application: sends every error as an RFC 9457 problem, without internals. */
export const answerProblems =
  (log: Logger, addresses: Pick<AddressLimits, 'answerRefused'>): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      // Express closes the connection, so that the client does not mistake the truncated body for a complete one.
      log.error({ event: 'http.cut_off', error });
      return next(error);
    }
    const problem = problemOf(error);
    if (problem === null) {
      log.error({ event: 'http.failed', error });
      return sendProblem(response, 500, 'INTERNAL', 'internal error; see the server log', null);
    }
    if (problem.retryAfterSeconds !== null) response.set('Retry-After', String(problem.retryAfterSeconds));
    if (problem.code === 'AUTH_FAILED') response.set('WWW-Authenticate', 'Bearer');
    const status = statusOf[problem.code];
    log.debug({ event: 'http.refused', status, code: problem.code });
    const send = (): void => sendProblem(response, status, problem.code, problem.message, problem.field);
    if (status < 500) addresses.answerRefused(request, send);
    else send();
  };
