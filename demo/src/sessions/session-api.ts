import { isId } from '@invigil/protocol';
import type { Report } from '@invigil/protocol';
import { rememberToken, tokenOf } from './session-token.ts';

/** What a call came to; problems are outcomes, not exceptions. */
export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; problem: 'unreachable' | 'unknown' | 'forbidden' | 'refused'; detail: string | null };

const requestLimitMs = 20_000;

const problemOf = (status: number): 'unknown' | 'forbidden' | 'refused' => {
  if (status === 404) return 'unknown';
  return status === 401 || status === 403 ? 'forbidden' : 'refused';
};

const call = async (
  method: string,
  path: string,
  sessionId: string | null,
  body?: unknown,
): Promise<Answer<unknown>> => {
  const token = sessionId === null ? null : tokenOf(sessionId);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestLimitMs),
    });
    text = await response.text();
  } catch {
    return { ok: false, problem: 'unreachable', detail: null };
  }
  let value: unknown = null;
  if (text !== '') {
    try {
      value = JSON.parse(text);
    } catch {
      return { ok: false, problem: 'refused', detail: null };
    }
  }
  if (response.ok) return { ok: true, value };
  const detail = (value as { detail?: unknown } | null)?.detail;
  return { ok: false, problem: problemOf(response.status), detail: typeof detail === 'string' ? detail : null };
};

/** Begins a sitting and remembers its token for this tab. */
export const startSession = async (examId: string, memberId: string): Promise<Answer<string>> => {
  const answer = await call('POST', '/api/v1/session/start', null, { exam_id: examId, member_id: memberId });
  if (!answer.ok) return answer;
  const { session_id: sessionId, token } = answer.value as { session_id?: unknown; token?: unknown };
  if (!isId(sessionId)) return { ok: false, problem: 'refused', detail: null };
  if (typeof token === 'string') rememberToken(sessionId, token);
  return { ok: true, value: sessionId };
};

export const endSession = async (sessionId: string): Promise<Answer<null>> => {
  const answer = await call('POST', `/api/v1/session/${sessionId}/end`, sessionId);
  return answer.ok ? { ok: true, value: null } : answer;
};

export const fetchReport = async (sessionId: string): Promise<Answer<Report>> => {
  const answer = await call('GET', `/api/v1/session/${sessionId}/report`, sessionId);
  return answer.ok ? { ok: true, value: answer.value as Report } : answer;
};
