import { afterEach, expect, test, vi } from 'vitest';
import { askTicket } from './session-ticket.ts';
import type { SessionTicket } from './session-ticket.ts';

afterEach(() => {
  vi.useRealTimers();
});

const asked = (answer: unknown): Promise<SessionTicket> => askTicket(async () => answer as SessionTicket);

test.each([{ sessionId: 's-1' }, { sessionId: 's-1', token: 't' }, { sessionId: 's-1', token: async () => 't' }])(
  'accepts %j',
  async (ticket) => {
    expect(await asked(ticket)).toBe(ticket);
  },
);

test.each([null, undefined, '<html>', {}, { login: 'required' }, { sessionId: 7 }])(
  'rejects %j, and says what is missing',
  async (answer) => {
    await expect(asked(answer)).rejects.toThrow('the session function returned no sessionId');
  },
);

test('rejects after 30 s without an answer', async () => {
  vi.useFakeTimers();
  const silent = askTicket(() => new Promise(() => undefined));
  const outcome = silent.catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await outcome).toBe('the session function gave no answer within 30000 ms');
});
