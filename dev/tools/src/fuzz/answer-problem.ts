import type { CheckedAnswer, SeenAnswer } from '@invigil/testkit/described/answers';
import type { HttpAnswer, HttpRequest } from './http-client.ts';

/** Answers 503 because LiveKit is not configured here. */
const livekit = /\/webrtc\/livekit\//;

/** The problem with an answer, or null for an expected one. */
export const answerProblem = (
  { method, path }: HttpRequest,
  { status, contentType, text }: HttpAnswer,
  check: (answer: SeenAnswer) => CheckedAnswer | null,
): string | null => {
  if (status >= 500) {
    // HEAD has no body that could hold the reason.
    const isUnconfigured =
      status === 503 && (text.includes('NOT_CONFIGURED') || (method === 'HEAD' && livekit.test(path)));
    return isUnconfigured ? null : `answered ${status}`;
  }
  if (status === 431 || method === 'HEAD' || method === 'OPTIONS') return null;
  const found = check({ method, path, status, contentType, text });
  if (found !== null) return found.problem === null ? null : `${found.what}: ${found.problem}`;
  // Not a documented route: either an error, or one of the pages.
  return status < 400 || contentType?.startsWith('application/problem+json')
    ? null
    : `answered ${status} as ${contentType}`;
};
