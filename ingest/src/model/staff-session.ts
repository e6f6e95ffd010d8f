import type { Role } from './principal.ts';

/** A member of staff who signed in through an OpenID provider. Times are ISO 8601. */
export interface StaffSession {
  /** SHA-256 of the cookie, base64url. */
  id: string;
  userId: string;
  role: Exclude<Role, 'STUDENT'>;
  issuer: string;
  /** The provider's own id of the user. */
  subject: string;
  /** The provider's id of its session. */
  providerSession: string | null;
  idToken: string;
  createdAt: string;
  expiresAt: string;
}
