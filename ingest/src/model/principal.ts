export type Role = 'STUDENT' | 'TEACHER' | 'ADMIN';

/** Who asks. */
export interface Principal {
  userId: string;
  role: Role;
  /** The one session that a session token is for; null for a user's own token. */
  sessionId: string | null;
  /** The exam of that session. */
  examId: string | null;
  /** When the token ends; null where there is none. */
  expiresAtMs: number | null;
}
