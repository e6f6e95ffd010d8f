/** A member of staff who is signed in. Removed when the session ends. */
interface StaffSessionsTable {
  /** SHA-256 of the cookie, base64url. */
  staff_session_id: string;
  user_id: string;
  role: string;
  issuer: string;
  /** The provider's own id of the user. */
  subject: string;
  /** The provider's id of its session (`sid`), for back-channel logout. */
  provider_session: string | null;
  /** For `id_token_hint` at sign-out. */
  id_token: string;
  created_at: string;
  expires_at: string;
}

export interface StaffSessionTables {
  staff_sessions: StaffSessionsTable;
}
