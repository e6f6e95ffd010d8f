import { describe, expect, test } from 'vitest';
import { refreshingTokenSource } from './refreshing-token-source.ts';

const nowMs = 1_800_000_000_000;
const tokenUntil = (expiryMs: number): string => `h.${btoa(JSON.stringify({ exp: expiryMs / 1000 }))}.s`;

describe('the token of an element', () => {
  test('is the page’s token at the time of the attempt', async () => {
    let token = 'first';
    const ask = refreshingTokenSource(
      () => token,
      () => nowMs,
      () => expect.unreachable(),
    );
    expect(await ask()).toBe('first');
    token = 'second';
    expect(await ask()).toBe('second');
  });

  test('is requested from a function each time', async () => {
    let asked = 0;
    const source = async (): Promise<string> => `token-${++asked}`;
    const ask = refreshingTokenSource(
      () => source,
      () => nowMs,
      () => expect.unreachable(),
    );
    expect([await ask(), await ask()]).toEqual(['token-1', 'token-2']);
  });

  test('that has expired is reported to the page and not sent', async () => {
    let told = 0;
    const ask = refreshingTokenSource(
      () => tokenUntil(nowMs - 1000),
      () => nowMs,
      () => (told += 1),
    );
    await expect(ask()).rejects.toThrow('has expired');
    expect(told).toBe(1);
  });

  test('may be replaced while the page is notified', async () => {
    let token = tokenUntil(nowMs - 1000);
    const fresh = tokenUntil(nowMs + 60_000);
    const ask = refreshingTokenSource(
      () => token,
      () => nowMs,
      () => (token = fresh),
    );
    expect(await ask()).toBe(fresh);
  });
});
