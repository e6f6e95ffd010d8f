import { SignJWT } from 'jose';

export const jwtSecret = 'a secret of more than thirty-two characters';
const key = new TextEncoder().encode(jwtSecret);

/** A token with these claims. */
export const signToken = (claims: Record<string, unknown>, expires = '1h'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires).sign(key);

/** A user's token as documented: `{user_id, role, exp}`. */
export const tokenOf = (userId: string, role: 'STUDENT' | 'TEACHER' | 'ADMIN', expires = '1h'): Promise<string> =>
  signToken({ user_id: userId, role }, expires);

export const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
