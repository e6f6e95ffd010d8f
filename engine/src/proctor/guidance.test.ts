import { expect, test } from 'vitest';
import { noGuidance, stepGuidance } from './guidance.ts';
import type { Guidance } from './guidance.ts';

const said = (id: string, text = 'Hello'): Parameters<typeof stepGuidance>[1] => ({
  type: 'proctor_message',
  message_id: id,
  text,
  timestamp: '2026-01-01T10:00:00.000Z',
});

const after = (guidance: Guidance, ...messages: Parameters<typeof stepGuidance>[1][]): Guidance =>
  messages.reduce(stepGuidance, guidance);

test('collects messages, oldest first, with the server’s time', () => {
  const { messages } = after(noGuidance, said('a'), said('b', 'Please look up'));
  expect(messages).toEqual([
    { id: 'a', text: 'Hello', atMs: Date.UTC(2026, 0, 1, 10) },
    { id: 'b', text: 'Please look up', atMs: Date.UTC(2026, 0, 1, 10) },
  ]);
});

test('a message that the server repeats after a reconnection changes nothing', () => {
  const guidance = after(noGuidance, said('a'));
  expect(stepGuidance(guidance, said('a'))).toBe(guidance);
});

test('keeps the newest fifty', () => {
  const all = Array.from({ length: 60 }, (_, at) => said(`m-${at}`));
  const { messages } = after(noGuidance, ...all);
  expect(messages).toHaveLength(50);
  expect(messages[0]?.id).toBe('m-10');
  expect(messages.at(-1)?.id).toBe('m-59');
});

test('knows whether breaks are allowed, and notices only changes', () => {
  const allowed = stepGuidance(noGuidance, { type: 'breaks', allowed: true });
  expect(allowed.mayBreak).toBe(true);
  expect(stepGuidance(allowed, { type: 'breaks', allowed: true })).toBe(allowed);
  expect(stepGuidance(allowed, { type: 'breaks', allowed: false }).mayBreak).toBe(false);
});

test('does not modify the previous state', () => {
  after(noGuidance, said('a'), { type: 'breaks', allowed: true });
  expect(noGuidance).toEqual({ mayBreak: false, messages: [] });
});
