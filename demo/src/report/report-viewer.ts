import { withSession } from '../sessions/session-in-address.ts';
import { tokenOf } from '../sessions/session-token.ts';

/** The role in which a report is read. The server decides what each may see, regardless of the address. */
export type Viewer = 'student' | 'staff';

/** `?as=…` of the address; otherwise a student if this tab has the session's own token. */
export const viewerInAddress = (sessionId: string | null): Viewer => {
  const asked = new URLSearchParams(location.search).get('as');
  if (asked === 'student' || asked === 'staff') return asked;
  return sessionId !== null && tokenOf(sessionId) !== null ? 'student' : 'staff';
};

export const reportAddress = (sessionId: string, viewer: Viewer): string =>
  new URL(`${withSession('/report/', sessionId)}&as=${viewer}`, location.href).href;
