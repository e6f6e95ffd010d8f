import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { RefusedOrigins } from './refused-origins.ts';

let said: string[];
let nowMs: number;
let refused: RefusedOrigins;
beforeEach(() => {
  said = [];
  nowMs = 0;
  const log = pino({ level: 'warn' }, { write: (line) => void said.push(JSON.parse(line).origin) });
  refused = new RefusedOrigins(log, () => nowMs);
});

test('an origin that keeps knocking is said once in ten minutes', () => {
  for (; nowMs < 1_200_000; nowMs += 1000) refused.add('https://exam.example.org');
  expect(said).toEqual(['https://exam.example.org', 'https://exam.example.org']);
});

test('invented origins fill neither log nor memory, and another is said when their time is over', () => {
  for (let i = 0; i < 1000; i += 1) refused.add(`https://${i}.example.org`);
  expect(said).toHaveLength(20);
  nowMs = 600_000;
  refused.add(`https://${'x'.repeat(5000)}`);
  expect(said[20]).toHaveLength(200);
});

test('a program that names no origin is not said', () => {
  refused.add(undefined);
  expect(said).toEqual([]);
});
