import { answerOf } from './answer.ts';
import type { Answer } from './answer.ts';
import { apiWith, sessionApi } from './api.ts';
import type { Notice } from './student-api.ts';

export type PhoneState = 'none' | 'waiting' | 'opened' | 'connected' | 'lost';

export interface CameraStatus {
  phone: PhoneState;
  /** Whether the session still runs. */
  isRunning: boolean;
}

const path = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

/** @returns the link's address, for a QR code */
export const createCameraLink = (sessionId: string): Promise<Answer<string>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/session/{session_id}/camera-link', path(sessionId)),
    ({ path: link }) => new URL(link, location.origin).href,
  );

export const fetchCamera = (sessionId: string): Promise<Answer<CameraStatus>> =>
  answerOf(
    sessionApi(sessionId).GET('/api/v1/session/{session_id}/camera', path(sessionId)),
    ({ phone, session_status: status }) => ({ phone, isRunning: status === 'running' }),
  );

export interface JoinedSession {
  sessionId: string;
  /** Can send the session's readings, and nothing else. */
  token: string;
  notice: Notice | null;
}

/** Uses up a link's code. */
export const joinAsCamera = (code: string): Promise<Answer<JoinedSession>> =>
  answerOf(
    apiWith(null).POST('/api/v1/camera/join', { body: { code } }),
    ({ session_id: sessionId, token, notice }) => ({ sessionId, token, notice }),
  );
