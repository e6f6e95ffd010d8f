import { createApiClient } from '@invigil/protocol/client';
import type { ApiClient } from '@invigil/protocol/client';
import { staffToken } from '../sign-in/staff-token.ts';
import { linkOf } from '../sessions/personal-link.ts';
import { addBrowserKeys, isInSafeExamBrowser } from './safe-exam-browser.ts';
import { tokenOf } from '../sessions/session-token.ts';

const requestTimeoutMs = 20_000;

/** The typed client of the server that serves this page. */
export const apiWith = (token: string | null): ApiClient =>
  createApiClient({
    baseUrl: location.origin,
    token,
    fetch: async (request) => {
      if (isInSafeExamBrowser()) await addBrowserKeys(request.headers);
      return fetch(request, { signal: AbortSignal.timeout(requestTimeoutMs) });
    },
  });

/** With the token of the teacher who signed in in this tab. */
export const staffApi = (): ApiClient => apiWith(staffToken());

/** As the exam's student: with the session's token if this tab has started it, otherwise with the personal link. */
export const studentApi = (examId: string, sessionId: string | null): ApiClient =>
  apiWith((sessionId === null ? null : tokenOf(sessionId)) ?? linkOf(examId));

/** With the session's own token if this tab has started it, otherwise with the teacher's. */
export const sessionApi = (sessionId: string): ApiClient => apiWith(tokenOf(sessionId) ?? staffToken());
