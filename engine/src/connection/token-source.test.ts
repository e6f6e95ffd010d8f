import { expect, test } from 'vitest';
import { askToken, rememberToken, tokenExpiryMs } from './token-source.ts';

const tokenWith = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

test('reads when a token expires', () => {
  expect(tokenExpiryMs(tokenWith({ exp: 1_900_000_000, name: 'Ünïcödé ÿ?>' }))).toBe(1_900_000_000_000);
  expect(tokenExpiryMs(tokenWith({}))).toBeNull();
  expect(tokenExpiryMs('opaque')).toBeNull();
  expect(tokenExpiryMs('a.b.c')).toBeNull();
});

test('calls a function each time, and remembers the last answer', async () => {
  let asked = 0;
  const token = rememberToken(async () => `token-${++asked}`);
  expect(token.last()).toBeNull();
  expect(await askToken(token.source)).toBe('token-1');
  expect(await askToken(token.source)).toBe('token-2');
  expect(token.last()).toBe('token-2');
  expect(await askToken(undefined)).toBeNull();
});
