import { SignJWT } from 'jose';
import type { Random } from './random.ts';

export const jwtSecret = 'fuzzing-needs-a-secret-of-thirty-two-characters';
const key = new TextEncoder().encode(jwtSecret);

export const tokenOf = (userId: string, role: 'TEACHER' | 'STUDENT' | 'ADMIN'): Promise<string> =>
  new SignJWT({ user_id: userId, role }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('2h').sign(key);

const base64 = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A valid token, tampered with. */
export const mutatedToken = (random: Random, token: string): string => {
  const [head = '', payload = '', signature = ''] = token.split('.');
  return random.pick([
    () => '',
    () => 'nonsense',
    () => `${head}.${payload}.`,
    () => `${base64({ alg: 'none' })}.${payload}.`,
    () => `${base64({ alg: 'HS256', crit: ['x'] })}.${payload}.${signature}`,
    () => `${base64({ alg: 'RS256', jwk: {} })}.${payload}.${signature}`,
    () => `${head}.${base64('{"__proto__":{"role":"ADMIN"}}')}.${signature}`,
    () => `${head}.${payload}.${signature.slice(0, -1)}`,
    () => `${token}.${token}`,
    () => token.slice(0, random.below(token.length)),
    () => 'x'.repeat(9000),
  ])();
};
