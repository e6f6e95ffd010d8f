import { isId } from '@invigil/protocol/frame';
import type { BreakAction } from '@invigil/protocol/channels';
import type { Report, Review, ReviewRequest } from '@invigil/protocol/report';
import { apiCall, readAs } from './api-call.ts';
import type { Answer } from './api-call.ts';
import { staffToken } from '../sign-in/staff-token.ts';
import { rememberToken, tokenOf } from '../sessions/session-token.ts';

export type { Answer } from './api-call.ts';

const pathOf = (sessionId: string, rest: string): string => `/api/v1/session/${encodeURIComponent(sessionId)}${rest}`;

/** The session's own token where this tab has sat in it, otherwise a teacher's. */
const call = (method: string, sessionId: string, rest: string, body?: unknown): Promise<Answer<unknown>> =>
  apiCall(method, pathOf(sessionId, rest), tokenOf(sessionId) ?? staffToken(), body);

/** Begins a sitting and remembers its token for this tab. */
export const startSession = async (examId: string, memberId: string): Promise<Answer<string>> => {
  const answer = await apiCall('POST', '/api/v1/session/start', null, { exam_id: examId, member_id: memberId });
  if (!answer.ok) return answer;
  const { session_id: sessionId, token } = answer.value as { session_id?: unknown; token?: unknown };
  if (!isId(sessionId)) return { ok: false, problem: 'refused', detail: null };
  if (typeof token === 'string') rememberToken(sessionId, token);
  return { ok: true, value: sessionId };
};

export const endSession = async (sessionId: string): Promise<Answer<null>> =>
  readAs(await call('POST', sessionId, '/end'), () => null);

/** Shown to the student beside the exam; somebody who is away gets it when they come back. */
export const sendMessage = async (sessionId: string, text: string): Promise<Answer<null>> =>
  readAs(await call('POST', sessionId, '/messages', { text }), () => null);

export const askBreak = async (sessionId: string, action: BreakAction): Promise<Answer<null>> =>
  readAs(await call('POST', sessionId, '/break', { action }), () => null);

export const sendFlag = async (sessionId: string, note: string): Promise<Answer<null>> =>
  readAs(await call('POST', sessionId, '/flags', { note }), () => null);

/** @param asStaff with the teacher's token, even where this tab has the session's own. */
export const fetchReport = async (sessionId: string, asStaff: boolean): Promise<Answer<Report>> =>
  readAs(
    asStaff
      ? await apiCall('GET', pathOf(sessionId, '/report'), staffToken())
      : await call('GET', sessionId, '/report'),
    (value) => value as Report,
  );

/** One line of what was done with a session. `at`: ISO 8601. */
export interface AuditEntry {
  at: string;
  actor: string;
  action: string;
  detail: Record<string, string> | null;
}

/** For staff. */
export const fetchAudit = async (sessionId: string): Promise<Answer<AuditEntry[]>> =>
  readAs(
    await apiCall('GET', pathOf(sessionId, '/audit'), staffToken()),
    (value) => (value as { audit: AuditEntry[] }).audit,
  );

export const sendReview = async (sessionId: string, review: ReviewRequest): Promise<Answer<Review>> =>
  readAs(await apiCall('PUT', pathOf(sessionId, '/review'), staffToken(), review), (value) => value as Review);

export const sendContest = async (sessionId: string, observationId: string, text: string): Promise<Answer<Review>> =>
  readAs(
    await call('POST', sessionId, `/review/observations/${encodeURIComponent(observationId)}/contest`, { text }),
    (value) => value as Review,
  );

/** The student who owns a session; null when the server does not know one or does not answer. */
export const memberOfSession = async (sessionId: string): Promise<string | null> => {
  const answer = await apiCall('GET', pathOf(sessionId, ''), staffToken());
  return answer.ok ? ((answer.value as { member_id?: string | null }).member_id ?? null) : null;
};
