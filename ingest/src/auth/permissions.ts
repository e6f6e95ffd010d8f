import type { Session } from '../sessions/session.ts';
import type { Principal } from './principal.ts';

/** What can be asked for. */
export type Action =
  /** Begin a session for a member. */
  | 'session.start'
  /** Send frames. */
  | 'session.send'
  /** Status, analysis and report. */
  | 'session.read'
  | 'session.end'
  /** A token for a room, in the name of a member. */
  | 'livekit.join';

/** Whose thing it is. */
export interface Owner {
  memberId: string | null;
  sessionId: string | null;
}

export const ownerOf = (session: Session): Owner => ({ memberId: session.memberId, sessionId: session.sessionId });

/** Who may do what. A student reaches what is their own; a session token its session alone. */
export const isAllowed = (principal: Principal, action: Action, owner: Owner): boolean => {
  const own =
    principal.sessionId === null
      ? owner.memberId !== null && principal.userId === owner.memberId
      : principal.sessionId === owner.sessionId;
  switch (principal.role) {
    case 'ADMIN':
      return true;
    case 'TEACHER':
      // Frames come from the student's own device, never from a teacher's.
      return action !== 'session.send';
    case 'STUDENT':
      return action === 'session.start' || action === 'livekit.join' ? own && principal.sessionId === null : own;
  }
};
