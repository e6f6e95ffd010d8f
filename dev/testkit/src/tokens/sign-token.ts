import { createHmac } from 'node:crypto';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token, HS256. */
export const signToken = (secret: string, claims: object, lifetimeS: number): string => {
  const nowS = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, iat: nowS, exp: nowS + lifetimeS })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
