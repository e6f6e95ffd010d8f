import type { components } from '@invigil/protocol/client';
import type { BreakAction } from '@invigil/protocol/channels';
import { Replay } from '@invigil/protocol/report';
import type { Report, Review } from '@invigil/protocol/report';
import { rememberExam } from '../sessions/session-exam.ts';
import { rememberToken } from '../sessions/session-token.ts';
import { answerOf, noContent, nothing } from './answer.ts';
import type { Answer } from './answer.ts';
import { sessionApi, staffApi, studentApi } from './api.ts';

export type ReviewRequest = components['schemas']['ReviewRequest'];

const path = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

/** Starts a session and keeps its token in this tab. @returns the session's id. */
export const startSession = (examId: string, memberId: string): Promise<Answer<string>> =>
  answerOf(
    studentApi(examId, null).POST('/api/v1/session/start', { body: { exam_id: examId, member_id: memberId } }),
    ({ session_id: sessionId, token }) => {
      rememberToken(sessionId, token);
      rememberExam(sessionId, { examId, studentId: memberId });
      return sessionId;
    },
  );

/** The session's student and exam. */
export const fetchMembership = (
  sessionId: string,
): Promise<Answer<{ examId: string | null; memberId: string | null }>> =>
  answerOf(
    sessionApi(sessionId).GET('/api/v1/session/{session_id}', path(sessionId)),
    ({ exam_id: examId, member_id: memberId }) => ({ examId, memberId }),
    'unreachable',
  );

/** The request outlives the page that sent it. */
export const endSession = (sessionId: string): Promise<Answer<null>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/end', { ...path(sessionId), keepalive: true }),
    noContent,
  );

/** Shown beside the exam. A student who is not connected gets it after reconnecting. */
export const sendMessage = (sessionId: string, text: string): Promise<Answer<null>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/messages', { ...path(sessionId), body: { text } }),
    nothing,
  );

export const askBreak = (sessionId: string, action: BreakAction): Promise<Answer<null>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/break', { ...path(sessionId), body: { action } }),
    nothing,
  );

export const sendFlag = (sessionId: string, note: string): Promise<Answer<null>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/flags', { ...path(sessionId), body: { note } }),
    nothing,
  );

/** @param asStaff uses the teacher's token even if this tab has the session's own. */
export const fetchReport = async (sessionId: string, asStaff: boolean): Promise<Answer<Report>> => {
  const api = asStaff ? staffApi() : sessionApi(sessionId);
  const answer = await answerOf(api.GET('/api/v1/session/{session_id}/report', path(sessionId)), (report) => report);
  if (!answer.ok) return answer;
  // The same address serves other formats to clients that ask for them.
  if (typeof answer.value === 'string' || !('coverage' in answer.value))
    return { ok: false, problem: 'refused', detail: null };
  return { ok: true, value: answer.value };
};

/**
 * The readings of a session for a replay, which is usable before all of them have arrived.
 * @param asStaff as for `fetchReport` @param onReplay called with the readings so far: early, then at growing intervals, and at the end
 * @param fromMs only readings since this time, Unix epoch; absent: all
 */
export const fetchReplay = async (
  sessionId: string,
  asStaff: boolean,
  onReplay: (replay: Replay) => void,
  fromMs?: number,
): Promise<Answer<null>> => {
  const api = asStaff ? staffApi() : sessionApi(sessionId);
  let startMs = 0;
  const request = api.GET('/api/v1/session/{session_id}/replay', {
    params: { path: { session_id: sessionId }, query: fromMs === undefined ? {} : { from_ms: String(fromMs) } },
    parseAs: 'stream',
  });
  const answer = await answerOf(
    request.then((result) => {
      startMs = Number(result.response.headers.get('replay-start') ?? 0);
      return result;
    }),
    (body) => body,
  );
  if (!answer.ok) return answer;
  try {
    await readReplay(answer.value, startMs, onReplay);
    return { ok: true, value: null };
  } catch {
    return { ok: false, problem: 'unreachable', detail: null };
  }
};

const readReplay = async (
  body: ReadableStream<Uint8Array> | null,
  startMs: number,
  onReplay: (replay: Replay) => void,
): Promise<void> => {
  let bytes = new Uint8Array(2 ** 16);
  let length = 0;
  let shown = 0;
  const reader = body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) break;
    if (length + part.value.byteLength > bytes.byteLength) {
      const larger = new Uint8Array(2 * (length + part.value.byteLength));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(part.value, length);
    length += part.value.byteLength;
    if (length < 2 * shown) continue;
    shown = length;
    onReplay(new Replay(startMs, bytes.slice(0, length)));
  }
  onReplay(new Replay(startMs, bytes.subarray(0, length)));
};

/** For staff: the actions on a session, in order. */
export const fetchAudit = (sessionId: string) =>
  answerOf(staffApi().GET('/api/v1/session/{session_id}/audit', path(sessionId)), ({ audit }) => audit);

export type AuditEntry = Extract<Awaited<ReturnType<typeof fetchAudit>>, { ok: true }>['value'][number];

export const sendReview = (sessionId: string, review: ReviewRequest): Promise<Answer<Review>> =>
  answerOf(
    staffApi().PUT('/api/v1/session/{session_id}/review', { ...path(sessionId), body: review }),
    (saved) => saved,
  );

export const sendContest = (sessionId: string, observationId: string, text: string): Promise<Answer<Review>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/review/observations/{observation_id}/contest', {
      params: { path: { session_id: sessionId, observation_id: observationId } },
      body: { text },
    }),
    (review) => review,
  );

/** The student who owns a session; null if the server knows none or does not respond. */
export const memberOfSession = async (sessionId: string): Promise<string | null> => {
  const answer = await answerOf(staffApi().GET('/api/v1/session/{session_id}', path(sessionId)), (session) => session);
  return answer.ok ? answer.value.member_id : null;
};
