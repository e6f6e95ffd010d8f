export const roles = ['STUDENT', 'TEACHER', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** The user of a request or a connection. */
export interface Principal {
  userId: string;
  role: Role;
  /** The session that a session token is for; null for a user's own token. */
  sessionId: string | null;
  /** The exam of that session, or of a personal link, which gives access to this exam only. */
  examId: string | null;
  /** When connections opened with the token must close, milliseconds since the Unix epoch; null if the token does not expire. */
  expiresAtMs: number | null;
  /** When the issuer of a user's own token says it was issued, milliseconds since the Unix epoch. */
  issuedAtMs?: number;
  /** Aborted when this member of staff signs out, which closes their connections. */
  signedOut?: AbortSignal;
  /** False for a session token issued to a teacher: it cannot submit work or contest as the student. */
  mayAnswer?: false;
  /** For the token of a phone that is the session's camera: the link that it came by. It may send frames and nothing else. */
  cameraLinkId?: string;
}

/** The owner of the budget that the user's connections spend. Null (unlimited) for admins, who operate the server. */
export const ownerOf = ({ role, userId }: Pick<Principal, 'role' | 'userId'>): string | null =>
  role === 'ADMIN' ? null : userId;
